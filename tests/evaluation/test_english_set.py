"""The committed translations: sixty, each with its id, and no word of the Chinese questions."""

from __future__ import annotations

import re

from evaluation.reading import read_json_lines
from ingest.home import PROJECT_DIR

FILE = PROJECT_DIR / "evaluation" / "sets" / "english" / "policy-qa.jsonl"


def test_sixty_questions_are_translated_and_none_is_given_away() -> None:
    rows = list(read_json_lines(FILE))
    assert len({row.identifier("_id") for row in rows}) == len(rows) == 60
    assert all(set(row.fields) == {"_id", "text"} for row in rows)
    assert not [row.line for row in rows if re.search(r"[\u3400-\u9fff]", row.identifier("text"))]
