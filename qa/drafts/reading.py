"""A file to a ``Draft``, and the places in it: paragraphs (lines that are not blank) and their sentences.

All formats that ingest reads are read, with the numbers that Word shows. The draft's own clauses are found too, so
that its own 第十条 is not taken for a citation and "本办法第十条" can be looked up.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.formats.limits import check_size
from ingest.loading import LoadedFile, load_bytes
from ingest.parsing import DATES, parse_reading
from ingest.records import Span
from ingest.sentences import sentence_spans
from ingest.system_errors import reason
from qa.drafts.records import OWN, Draft, Source

_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the draft that is not blank, counted from 1, with its sentences as spans in the draft's text."""

    number: int
    span: Span
    sentences: tuple[Span, ...]

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds ``offset``, from 1."""
        return max(bisect_right([span.start for span in self.sentences], offset), 1)


def read_bytes(path: Path) -> bytes:
    """The bytes of a draft's file, at most as many as ingest reads.

    Raises:
        UnreadableFile: the file is missing, no plain file, or too large.
    """
    if path.exists() and not path.is_file():
        raise UnreadableFile(f"“{path.name}”不是普通文件，不能读取。请指定文件。")
    try:
        check_size(path.stat().st_size, path.name)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"打不开文件“{path.name}”：{reason(error)}。请检查文件名和读取权限。") from error


def draft_from_bytes(content: bytes, name: str) -> Draft:
    """The draft in a file that is called ``name``.

    Raises:
        UnreadableFile: as ingest says.
    """
    return _draft(load_bytes(content, name))


def _draft(loaded: LoadedFile) -> Draft:
    parsed = parse_reading(loaded.reading, source_file=loaded.name, sha256=loaded.sha256, doc_id=OWN)
    told = [each for each in parsed.notices if each.kind in ("healed", "removed", "truncated") or each.subject == DATES]
    notes = tuple(notice.message for notice in told)
    own = Source(parsed.document, parsed.clauses, current=True)
    return Draft(loaded.name, parsed.source, parsed.document.title, own, tuple(dict.fromkeys(notes)))


def paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a draft, in order."""
    found = []
    for number, line in enumerate(_LINE.finditer(text), 1):
        start = line.start()
        spans = tuple(Span(start + each.start, start + each.end) for each in sentence_spans(line.group()))
        found.append(Paragraph(number, Span(*line.span()), spans))
    return found
