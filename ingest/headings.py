"""Where a heading ends and its paragraph begins.

A heading on its own line is the line. In a flattened text ("一、总体要求以习近平…") it is glued to its paragraph;
then these speak, strongest first: a word of the table ``headings.toml``, a member of an enumeration of the
document itself ("进机关、进企业、…"), the same words quoted right after ("进机关…创建“进机关”"), siblings that go on
with the same words, a short first sentence, a short label before a colon.

Takes the source and the stretches of the pieces, gives the end of each heading; nothing is cut or changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest import parser_tables
from ingest.healing import Healed
from ingest.markers import (
    BOOK,
    CHAPTER,
    DIVISION,
    HEADING,
    ITEM,
    NUMERAL,
    SECTION,
    SIDE_ITEM,
    SIDE_NUMERAL,
    SUBHEADING,
    Mark,
)

_ENDS = "。！？!?"
_LABEL = re.compile(r"([^，,。；;：:！？\n]{2,14})[：:](?=[^\n\s])")
_ANNOUNCES = re.compile(r"下列|如下|以下|包括|分别|其中|规定|修改|为$")
_BESIDE = {NUMERAL: SIDE_NUMERAL, ITEM: SIDE_ITEM, CHAPTER: HEADING, DIVISION: HEADING, BOOK: HEADING, SECTION: HEADING}
_OBLIGES = re.compile(
    r"应当|必须|不得|可以|有权|本法|本办法|本条例|[\u4e00-\u9fff](?<![主需首重将只简纪概提摘扼紧必])要(?![求点件素义领闻务旨害职道塞])"
)
_WITH_COMMA = 26  # characters: "坚持党建引领，健全工作机制"
_SPACED = re.compile(r"([^\s，,。；;：:！？]{2,24})[ \u3000]{1,4}(?=[\u4e00-\u9fff“《])")
_MEMBER = r"[^，,。；;：:、！？\s“”（）()《》]{2,14}"
_ENUMERATION = re.compile(rf"{_MEMBER}(?:、{_MEMBER}){{2,}}")
_MIN_SHARED = 7  # characters with which siblings go on
_MAX_GLUED = 14  # characters of a heading found by echo or siblings
_INNER = "，,。；;：:、“”（）()《》"
_ENOUGH_VOTES = 3
_MAX_LINE = 60  # characters of a heading on its own line


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words of one piece after its mark, its children aside."""

    start: int
    end: int
    group: int  # pieces of one parent and one family share a group
    has_children: bool


def heading_ends(source: str, stretches: Sequence[Stretch], enumerations: Sequence[tuple[str, ...]]) -> list[int]:
    """For each stretch the end of its heading, ``stretch.start`` where it has none."""
    shared = _shared_continuations(source, stretches)
    members = frozenset(member for members in enumerations for member in members)
    return [_heading_end(source, stretch, shared.get(stretch.group, ()), members) for stretch in stretches]


def find_enumerations(source: str) -> list[tuple[str, ...]]:
    """Enumerations of three or more short members that begin alike ("进机关、进企业、进社区"), in order.

    The first member is cut to where it begins like the others ("…创建进机关" counts as "进机关").
    """
    found = []
    for match in _ENUMERATION.finditer(source):
        members = match.group().split("、")
        starts = Counter(member[0] for member in members[1:])
        first, count = starts.most_common(1)[0]
        if count < len(members) - 1 or first not in members[0]:
            continue
        members[0] = members[0][members[0].rindex(first) :]
        found.append(tuple(member.removesuffix("等") for member in members))
    return found


def unnumbered_headings(healed: Healed, numbered: Mapping[int, str]) -> list[Mark]:
    """Marks for headings without a number: Markdown headings, and lines that are a word of ``headings.toml``.

    ``numbered`` maps the offsets of candidate marks to their families. A Markdown heading stands beside the numbered
    ones of its depth, below shallower ones.
    """
    depths = [(offset, depth) for offset, depth in healed.headings if offset > 0]
    families = {depth: numbered[offset] for offset, depth in reversed(depths) if offset in numbered}
    shallow = min(families, default=None)
    found: dict[int, str] = {}
    for offset, depth in depths:
        above = shallow is None or depth < shallow
        found[offset] = HEADING if above else _BESIDE.get(families.get(depth, ""), SUBHEADING)
    words = "|".join(parser_tables.heading_words().words)
    for match in re.finditer(rf"^[ \t\u3000]*((?:{words})[：:]?)[ \t\u3000]*$", healed.text, re.M):
        found.setdefault(match.start(1), SUBHEADING)
    counts: Counter[str] = Counter()
    marks = []
    for offset, code in sorted(found.items()):
        counts[code] += 1
        marks.append(Mark(offset, offset, code, counts[code], 0, "", "line"))
    return marks


