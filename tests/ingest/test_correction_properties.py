"""Whatever is corrected, no character of a document is lost or doubled, and undoing gives the old reading back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.anchors import Squeezed
from ingest.correcting import corrected, new_correction
from ingest.corrections import Change, Correction, Ends, Heading, NotHeading, checked
from ingest.errors import InputError
from ingest.markers import FAMILIES
from ingest.parsing import parse_file, parse_text
from ingest.records import ParsedDocument

GOLDEN = Path(__file__).parents[1] / "golden"
TEXTS = sorted([*GOLDEN.glob("*.txt"), *GOLDEN.glob("*.md")])
LINES = st.sampled_from(
    [
        "一、总体要求", "二、具体任务以此为准", "（一）加强演练", "（二）加强检查", "1.每年演练。", "2.及时上报。",
        "第一章 总则", "第一条 为了安全，制定本办法。", "第二条 学校应当：", "附件1", "①清点人数", "加强宣传",
        "下列材料：", "需要说明：", "2024年是关键一年。", "1.1 目的依据说明", "各单位要高度重视，1.抓好落实。",
    ]
)  # fmt: skip
READINGS: dict[Path, ParsedDocument] = {}


def reading(path: Path) -> ParsedDocument:
    if path not in READINGS:
        READINGS[path] = parse_file(path)
    return READINGS[path]


def covers_once(parsed: ParsedDocument) -> bool:
    spans = sorted(
        [*((c.span.start, c.span.end) for c in parsed.clauses), *((s.start, s.end) for s in parsed.leavings)]
    )
    ends = [0, *(end for _, end in spans)]
    return [start for start, _ in spans] == ends[:-1] and ends[-1] == len(parsed.source)


def changes(source: str, offset: int) -> st.SearchStrategy[Change]:
    numerals = st.sampled_from(["", "一", "3", "十二", "1.2", "5之一"])
    under = st.none() | st.sampled_from(["", *FAMILIES])
    headings = st.builds(Heading, st.sampled_from(list(FAMILIES)), numerals, under)
    ends = st.integers(1, 30).map(lambda length: Ends(source[offset : offset + length] or "。"))
    return st.just(NotHeading()) | headings | ends


def draw_corrections(data: st.DataObject, parsed: ParsedDocument) -> list[Correction]:
    starts = [clause.span.start for clause in parsed.clauses] or [0]
    places = st.sampled_from(starts) | st.integers(0, len(parsed.source.rstrip()) - 1)
    made = []
    for number, offset in enumerate(data.draw(st.lists(places, min_size=1, max_size=5)), 1):
        try:
            change = checked(data.draw(changes(parsed.source, offset)))
        except InputError:  # 1.2 is no number of the family 一、
            continue
        made.append(Correction(Squeezed(parsed.source).anchor(offset), change, number))
    return made


def check(parsed: ParsedDocument, made: list[Correction]) -> None:
    after = corrected(parsed, made)
    assert after.source == parsed.source
    assert covers_once(after)
    assert all(clause.text == after.source[clause.span.start : clause.span.end] for clause in after.clauses)
    assert len({clause.clause_id for clause in after.clauses}) == len(after.clauses)
    told = [notice for notice in after.notices if notice.kind in ("corrected", "lapsed")]
    assert sorted(int(notice.subject) for notice in told) == [each.number for each in made]
    assert corrected(after, made) == after
    undone = corrected(after, [])
    assert (undone.clauses, undone.notices, undone.leavings) == (parsed.clauses, parsed.notices, parsed.leavings)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_golden_text_is_covered_once_with_any_corrections(path: Path, data: st.DataObject) -> None:
    parsed = reading(path)
    check(parsed, draw_corrections(data, parsed))


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(LINES, min_size=2, max_size=14), data=st.data())
def test_a_random_text_is_covered_once_with_any_corrections(lines: list[str], data: st.DataObject) -> None:
    parsed = parse_text("某市校园安全工作方案\n" + "\n".join(lines), source_file="方案.txt", sha256="0" * 64)
    check(parsed, draw_corrections(data, parsed))


def test_there_is_nothing_to_correct_after_the_last_word() -> None:
    parsed = reading(TEXTS[0])
    with pytest.raises(InputError, match="后面没有文字"):
        new_correction(parsed, len(parsed.source), NotHeading(), "")
