"""A checked draft as a Word file with comments: the draft's own file where it is DOCX, else its text in a new one.

The words of the file stay as they are: a run is at most cut in two where a comment begins or ends, its format is
copied, and nothing is put in but comments.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.formats.detect import detect
from ingest.records import Span
from qa.drafts.reading import paragraphs
from qa.drafts.records import DraftCheck, Finding
from qa.drafts.report import explanation, remarks, summary
from qa.phrases import Phrases

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LOOK_AHEAD = 40  # paragraphs of the file that the text may lack: text boxes, contents, furniture
_LEAST_FOUND = 0.5  # of the draft's lines; a file that shows fewer (an embedded page) is written anew


@dataclass(slots=True)
class _Line:
    """A paragraph of the Word file: its runs with their texts."""

    runs: list[Any]

    @property
    def text(self) -> str:
        return "".join(map(_text_of, self.runs))


def word_file(check: DraftCheck, content: bytes, words: Phrases) -> bytes:
    """The draft with its findings as comments, as the bytes of a DOCX.

    Args:
        check: the checked draft.
        content: the bytes of the file that was checked.
        words: the language of the comments.
    """
    document = _own_file(check, content) or _new_file(check)
    lines = _lines(document)
    places = _aligned(check, lines)
    first = lines[0]  # there is one: the loader refuses a file without words
    head = "\n".join([summary(check, words), *remarks(check, words)])
    _comment(document, [first.runs[0]], head, words)
    for finding in check.findings:
        if finding.severity != "fine":
            runs = _runs_of(finding.span, check, places)
            text = _comment_text(finding, words, placed=bool(runs))
            _comment(document, runs or [first.runs[0]], text, words)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _comment(document: WordDocument, runs: Sequence[Any], text: str, words: Phrases) -> None:
    from docx.text.run import Run

    wrapped = [Run(run, document._body) for run in (runs[0], runs[-1])]  # noqa: SLF001
    document.add_comment(wrapped, text=text, author=words.say("author"), initials=words.say("initials"))


def _comment_text(finding: Finding, words: Phrases, *, placed: bool) -> str:
    lines = explanation(finding, words)
    lines[0] = f"【{words.say(f'severity.{finding.severity}')}】{lines[0]}"
    if not placed:
        place = words.say("place", paragraph=finding.paragraph, sentence=finding.sentence)
        lines.insert(0, f"{place}“{finding.words}”")
    return "\n".join(lines)


def _own_file(check: DraftCheck, content: bytes) -> WordDocument | None:
    """The file that was checked, ``None`` where it is no DOCX or does not hold the draft's lines itself."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    if detect(content, check.draft.name) != "docx":
        return None
    try:
        document = docx.Document(io.BytesIO(content))
        lines = _lines(document)
    except (OpcError, KeyError, ValueError, zipfile.BadZipFile, XMLSyntaxError):
        return None  # a template, or a package that only ingest's own reader makes sense of
    found = {number for number, _ in _aligned(check, lines)}
    return document if len(found) >= _LEAST_FOUND * len(paragraphs(check.draft.text)) else None


def _new_file(check: DraftCheck) -> WordDocument:
    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    font = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    font.set(qn("w:eastAsia"), "宋体")
    for part in paragraphs(check.draft.text):
        document.add_paragraph(check.draft.text[part.span.start : part.span.end])
    return document


def _lines(document: WordDocument) -> list[_Line]:
    """The paragraphs of the body with words, those in tables and text boxes included."""
    found = []
    for paragraph in document.element.body.iter(f"{_W}p"):
        runs = [run for run in paragraph.iter(f"{_W}r") if _belongs(run, paragraph) and _text_of(run)]
        if "".join(map(_text_of, runs)).strip():
            found.append(_Line(runs))
    return found


def _belongs(run: Any, paragraph: Any) -> bool:
    """Whether a run is the paragraph's own (not of a text box within it) and not a deletion."""
    for above in run.iterancestors():
        if above is paragraph:
            return True
        if above.tag in (f"{_W}p", f"{_W}del", f"{_W}moveFrom"):
            return False
    return False


def _text_of(run: Any) -> str:
    return "".join(_piece(child) for child in run)


def _piece(child: Any) -> str:
    if child.tag == f"{_W}t":
        return child.text or ""
    return {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}noBreakHyphen": "-"}.get(child.tag, "")


def _aligned(check: DraftCheck, lines: Sequence[_Line]) -> list[tuple[int, tuple[int, _Line]]]:
    """Which paragraphs of the file each paragraph of the draft is made of: (number, (offset in the draft, line))."""
    found, at = [], 0
    texts = ["".join(line.text.split()) for line in lines]
    for part in paragraphs(check.draft.text):
        words, offsets = _squeezed(check.draft.text, part.span)
        start = 0
        while at < len(lines):
            ahead = range(at, min(at + (_LOOK_AHEAD if start == 0 else 1), len(lines)))
            step = next((n for n in ahead if words.find(texts[n], start) >= 0), None)
            if step is None:
                break
            place = words.find(texts[step], start)
            found.append((part.number, (offsets[place], lines[step])))
            start, at = place + len(texts[step]), step + 1
    return found


def _squeezed(text: str, span: Span) -> tuple[str, list[int]]:
    """The words of a stretch without white space, and the offset of each character."""
    offsets = [place for place in range(span.start, span.end) if not text[place].isspace()]
    return "".join(text[place] for place in offsets), offsets


def _runs_of(span: Span, check: DraftCheck, places: Sequence[tuple[int, tuple[int, _Line]]]) -> list[Any]:
    """The runs that hold exactly the words of ``span``, cut where it begins and ends; none where they are not found."""
    for _, (offset, line) in reversed(places):
        if offset > span.start:
            continue
        before, _ = _squeezed(check.draft.text, Span(offset, span.start))
        inside, _ = _squeezed(check.draft.text, span)
        start, end = len(before), len(before) + len(inside)
        squeezed = "".join(line.text.split())
        if squeezed[start:end] != inside:
            return []
        shown = [place for place, char in enumerate(line.text) if not char.isspace()]
        return list(_cut(line, shown[start], shown[end - 1] + 1))
    return []


def _cut(line: _Line, start: int, end: int) -> Iterator[Any]:
    """The runs of ``line`` from ``start`` to ``end``, those at both ends cut where they can be."""
    at, runs = 0, []
    for run in line.runs:
        length = len(_text_of(run))
        cuts = sorted({place - at for place in (start, end) if at < place < at + length})
        runs += _parted(run, cuts)
        at += length
    line.runs = runs
    at = 0
    for run in runs:
        length = len(_text_of(run))
        if at < end and at + length > start:
            yield run
        at += length


def _parted(run: Any, cuts: Sequence[int]) -> list[Any]:
    """A run in pieces; one that holds more than plain text stays whole."""
    texts = [child for child in run if child.tag == f"{_W}t"]
    if not cuts or len(texts) != 1 or any(child.tag not in (f"{_W}rPr", f"{_W}t") for child in run):
        return [run]
    text = texts[0].text or ""
    pieces = [run]
    for _ in cuts:
        piece = copy.deepcopy(run)
        pieces[-1].addnext(piece)
        pieces.append(piece)
    for piece, begin, stop in zip(pieces, (0, *cuts), (*cuts, len(text)), strict=True):
        held = piece.find(f"{_W}t")
        held.text = text[begin:stop]
        held.set(_XML_SPACE, "preserve")
    return pieces
