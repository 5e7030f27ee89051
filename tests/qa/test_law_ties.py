"""The table of words and the laws that they belong to."""

from __future__ import annotations

import pytest

from ingest import tables
from ingest.errors import TableError
from qa.law_ties import law_ties


def test_the_shipped_table_knows_the_law_of_a_word() -> None:
    ties = law_ties()
    assert max(ties["商标"], key=ties["商标"].__getitem__) == "商标法"
    assert all(0 < share <= 1 for laws in ties.values() for share in laws.values())


@pytest.mark.parametrize("line", ["商标\t商标法", "商标\t商标法\t很多"])
def test_a_bad_line_is_named(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setattr(tables, "text_lines", lambda name: ("公司\t公司法\t50", line))
    with pytest.raises(TableError, match="第 2 项.*evaluation ties"):
        law_ties.__wrapped__()
