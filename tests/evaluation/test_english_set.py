"""The committed translations: each with its id, and no word of the Chinese questions."""

from __future__ import annotations

import re

import pytest

from evaluation.judged import load_judged
from evaluation.reading import read_json_lines
from ingest.home import PROJECT_DIR

FOLDER = PROJECT_DIR / "evaluation" / "sets" / "english"
CJK = re.compile(r"[\u3400-\u9fff]")


@pytest.mark.parametrize(("name", "count"), [("policy-qa", 60), ("policy-qa-2-tune", 30), ("policy-qa-2-report", 30)])
def test_questions_are_translated_and_none_is_given_away(name: str, count: int) -> None:
    rows = list(read_json_lines(FOLDER / f"{name}.jsonl"))
    assert len({row.identifier("_id") for row in rows}) == len(rows) == count
    assert all(set(row.fields) == {"_id", "text"} for row in rows)
    assert not [row.line for row in rows if CJK.search(row.identifier("text"))]


def test_the_halves_share_no_question() -> None:
    ids = [
        row.identifier("_id")
        for name in ("policy-qa", "policy-qa-2-tune", "policy-qa-2-report")
        for row in read_json_lines(FOLDER / f"{name}.jsonl")
    ]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("folder", ["plan", "shipped"])
def test_english_judged_questions_keep_the_judgement_of_the_chinese(folder: str) -> None:
    chinese = {each.question_id: each for each in load_judged([FOLDER.parent / folder / "dev.jsonl"])}
    asked = load_judged([FOLDER / folder])
    assert len(asked) >= 16
    for each in asked:
        original = chinese[each.question_id.removeprefix(f"en-{folder}-")]
        assert not CJK.search(each.question)
        assert (each.answered, each.locators, each.also_ok) == (original.answered, original.locators, original.also_ok)
