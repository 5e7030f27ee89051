"""Other tools beside this product: those of the test environment rank in earnest, the others are told to be missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation import rival_probe, rivals
from evaluation.beir import BeirFolder, Passage
from evaluation.clients import Latency
from evaluation.rival_engines import ENGINES, OURS, Setting, _write_laws, text_of
from evaluation.rivals import Rival, _rival
from evaluation.scale_report import rivals_text

FOLDER = BeirFolder(
    (Passage("a", "办法", "学校应当开课。"), Passage("b", "", "企业应当招工。")),
    {"q1": "学校做什么", "q2": "企业做什么"},
    {"q1": {"a": 1}, "q2": {"b": 1}},
    Path("dev.tsv"),
)
FOUND: dict[str, Any] = {
    "build_seconds": 6.0,
    "one_client": {"clients": 1, "questions": 2, "p50": 0.03, "p95": 0.05, "a_second": 30.0},
    "many_clients": {"clients": 8, "questions": 2, "p50": 0.2, "p95": 0.3, "a_second": 40.0},
    "memory_mib": 900.0,
    "run": {"q1": {"a": 10.0}, "q2": {"a": 10.0, "b": 9.0}},
}


def test_quality_and_ratios_are_told() -> None:
    ours = Rival(OURS, build=2.0, one_client=Latency(1, 2, 0.01, 0.02, 100.0))
    rival = _rival("txtai", FOLDER, FOUND, ours)
    assert (rival.recall_at_5, rival.mrr_at_10) == (2 / 2, (1 + 1 / 2) / 2)
    assert (rival.build_ratio, rival.query_ratio) == (6.0 / 2.0, pytest.approx(0.03 / 0.01))
    assert (_rival(OURS, FOLDER, FOUND, None).build_ratio, _rival(OURS, FOLDER, FOUND, None).query_ratio) == (1, 1)
    text = rivals_text([rival, Rival("bm25s", "没有装好")])
    assert "3.00" in text and "bm25s 没有测成。没有装好" in text


def test_an_engine_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(passages: object, setting: object) -> Any:
        raise ImportError("No module named 'txtai'")

    monkeypatch.setitem(ENGINES, "txtai", missing)
    monkeypatch.setattr(rival_probe, "load_beir", lambda path: FOLDER)
    setting = {"model": "", "query_prefix": "", "passage_prefix": "", "dimension": 3, "model_home": ""}
    job = tmp_path / "job.json"
    job.write_text(json.dumps({"folder": "x", "scratch": str(tmp_path), "setting": setting}), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["rival_probe", "txtai", str(job)])
    assert rival_probe.main() == 1
    assert "requirements-bench.txt（No module named 'txtai'）" in capsys.readouterr().err


def test_every_query_is_ranked_though_not_every_one_is_timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "first", lambda passages, setting: lambda question, top_k: [0])
    monkeypatch.setattr(rival_probe, "load_beir", lambda path: FOLDER)
    monkeypatch.setattr(rival_probe, "MOST_QUESTIONS", 1)
    found = rival_probe._measure("first", tmp_path, Setting("", "", "", 3, "", tmp_path))
    assert found["run"] == {"q1": {"a": 10.0}, "q2": {"a": 10.0}}


def test_passages_are_entered_as_articles_in_force(tmp_path: Path) -> None:
    import sqlite3

    _write_laws(tmp_path / "laws.db", FOLDER.corpus)
    connection = sqlite3.connect(tmp_path / "laws.db")
    rows = connection.execute(
        "SELECT a.id, a.law_name, a.article_text FROM articles a JOIN laws l ON l.law_id = a.law_id "
        "WHERE a.status = '现行有效' AND l.doc_type = '法律' ORDER BY a.id"
    ).fetchall()
    connection.close()
    assert rows == [(0, "办法", "学校应当开课。"), (1, "", "企业应当招工。")]


def test_the_title_stands_above_the_text() -> None:
    assert [text_of(passage) for passage in FOLDER.corpus] == ["办法\n学校应当开课。", "企业应当招工。"]


def test_ours_is_measured_first_so_that_the_others_have_their_ratio() -> None:
    assert next(iter(rivals.ENGINES)) == OURS
