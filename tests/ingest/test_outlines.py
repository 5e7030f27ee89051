"""Outlines as offices write them: texts of ``tests/golden/outlines`` with the locators written below by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaluation.parse import uncovered
from ingest.parsing import parse_text

FOLDER = Path(__file__).parent.parent / "golden" / "outlines"


def cases() -> list[tuple[str, str, list[str]]]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            name, _, rest = part.partition("\n")
            text, expected = re.split(r"^--- *\n", rest, flags=re.M)
            found.append((name, text, expected.strip().split("\n")))
    return found


CASES = cases()


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_outline(text: str, expected: list[str]) -> None:
    parsed = parse_text(text, source_file="文件.txt", sha256="0" * 64)
    assert [clause.locator for clause in parsed.clauses] == expected
    assert uncovered(parsed) == ""
