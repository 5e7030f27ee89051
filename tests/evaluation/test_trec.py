"""TREC runs: written and read alike, refused by message with file, line and id."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.beir import BeirFolder, Passage
from evaluation.trec import check_writable, read_trec, write_trec
from ingest.errors import InputError

FOLDER = BeirFolder(
    (Passage("p1", "", "一"), Passage("p2", "", "二")), {"q1": "问", "q2": "不评"}, {"q1": {"p1": 1}}, Path("test.tsv")
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_trec(tmp_path / "run", {"q1": {"p2": 1.0, "p1": 2.5}}, "hybrid")
    assert (tmp_path / "run").read_text(encoding="utf-8") == "q1 Q0 p1 1 2.5 hybrid\nq1 Q0 p2 2 1 hybrid\n"
    assert read_trec(tmp_path / "run", FOLDER) == {"q1": {"p1": 2.5, "p2": 1.0}}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_queries_without_a_judgement_are_left_out(tmp_path: Path) -> None:
    write_trec(tmp_path / "run", {"q1": {"p1": 1.0}, "q2": {"p1": 1.0}}, "x")
    assert read_trec(tmp_path / "run", FOLDER) == {"q1": {"p1": 1.0}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "run 里没有结果"),
        ("q1 Q0 p1 1 2.5\n", "run 第 1 行有 5 列"),
        ("q1 Q0 p1 1 high x\n", "run 第 1 行（问题 q1）：分是“high”"),
        ("q1 Q0 p1 1 nan x\n", "run 第 1 行（问题 q1）：分是“nan”"),
        ("q1 Q0 p1 1 2 x\nq7 Q0 p1 1 2 x\n", "run 第 2 行：问题编号 q7 不在这套问题里"),
        ("q1 Q0 p9 1 2 x\n", "run 第 1 行：段落编号 p9 不在这个语料里"),
        ("q1 Q0 p1 1 2 x\nq1 Q0 p1 2 1 x\n", "run 第 2 行：问题 q1 的段落 p1 重复"),
    ],
)
def test_a_malformed_run_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "run").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_trec(tmp_path / "run", FOLDER)


def test_what_could_not_be_written_is_refused_before(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有文件夹 .*none"):
        check_writable(tmp_path / "none" / "run", FOLDER)
    with pytest.raises(InputError, match="是文件夹"):
        check_writable(tmp_path, FOLDER)
    spaced = BeirFolder((Passage("p 1", "", "一"),), {"q1": "问"}, {"q1": {"p 1": 1}}, Path("test.tsv"))
    with pytest.raises(InputError, match="编号“p 1”里有空白"):
        check_writable(tmp_path / "run", spaced)
    with pytest.raises(InputError, match="没有这个文件"):
        read_trec(tmp_path / "none", FOLDER)
