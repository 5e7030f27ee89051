"""Real documents that are not shipped: their outlines as a person checked them, lists of locators only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.parse import GOLDEN, measure_folder
from ingest.parsing import parse_file

OUTLINES = sorted(GOLDEN.glob("*/*.json"))

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("golden", OUTLINES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_outline_is_the_one_a_person_checked(realdata: Path, golden: Path) -> None:
    page = realdata / "documents" / golden.parent.name / f"{golden.stem}.html"
    locators = [clause.locator for clause in parse_file(page).clauses]
    assert locators == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", ["govcn", "tianhe", "statutes-md", "statutes-docx-pdf"])
def test_a_folder_keeps_what_was_reached(realdata: Path, folder: str) -> None:
    counted = "数目与清单相同"  # the list counts the coordinates of a border as numbers too, in one file
    measured = measure_folder(realdata / "documents" / folder)
    faults = [found for found in measured.checks if found.failures]
    assert [found for found in faults if counted not in found.name or found.of - found.held > 1] == []
