"""Two versions: the golden alignment, the changed words, what became stricter, and nothing left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.packed_model import Matrix
from ingest.assembly import cited_locator
from qa.comparison.comparing import compare_texts, mode_of
from qa.comparison.records import Comparison, Pair, Text
from qa.comparison.report import all_shifts
from tests.qa.comparison.conftest import GOLDEN_VERSIONS, text_of


@pytest.fixture(scope="module")
def comparison(old: Text, new: Text) -> Comparison:
    return compare_texts(old, new)


def articles(comparison: Comparison) -> list[Pair]:
    return [p for p in comparison.pairs if "条" in (p.before or p.after).locator]  # type: ignore[union-attr]


def at(comparison: Comparison, before: str) -> Pair:
    return next(p for p in comparison.pairs if p.before and cited_locator(p.before) == before)


def test_the_golden_alignment(comparison: Comparison) -> None:
    found = {
        cited_locator(p.before) if p.before else None: (cited_locator(p.after) if p.after else None, p.kind, p.movement)
        for p in articles(comparison)
    }
    assert found == GOLDEN_VERSIONS


def test_every_clause_of_both_sides_stands_once(comparison: Comparison, old: Text, new: Text) -> None:
    before = Counter(p.before.clause_id for p in comparison.pairs if p.before)
    after = Counter(p.after.clause_id for p in comparison.pairs if p.after)
    assert before == Counter(c.clause_id for c in old.clauses)
    assert after == Counter(c.clause_id for c in new.clauses)


def test_the_order_is_that_of_the_new_text(comparison: Comparison) -> None:
    orders = [p.after.order for p in comparison.pairs if p.after]
    assert orders == sorted(orders)


def test_changed_words(comparison: Comparison) -> None:
    changes = [(c.operation, c.words) for c in at(comparison, "第二条").changes if c.operation != "same"]
    assert changes == [("removed", "每年"), ("added", "每学期")]


def test_what_became_stricter_or_looser(comparison: Comparison) -> None:
    found = [(s.field, s.direction, s.before, s.after) for _, s in all_shifts(comparison) if s.field != "requirement"]
    assert found == [
        ("frequency", "tightened", "每年至少组织一次", "每学期至少组织一次"),
        ("modality", "tightened", "可以", "应当"),
        ("deadline", "tightened", "15个工作日内", "10个工作日内"),
        ("quantity", "loosened", "不少于2名", "不少于1名"),
    ]


def test_a_clause_without_partner_shows_the_nearest(comparison: Comparison) -> None:
    gone = at(comparison, "第八条")
    assert gone.kind == "removed" and gone.basis == "" and gone.confidence == 0.0
    assert [(s.field, s.direction) for s in gone.shifts] == [("requirement", "loosened")]
    assert gone.nearest is None or gone.nearest.likeness < 0.55


def test_the_same_text_is_the_same(old: Text) -> None:
    same = compare_texts(old, old)
    assert same.counts == {"changed": 0, "added": 0, "removed": 0, "same": len(old.clauses)}
    assert not list(all_shifts(same)) and not any(p.movement for p in same.pairs)


def test_punctuation_alone_is_said(old: Text) -> None:
    other = text_of("rule", "星河区校园管理办法\n\n第一条 为了规范校园管理,制定本办法。\n第二条 其他。\n")
    assert at(compare_texts(old, other), "第一条").punctuation_only


def test_a_requirement_that_moved_is_neither_tightened_nor_loosened() -> None:
    tail = "学校应当每年检查一次消防设施并且做好书面记录。"
    before = text_of("a", f"某办法\n\n第一条 学校要爱护树木，组织学生植树。{tail}\n第二条 教师按时到岗。\n")
    after = text_of("a", f"某办法\n\n第一条 学校要爱护树木，组织学生植树。\n第二条 教师按时到岗。{tail}\n")
    (shift,) = [shift for _, shift in all_shifts(compare_texts(before, after))]
    assert (shift.field, shift.direction, shift.before, shift.after) == ("requirement", "changed", tail, tail)


def test_meaning_pairs_what_words_do_not(toy_embed: Callable[[Sequence[str]], Matrix]) -> None:
    before = text_of("a", "某办法\n\n第一条 校园内禁止停放电动自行车。\n第二条 操场铺设跑道。\n第三条 食堂公示菜谱。\n")
    after = text_of(
        "b", "某办法\n\n第一条 饭堂须公布菜单价目。\n第二条 任何人不得把电瓶车驶入本校。\n第三条 新修操场一处。\n"
    )
    found = compare_texts(before, after, mode="levels", embed=toy_embed)
    pair = at(found, "第一条")
    assert pair.after and cited_locator(pair.after) == "第二条" and pair.basis == "meaning" and pair.confidence < 1
    assert at(compare_texts(before, after, mode="levels"), "第一条").kind == "removed"


def test_the_mode_is_found(old: Text, new: Text, upper: Text, lower: Text) -> None:
    assert mode_of(old, new) == "versions"
    assert mode_of(upper, lower) == "levels"


def numbered(words: Sequence[str]) -> str:
    return "某办法\n\n" + "".join(f"第{'一二三四五六'[n]}条 {each}\n" for n, each in enumerate(words))


WORDS = ("学校应当巡查。", "社区登记访客。", "教师参加培训。", "禁止吸烟。", "食堂公示价格。", "")


@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6)
)
def test_nothing_is_ever_lost_or_doubled(before: list[str], after: list[str]) -> None:
    one, other = text_of("x", numbered(before)), text_of("x", numbered(after))
    found = compare_texts(one, other, mode="versions")
    assert sorted(p.before.order for p in found.pairs if p.before) == [c.order for c in one.clauses]
    assert sorted(p.after.order for p in found.pairs if p.after) == [c.order for c in other.clauses]
