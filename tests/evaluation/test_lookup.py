"""Every article asked for by law and number, and what is said of one that is not found first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evaluation.__main__ as command
from evaluation.lookup import SPELLINGS, lookup_text, measure_lookup, read_collection
from ingest.errors import InputError
from ingest.progress import Silent
from ingest.records import Step

LINES = (
    ("甲条例|1", "甲条例", "总的一条。"),
    ("甲条例|120-1", "甲条例", "后加的一条。"),
    ("刑法|9", "刑法", "短名的一条。"),
    ("乙通知#开头", "乙通知", "没有条号。"),
)


def write_corpus(folder: Path, lines: tuple[tuple[str, str, str], ...]) -> Path:
    rows = [json.dumps({"_id": name, "title": title, "text": text}) for name, title, text in lines]
    (folder / "corpus.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return folder


def test_all_spellings_find_each_article_first(tmp_path: Path) -> None:
    measured = measure_lookup(read_collection(write_corpus(tmp_path, LINES)), Silent())
    assert (measured.asked, measured.suffixed, measured.unnumbered) == (3, 1, 1)
    assert measured.first == dict.fromkeys(SPELLINGS, 3)
    assert measured.first_suffixed == dict.fromkeys(SPELLINGS, 1)
    assert not measured.failures


def test_spellings_are_those_people_use() -> None:
    step = Step("a", 1291, 2, "", "")
    assert [spell("某法", step) for spell in SPELLINGS.values()] == [
        "《某法》第一千二百九十一条之二",
        "某法第1291条之二",
        "某法第１２９１条之二",
        "某法1291条之二",
    ]


def test_a_number_used_twice_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    twice = (*LINES, ("另一处/9", "刑法", "同号的另一条。"))
    measured = measure_lookup(read_collection(write_corpus(tmp_path, twice)), Silent())
    assert measured.first == dict.fromkeys(SPELLINGS, 3)
    assert {failure.reason for failure in measured.failures} == {"同号的另一条在前"}
    assert "同号的另一条在前：4 次" in lookup_text(measured)


def test_a_corpus_without_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有带条号的条文"):
        read_collection(write_corpus(tmp_path, LINES[-1:]))


def test_the_command_gives_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["lookup", str(write_corpus(tmp_path, LINES)), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["asked"] == 3
