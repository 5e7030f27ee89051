"""Speed: the arithmetic, the record and the report. What a real start takes is not a test's business."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evaluation import probe
from evaluation.bench import Bench, QueryTimes, StartUp, bench_record, percentile, query_times
from evaluation.bench_report import bench_text
from evaluation.machine import UNKNOWN, Machine, commit, this_machine
from evaluation.page_speed import PageTimes
from evaluation.results import save
from ingest.errors import BadQuery
from ingest.records import Document
from qa.records import Answer

MACHINE = Machine("CPU", 2, 8.0, "Linux", "3.11.7", {"torch": "2.13.0"}, "abc123")
COLD = StartUp(1.0, 30.0, 31.5, {"model": 20.0, "corpus": 2.0, "embed": 7.0}, 900.0)
WARM = StartUp(1.0, 2.0, 2.25, {}, None)
QUERIES = QueryTimes(2, 0.02, 0.045, 0.05, "学校必须做什么")
BENCH = Bench(MACHINE, "e5", 1, 32, COLD, WARM, QUERIES, PageTimes(1.5, 3.25, 0.75), "")


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.5, 10), (0.95, 19), (0.951, 20), (1.0, 20), (0.0, 1)],
)
def test_a_percentile_is_an_observed_value(share: float, expected: int) -> None:
    assert percentile(range(1, 21), share) == expected


def test_a_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.95) == 7.0


class CountingEngine:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, question: str, /, *, doc_ids: Sequence[str] = ()) -> Answer:
        self.asked.append(question)
        if not question:
            raise BadQuery("问题是空的")
        return Answer(question, False, "没有", "", "refused")

    def documents(self) -> Sequence[Document]:
        return []


def test_each_question_is_asked_once_and_the_first_is_not_counted() -> None:
    engine = CountingEngine()
    times = query_times(engine, ["一", "", "二", "二"])
    assert engine.asked == ["一", "", "二"]
    assert times.questions == 2
    assert times.p50 <= times.p95 <= times.slowest


def test_a_single_question_is_counted() -> None:
    assert query_times(CountingEngine(), ["一"]).questions == 1


def test_stages_are_timed_from_the_progress_that_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 3.0, 3.0, 10.0])
    monkeypatch.setattr(probe.time, "monotonic", lambda: next(moments))
    clock = probe.StageClock()
    clock.begin("model", 10, "MB")
    clock.advance(10)
    clock.begin("embed", 1, "条")
    clock.end()
    clock.end()
    assert clock.stages == {"model": 3.0, "embed": 7.0}


def test_the_report_says_machine_times_and_units() -> None:
    text = bench_text(BENCH)
    for words in (
        "CPU，2 核，8.0 GiB",
        "提交 abc123",
        "30.0",
        "31.5",
        "model 20.0 秒",
        "第一个回答 3.2 秒",
        "p95 45 毫秒",
    ):
        assert words in text


def test_a_page_that_was_not_measured_says_why() -> None:
    unmeasured = Bench(MACHINE, "e5", 1, 32, COLD, WARM, QUERIES, None, "没有找到 Chromium")
    assert "没有找到 Chromium" in bench_text(unmeasured)


def test_a_result_is_saved_under_its_commit(tmp_path: Path) -> None:
    path = save(bench_record(BENCH), tmp_path / "results", "bench")
    assert path.name == "bench-abc123.json"
    assert json.loads(path.read_text(encoding="utf-8"))["page"]["first_answer"] == 3.25


def test_the_machine_tells_what_it_is(tmp_path: Path) -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert "numpy" in machine.packages
    assert commit(tmp_path) == UNKNOWN
