"""Real pairs of versions: what is known of their amendments is found, and nothing is lost."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ingest.assembly import cited_locator
from ingest.home import Home
from qa.comparison.comparing import compare_texts
from qa.comparison.records import Comparison
from qa.comparison.texts import read_side

pytestmark = pytest.mark.realdata
PAIRS = (
    ("未成年人保护法(2020-10-17).md", "未成年人保护法(2024-04-26).md"),
    ("国防教育法(2018-04-27).md", "国防教育法(2024-09-13).md"),
    ("职业教育法(1996-05-15).md", "职业教育法(2022-04-20).md"),
    ("上海市实施《义务教育法》办法(2009-02-24).md", "上海市实施《义务教育法》办法(2024-09-27).md"),
)


def compared(realdata: Path, pair: tuple[str, str], tmp_path: Path) -> Comparison:
    folder = realdata / "documents" / "statutes-md"
    before, after = (read_side(str(folder / name), Home(tmp_path)) for name in pair)
    return compare_texts(before, after)


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[0][:6] for pair in PAIRS])
def test_nothing_of_a_real_pair_is_lost(pair: tuple[str, str], realdata: Path, tmp_path: Path) -> None:
    found = compared(realdata, pair, tmp_path)
    assert found.mode == "versions"
    for side in ("before", "after"):
        shown = Counter(getattr(each, side).clause_id for each in found.pairs if getattr(each, side))
        assert shown == Counter(clause.clause_id for clause in getattr(found, side).clauses)


def test_an_amendment_of_one_article(realdata: Path, tmp_path: Path) -> None:
    found = compared(realdata, PAIRS[0], tmp_path)
    changed = [each for each in found.pairs if each.kind == "changed" and not each.punctuation_only]
    assert [cited_locator(each.before) for each in changed if each.before] == ["第九条"]


def test_a_revision_with_new_numbers(realdata: Path, tmp_path: Path) -> None:
    """Read against both texts: these articles went on under these numbers in 2024."""
    found = compared(realdata, PAIRS[1], tmp_path)
    went = {cited_locator(p.before): cited_locator(p.after) for p in found.pairs if p.before and p.after}
    known = {
        "第四条": "第六条",
        "第五条": "第七条",
        "第十二条": "第十二条",
        "第十三条": "第十三条",
        "第十七条": "第二十一条",
        "第十八条": "第二十条",
        "第十九条": "第二十二条",
        "第二十条": "第二十三条",
        "第二十一条": "第二十四条",
        "第二十三条": "第二十七条",
        "第二十六条": "第二十九条",
        "第二十七条": "第三十条",
        "第三十二条": "第三十五条",
        "第三十三条": "第三十六条",
        "第三十五条": "第三十八条",
        "第三十八条": "第四十二条",
    }
    assert {old: went.get(old) for old in known} == known
    assert any(s.field == "modality" and (s.before, s.after) == ("可以", "应当") for p in found.pairs for s in p.shifts)