def clean_title(words: str) -> str:
    """A heading's words as a breadcrumb shows them: no mark at the end, "总　则" as "总则"."""
    title = " ".join(words.split()).strip().rstrip("。：:；;，,、")
    return title.replace(" ", "") if re.fullmatch(r"\S( \S){1,4}", title) else title


def _heading_end(source: str, stretch: Stretch, shared: Sequence[str], members: frozenset[str]) -> int:
    text = source[stretch.start : stretch.end]
    lead = len(text) - len(text.lstrip())
    words = text.strip()
    if not words:
        return stretch.start
    line, _, rest = words.partition("\n")
    line = line.rstrip()
    goes_on = bool(rest.strip()) or stretch.has_children
    whole = goes_on and _is_heading_line(line)
    length = _glued(line, shared, members, whole=whole)
    if not length:
        length = len(line) if whole else _first_sentence(line, goes_on=goes_on) or _parallel(line, shared)
    return stretch.start + (lead + length if length else 0)


def _is_heading_line(line: str) -> bool:
    """Whether a line that more follows is a heading as a whole."""
    stopped = any(end in line[:-1] for end in _ENDS + "；;") or line[-1] in "；;：:，,、"
    titled = line[-1] not in _ENDS or (
        len(line) <= parser_tables.heading_words().max_title and _reads_as_title(line[:-1])
    )
    return len(line) <= _MAX_LINE and not stopped and titled


def _glued(line: str, shared: Sequence[str], members: frozenset[str], *, whole: bool) -> int:
    """The length of a heading that is followed by its paragraph without a stop; 0 for none.

    Where the line as a ``whole`` may be a heading, a word of the table is not enough ("组织领导机构").
    """
    table = parser_tables.heading_words()
    votes: Counter[int] = Counter()
    for word in table.words:
        if line.startswith(word) and len(line) > len(word) and not whole:
            if not line[len(word) :].startswith(table.continuations):
                votes[len(word)] += 3
            break
    for length in range(2, min(_MAX_GLUED, len(line) - 1) + 1):
        head, tail = line[:length], line[length:]
        if any(mark in head for mark in _INNER):
            break
        if re.search(f"“{re.escape(head)}”", tail[:40]):
            votes[length] += 3
        if head in members:
            votes[length] += 2
        if tail.startswith(tuple(shared)):
            votes[length] += 1
    best = max(votes.items(), key=lambda vote: (vote[1], vote[0]), default=(0, 0))
    return best[0] if best[1] >= _ENOUGH_VOTES else 0


def _parallel(line: str, shared: Sequence[str]) -> int:
    """The length of a beginning after which siblings go on with the same words; 0 for none."""
    places = (line.find(words, 2, _MAX_GLUED + len(words)) for words in shared)
    best = min((place for place in places if place > 0), default=0)
    return 0 if any(mark in line[:best] for mark in _INNER) else best


def _first_sentence(line: str, *, goes_on: bool) -> int:
    """The length of a short first sentence or label that more text follows; 0 for none."""
    limit = parser_tables.heading_words().max_title
    end = next((place for place, character in enumerate(line[: limit + 1]) if character in _ENDS), -1)
    if end > 0 and _reads_as_title(line[:end]):
        return end + 1 if goes_on or len(line) > end + 1 else 0
    label = _LABEL.match(line)
    if label and not _ANNOUNCES.search(label.group(1)):
        return label.end(1)
    spaced = _SPACED.match(line)
    return spaced.end(1) if spaced and len(line) > spaced.end() + 10 else 0


def _reads_as_title(sentence: str) -> bool:
    """Whether a short first sentence is a heading; one that obliges somebody is a rule."""
    commas = sentence.count("，") + sentence.count(",")
    short = commas == 0 or (commas <= 2 and len(sentence) <= _WITH_COMMA)
    return short and not any(stop in sentence for stop in "；;：:") and not _OBLIGES.search(sentence)


def _shared_continuations(source: str, stretches: Sequence[Stretch]) -> dict[int, tuple[str, ...]]:
    """For each group the words with which most of its members go on after a short beginning."""
    groups: dict[int, list[str]] = {}
    for stretch in stretches:
        words = source[stretch.start : min(stretch.end, stretch.start + 60)].strip()
        groups.setdefault(stretch.group, []).append(words)
    found = {}
    for group, texts in groups.items():
        pairs = {words for one, other in pairwise(texts) if (words := _shared(one, other))}
        common = {words for words in pairs if sum(words in text for text in texts) * 2 > len(texts)}
        if common:
            found[group] = tuple(sorted(common))
    return found


def _shared(one: str, other: str) -> str:
    """The longest words that follow a short beginning in both, the beginnings being different; "" for none."""
    best = ""
    for start in range(2, min(_MAX_GLUED, len(one)) + 1):
        if one[:start] == other[:start]:
            continue
        for length in range(_MIN_SHARED, len(one) - start + 1):
            words = one[start : start + length]
            place = other.find(words, 2, 2 + _MAX_GLUED + length)
            if place < 0:
                break
            if length > len(best):
                best = words
    return best
