"""Sizes: their texts, made vectors, waiting times, and one small size from nothing with a stand-in for the model."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import evaluation.__main__ as command
from evaluation import scale, scale_probe
from evaluation.beir import BeirFolder, Passage
from evaluation.clients import Latency, latency
from evaluation.scale import Size, run_child
from evaluation.scale_report import sizes_text
from evaluation.scale_texts import MadeVectors, RepeatedWords, passages_of_size, questions_for, read_sizes
from index.segmentation import Segmenter
from ingest.errors import InputError
from ingest.home import Home
from ingest.progress import Silent

FOLDER = BeirFolder(
    (Passage("a", "办法", "学校应当开课。"), Passage("b", "", "企业应当招工。")),
    {"q": "学校做什么"},
    {"q": {"a": 1}},
    Path("dev.tsv"),
)


class ThreeEncoder:
    fingerprint = "three-1"
    dimension = 3

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.tile(np.array([[1, 0, 0]], dtype=np.float32), (len(texts), 1))

    encode_passages = encode_queries


@pytest.mark.parametrize(("text", "sizes"), [("5k", (5000,)), ("1M, 300,25k", (300, 25_000, 1_000_000)), ("7,7", (7,))])
def test_sizes_are_read(text: str, sizes: tuple[int, ...]) -> None:
    assert read_sizes(text) == sizes


@pytest.mark.parametrize("text", ["", "0", "5kk", "5k,", "-3", "1.5m"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="不是条款数"):
        read_sizes(text)


@pytest.mark.parametrize("folder", [FOLDER, None])
def test_passages_of_any_size_are_all_different(folder: BeirFolder | None) -> None:
    passages = passages_of_size(7, folder)
    assert len({each.passage_id for each in passages}) == len({(each.title, each.text) for each in passages}) == 7
    assert passages == passages_of_size(9, folder)[:7] or folder is None


def test_real_text_comes_first_and_is_repeated_under_other_titles() -> None:
    passages = passages_of_size(5, FOLDER)
    assert passages[:2] == list(FOLDER.corpus)
    assert [(each.title, each.text[:2]) for each in passages[2:]] == [
        ("办法（第2遍）", "学校"),
        ("0（第2遍）", "企业"),
        ("办法（第3遍）", "学校"),
    ]


def test_lines_that_are_cut_once_give_the_words_of_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, repeated = Segmenter(), RepeatedWords()
    texts = ["办法（第2遍）\n学校应当开课。\n\n每年3次", "办法（第3遍）\n学校应当开课。\n\n每年3次", ""]
    wanted = [plain.tokens(text) for text in texts]
    cut: list[str] = []
    monkeypatch.setattr(Segmenter, "tokens", lambda self, text: cut.append(text) or text.split())
    for text in texts:
        repeated.tokens(text)
    assert sorted(cut) == ["", "办法（第2遍）", "办法（第3遍）", "学校应当开课。", "每年3次"]
    monkeypatch.undo()
    assert [RepeatedWords().tokens(text) for text in texts] == wanted


def test_questions_are_the_folders_own_then_pieces_of_passages() -> None:
    assert questions_for(FOLDER.corpus, FOLDER, 9)[0] == "学校做什么"
    assert set(questions_for(FOLDER.corpus, FOLDER, 9)[1:]) == {"学校应当开课。", "企业应当招工。"}
    assert len(questions_for(FOLDER.corpus, FOLDER, 2)) == 2


def test_made_vectors_are_of_length_1_and_the_same_for_the_same_text() -> None:
    encoder = MadeVectors(ThreeEncoder())
    vectors = encoder.encode_passages(["一", "二", "一"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])
    assert (vectors[0] == vectors[2]).all() and (vectors[0] != vectors[1]).any()
    assert (encoder.encode_queries(["问"]) == ThreeEncoder().encode_queries(["问"])).all()


def test_clients_ask_at_once_and_every_question_once() -> None:
    asked: list[str] = []
    together = threading.Barrier(4, timeout=10)

    def ask(question: str) -> None:
        asked.append(question)
        together.wait()

    found = latency(ask, ["一", "二", "三", "四"], clients=4)
    assert sorted(asked) == sorted(["一", "二", "三", "四"])
    assert (found.clients, found.questions) == (4, 4)
    one = latency(lambda _: time.sleep(0.002), ["一", "二"])
    assert 0.002 <= one.p50 <= one.p95 and one.a_second <= 1 / 0.002


def test_a_size_is_built_opened_asked_and_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.encoder.open_encoder", lambda home, progress: ThreeEncoder())
    job: dict[str, Any] = {
        "size": 230,
        "texts": "",
        "home": str(tmp_path / "kb"),
        "model_home": "",
        "made_vectors": True,
    }
    job["questions"] = scale._questions(230, None)
    built = scale_probe._build(job)
    served = scale_probe._serve(job, time.time())
    size = scale._size(230, True, json.loads(json.dumps(built | served)))
    assert size.one_client is not None and size.one_client.questions > 0
    assert size.many_clients is not None and size.many_clients.clients == 8
    assert size.answers is None and size.added is not None and size.disk is not None and size.disk > 0
    assert "230（向量为合成）" in sizes_text([size])


def test_a_child_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found, failed = run_child("evaluation.scale_probe", ["0", "build", str(tmp_path / "none.json")])
    assert found == {} and "none.json" in failed
    monkeypatch.setattr(scale, "run_child", lambda module, arguments: ({}, "内存不够"))
    (size,) = scale.measure_sizes([5], None, Home(tmp_path), made_vectors=False, progress=Silent())
    assert size == Size(5, False, "build：内存不够")
    assert "5 条没有测成。build：内存不够" in sizes_text([size])


def test_the_command_refuses_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["bench", "--rivals"]) == 1
    assert "--texts" in capsys.readouterr().err
    assert command.main(["bench", "--sizes", "many"]) == 1
    assert "不是条款数" in capsys.readouterr().err
    assert command.main(["bench", "--no-start", "--texts", str(tmp_path)]) == 1
    assert "里没有 corpus.jsonl" in capsys.readouterr().err


def test_a_waiting_time_is_told_in_milliseconds() -> None:
    line = sizes_text([Size(5, False, one_client=Latency(1, 2, 0.0123, 0.05, 80.0))]).splitlines()[1]
    assert "12.3/50.0" in line
