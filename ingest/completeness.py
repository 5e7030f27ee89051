"""What a source lacks: numbers that are skipped, sections it names and does not have, an end in mid-sentence.

Takes the finished clauses, gives notices; nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.markers import ARABIC, ITEM, NUMERAL, ROW, TABLE
from ingest.records import Clause, Notice

_ENDS = "。！？!?…；;：:"
_PROSE = 40  # characters: a shorter last line without a comma may be a row of a table
_BRACKETS = "）)】"  # "（教育局负责）" may close a paragraph
_QUOTES = "”’」』》\"'"
_LISTED = (NUMERAL, ITEM, ARABIC)  # families whose headings may repeat an enumeration
_MIN_NAMED = 3  # sections that carry names of the enumeration, so that it is one of sections


def truncation_notice(source: str, clauses: Sequence[Clause], *, announced: bool, line_number: int) -> Notice | None:
    """A notice where the last clause breaks off; ``announced`` says that the site itself told of a cut."""
    if not clauses or clauses[-1].path[-1].code in (TABLE, ROW):
        return None
    last = max(clauses, key=lambda clause: clause.span.end)
    words = last.text.rstrip()
    line = words.rpartition("\n")[2]
    prose = len(line) > _PROSE or any(mark in line for mark in "，,。；")
    broken = prose and not line.rstrip(_QUOTES).endswith((*_ENDS, *_BRACKETS)) and last.body_start < len(words)
    if not broken and not announced:
        return None
    message = (
        f"原文在“{last.locator}”的句子中间断开（“…{words[-16:]}”），其后内容缺失。请找到完整文件后重新导入。"
        if broken
        else f"来源网站说明只给出部分页面，正文到“{last.locator}”为止，其后内容可能缺失。请找到完整文件后重新导入。"
    )
    return Notice("truncated", message, offset=last.span.end, line=line_number, context=words[-40:])


def missing_sections(
    clauses: Sequence[Clause], enumerations: Sequence[tuple[str, ...]], source: str, line_at: Callable[[int], int]
) -> list[Notice]:
    """A notice for each member of an enumeration that has no section where most of its fellows have one."""
    titles: dict[str | None, list[str]] = {}
    for clause in clauses:
        if clause.path[-1].title and clause.path[-1].code in _LISTED:
            titles.setdefault(clause.parent_id, []).append(clause.path[-1].title)
    by_id = {clause.clause_id: clause for clause in clauses}
    notices, told = [], set()
    for members in enumerations:
        for parent, names in titles.items():
            present = [member for member in members if member in names]
            absent = [member for member in members if member not in names and member not in told]
            if len(present) < _MIN_NAMED or len(present) * 2 < max(len(members), len(names)):
                continue
            place = source.find("、".join(members))
            offset = place if place >= 0 else source.find(members[0])
            for member in absent:
                told.add(member)
                notices.append(_absent(member, present, by_id.get(parent or ""), offset, line_at(offset), members))
    return notices


def _absent(
    member: str, present: Sequence[str], parent: Clause | None, offset: int, line: int, members: Sequence[str]
) -> Notice:
    under = f"“{parent.breadcrumb[-1]}”下" if parent is not None else "文中"
    message = (
        f"文中列举了“{member}”，但{under}没有这一部分（有：{'、'.join(present)}）。原文可能不完整，请核对完整文件。"
    )
    return Notice("gap", message, offset=offset, line=line, context="、".join(members), subject=member)
