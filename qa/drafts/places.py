"""A cited place in one document: the clause, paragraph (款) and item (项) that it names, or the last that there is.

Articles, sections and lists are found by the index's look-up; what is below an article is counted here, because an
article may be kept whole or be split into its paragraphs and items. 第二百九十一条之一 is never 第二百九十一条.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.directory import Directory
from index.lookup import find_named
from ingest.assembly import cited_locator
from ingest.markers import ARABIC, ARABIC_ITEM, ARTICLE, ITEM, NUMERAL, PARAGRAPH
from ingest.numerals import parse_numeral
from ingest.records import Clause
from qa.drafts.patterns import FIRST_ARTICLE
from qa.drafts.records import Note, Source

_UNIT = re.compile(r"[第（()）\s\u3000]*([〇零一二三四五六七八九十百千两\d０-９]+)[）)\s\u3000]*([款项目])")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_ITEM_LINE = re.compile(r"\s*[（(]\s*([一二三四五六七八九十\d]{1,3})\s*[）)]")
# An item or a point begins a line or follows a stop.
_ITEM_MARK = re.compile(r"(?:^|[：:；;。\n])\s*[（(]\s*([一二三四五六七八九十\d]{1,3})\s*[）)]")
_POINT_MARK = re.compile(r"(?:^|[：:；;。\n])\s*(\d{1,2})\s*[.．、](?!\d)")


@dataclass(frozen=True, slots=True)
class Cited:
    """What a place names.

    Found: ``clause`` is the clause or heading, ``text`` its words with all below it. Not found: ``last`` is the last
    of its kind and ``count`` says how many there are ("共 2 款"), "" where ``last`` says it.
    """

    clause: Clause | None = None
    text: str = ""
    last: Clause | None = None
    count: str = ""
    notes: tuple[Note, ...] = ()
    unread: bool = False  # the look-up could not make a place of it


def find_place(place: str, source: Source) -> Cited:
    """The clause of ``source`` at ``place``."""
    parted = FIRST_ARTICLE.match(place)
    if parted is None or not parted["article"]:
        return _section(place, source)
    if top := _numeral(parted["article"], source):
        whole = Cited(top, family_text(top, source))
        return _below(parted["below"], top, source) if parted["below"] else whole
    found = _section(parted["above"] + parted["article"], source)
    if found.clause is None:
        alone = _section(parted["article"], source) if parted["above"] else Cited()
        if alone.clause is not None:
            note = Note("stands_in", (("place", alone.clause.locator),))
            return Cited(last=alone.clause, notes=(note,))
        return found
    return _below(parted["below"], found.clause, source) if parted["below"] else found


def family_text(head: Clause, source: Source) -> str:
    """The words of a clause with everything below it."""
    return "\n".join(clause.text for clause in _family(head, source.clauses))


def _family(head: Clause, clauses: Sequence[Clause]) -> list[Clause]:
    prefix = f"{head.clause_id}."
    return [clause for clause in clauses if clause is head or clause.clause_id.startswith(prefix)]


def _numeral(article: str, source: Source) -> Clause | None:
    """In a text without articles staff call 五、 第五条."""
    if any(step.code == ARTICLE for clause in source.clauses for step in clause.path):
        return None
    number = parse_numeral(article.strip().removeprefix("第").partition("条")[0])
    tops = (clause for clause in source.clauses if len(clause.path) == 1 and clause.path[0].code == NUMERAL)
    return next((clause for clause in tops if clause.path[0].number == number and "之" not in article), None)


@lru_cache(maxsize=64)  # a draft cites a few documents, each many times
def _directory(source: Source) -> Directory:
    return Directory([source.document], source.clauses)


def _section(place: str, source: Source) -> Cited:
    looked = find_named(place, _directory(source))
    if looked is None:
        return Cited(unread=True)
    if not looked.clauses:
        return Cited(last=looked.last)
    head = _head(looked.clauses, source.clauses)
    return Cited(head, family_text(head, source))


def _head(found: Sequence[Clause], clauses: Sequence[Clause]) -> Clause:
    """The heading above all found clauses, where the look-up left it out, else the first of them."""
    first, last = found[0].clause_id, found[-1].clause_id
    if len(found) == 1 or last.startswith(f"{first}."):
        return found[0]
    shared = [clause for clause in clauses if all(each.clause_id.startswith(f"{clause.clause_id}.") for each in found)]
    return shared[-1] if shared else found[0]


def _below(words: str, head: Clause, source: Source) -> Cited:
    clause, text = head, family_text(head, source)
    for numeral, unit in _UNIT.findall(words):
        number = parse_numeral(numeral)
        step = {"款": _paragraph, "项": _item, "目": _point}[unit](number, clause, text, source)
        if step.clause is None:
            return step
        clause, text = step.clause, step.text
    return Cited(clause, text)


def _children(head: Clause, codes: Sequence[str], source: Source) -> list[Clause]:
    return [each for each in _family(head, source.clauses) if each is not head and each.path[-1].code in codes]


def _paragraph(number: int, head: Clause, text: str, source: Source) -> Cited:
    split = [each for each in _children(head, (PARAGRAPH,), source) if each.path[-1].number > 0]
    if split:
        named = next((each for each in split if each.path[-1].number == number), None)
        if named is not None:
            return Cited(named, family_text(named, source))
        return Cited(last=split[-1], count=f"{len(split)} 款")
    lines: list[str] = []
    for line in _LINE.findall(text):
        if lines and _ITEM_LINE.match(line):
            lines[-1] += f"\n{line}"
        else:
            lines.append(line)
    if 0 < number <= len(lines):
        return Cited(head, lines[number - 1])
    return Cited(last=head, count=f"{len(lines)} 款")


def _item(number: int, head: Clause, text: str, source: Source) -> Cited:
    children = _children(head, (ITEM, ARABIC_ITEM), source)
    return _child(number, children, source, "项") if children else _within(number, head, text, _ITEM_MARK, "项")


def _point(number: int, head: Clause, text: str, source: Source) -> Cited:
    children = _children(head, (ARABIC,), source)
    return _child(number, children, source, "目") if children else _within(number, head, text, _POINT_MARK, "目")


def _child(number: int, children: Sequence[Clause], source: Source, unit: str) -> Cited:
    named = next((each for each in children if each.path[-1].number == number), None)
    if named is not None:
        return Cited(named, family_text(named, source))
    return Cited(last=children[-1], count=f"{len(children)} {unit}")


def _within(number: int, head: Clause, text: str, mark: re.Pattern[str], unit: str) -> Cited:
    """An item that stands in the words of a clause."""
    marks = list(mark.finditer(text))
    for at, found in enumerate(marks):
        if parse_numeral(found.group(1)) == number:
            end = marks[at + 1].start() + 1 if at + 1 < len(marks) else len(text)
            return Cited(head, text[found.start() : end].strip("：:；;。\n "))
    return Cited(last=head, count=f"{len(marks)} {unit}")


def place_words(clause: Clause) -> str:
    """A clause's place as staff cite it."""
    return cited_locator(clause)
