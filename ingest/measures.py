"""What a sentence states beside its demand: how often, how much, by when, who leads, in which case, except what.

Takes one sentence, gives the stretches that state a field, by the patterns of ``corpus/tables/measures.toml``. Only
the case at the head of a sentence ("情节严重的，…") is found without a pattern: it may run over several parts, and its
end is the last of them that ends in 的.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest import tables
from ingest.records import Span

MEASURED = ("frequency", "quantity", "deadline")
UNITS = ("lead_units", "support_units")
LIMITS = ("condition", "exception")
SANCTION = "sanction"
_PART = re.compile(r"[^，,；;：:]+[，,；;：:]?")
_LONGEST_CASE = 4  # parts before the first that ends in 的; what starts later is no case of the whole sentence
# Levels of government before the unit that they share: "市、县（市、区）教育部门" is one name.
_LEVELS = re.compile(r"^(?:设区的)?(?:[省市县区州乡镇]|自治[区州县旗]|直辖市|（[市区县、]+）|[和及、])+$")
_UNIT_CUT = re.compile(
    r"[、，,](?![^（）]*）)|(?<=[部门府关位会构织体局厅署委院校司社团])(?:以?及|和|与)(?=..)|等和|等及"
)
_UNIT_TAIL = re.compile(
    r"(?:等(?:有关|相关)?(?:部门|单位|机构|方面|组织)?(?:和(?:有关)?单位)?|按(?:照)?职责分工|在职责范围内|分别|共同)+$"
)
_UNIT_HEAD = re.compile(r"^(?:原则上|主要|将|拟|可以|应当|具体|一般|请|由|经)+")


def measures_in(sentence: str, field: str) -> list[Span]:
    """The stretches of ``sentence`` that state ``field``, in order, none overlapping another."""
    if field == "condition":
        case = case_of(sentence)
        taken = [case] if case else []
    else:
        taken = []
    for span in sorted(_matches(sentence, field), key=lambda span: (span.start, -span.end)):
        if all(span.start >= other.end or span.end <= other.start for other in taken):
            taken.append(span)
    parts = (part for span in taken for part in (_units(sentence, span) if field in UNITS else [span]))
    return sorted(dict.fromkeys(parts), key=lambda span: span.start)


def measure_of(sentence: str, field: str) -> str | None:
    """All words of ``sentence`` that state ``field``, joined by "；"; ``None`` where there are none."""
    return "；".join(sentence[span.start : span.end] for span in measures_in(sentence, field)) or None


def case_of(sentence: str) -> Span | None:
    """The case that the head of ``sentence`` states: all parts up to the last that ends in 的."""
    end = None
    for number, part in enumerate(_PART.finditer(sentence)):
        words = part.group().rstrip("，,；;：:")
        closed = part.group() != words
        if words.endswith("的") and closed:
            end = part.start() + len(words)
        elif end is not None or number + 1 >= _LONGEST_CASE or tables.plain_modal().search(words):
            break
    if end is None:
        return None
    start = len(sentence) - len(sentence.lstrip(" \n\u3000"))
    starts = [start, sentence[:end].rfind("：") + 1]
    starts += [span.end + 1 for span in _matches(sentence, "exception") if span.start <= start and span.end < end]
    return Span(max(starts), end)


def _matches(sentence: str, field: str) -> Iterator[Span]:
    for pattern in tables.measures()[field].patterns:
        for match in pattern.finditer(sentence):
            yield Span(*(match.span("unit") if "unit" in match.groupdict() else match.span()))


def _units(sentence: str, span: Span) -> Iterator[Span]:
    """The single units of a list of them, without the words around ("教育部、文化和旅游部等")."""
    start = span.start
    for cut in (*_UNIT_CUT.finditer(sentence, span.start, span.end), None):
        end = cut.start() if cut else span.end
        text = sentence[start:end]
        if cut and _LEVELS.match(text):
            continue
        head = _UNIT_HEAD.match(text)
        first = start + (head.end() if head else 0)
        tail = _UNIT_TAIL.search(sentence[first:end])
        last = first + tail.start() if tail else end
        if last - first >= 2 and not tables.no_units().match(sentence[first:last]):
            yield Span(first, last)
        start = cut.end() if cut else end
