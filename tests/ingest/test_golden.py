"""Every text in ``tests/golden`` parses to the clauses of the JSON file beside it; adding a pair adds a test.

``python tests/ingest/test_golden.py`` writes the JSON of texts that have none, to be read and corrected by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.parsing import parse_file

FOLDER = Path(__file__).parent.parent / "golden"
TEXTS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".txt", ".md"))


def shown(path: Path) -> dict[str, Any]:
    parsed = parse_file(path)
    document = parsed.document
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "facts": [document.doc_number, document.issuer, document.issued_on, document.effective_on, document.rank],
        "clauses": [
            {
                "locator": clause.locator,
                "id": clause.clause_id.removeprefix(document.doc_id + "."),
                "kind": clause.kind,
                "breadcrumb": " > ".join(clause.breadcrumb),
                "body": clause.text[clause.body_start :],
                "lead_in": clause.lead_in,
            }
            for clause in parsed.clauses
        ],
        "notices": [f"{notice.kind} {notice.subject}".strip() for notice in parsed.notices if notice.kind != "removed"],
    }


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_golden(path: Path) -> None:
    expected = json.loads(path.with_suffix(path.suffix + ".json").read_text(encoding="utf-8"))
    assert shown(path) == expected


if __name__ == "__main__":
    for text in TEXTS:
        target = text.with_suffix(text.suffix + ".json")
        if not target.exists():
            target.write_text(json.dumps(shown(text), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
