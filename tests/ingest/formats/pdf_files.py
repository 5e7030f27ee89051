"""Small PDF files written by hand: Chinese text in a font that is named and not embedded, ruled lines, a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ASKEW, UPWARDS = b"0.7 0.7 -0.7 0.7", b"0 1 -1 0"


@dataclass(frozen=True)
class Words:
    """A line of text; ``y`` runs down from the top of the page."""

    x: float
    y: float
    text: str
    size: float = 12.0
    matrix: bytes = b"1 0 0 1"


@dataclass(frozen=True)
class Sheet:
    words: tuple[Words, ...] = ()
    rules: tuple[tuple[float, float, float, float], ...] = ()
    picture: bool = False  # a grey picture over the whole page
    rotate: int = 0
    width: float = 595.0
    height: float = 842.0


def column(lines: Sequence[str], x: float = 72.0, top: float = 72.0, lead: float = 20.0, size: float = 12.0):
    """Lines below each other; each ideographic space at the start of a line is an indent of one character."""
    made = []
    for place, line in enumerate(lines):
        words = line.lstrip("\u3000")
        made.append(Words(x + size * (len(line) - len(words)), top + place * lead, words, size))
    return tuple(made)


def grid(xs: Sequence[float], ys: Sequence[float]) -> tuple[tuple[float, float, float, float], ...]:
    across = [(xs[0], y, xs[-1], y) for y in ys]
    return (*across, *((x, ys[0], x, ys[-1]) for x in xs))


def write_pdf(sheets: Sequence[Sheet], *, encrypted: bool = False, shift: int = 0) -> bytes:
    """The file; ``shift`` is added to every Chinese character's code, so that the text layer says something else."""
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    objects.append(b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>")
    objects.append(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 2>>/DW 1000/W[1 95 500]/FontDescriptor 5 0 R>>"
    )
    objects.append(
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>"
    )
    objects.append(
        b"<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8/Length 4>>"
        b"stream\n\x80\x90\xa0\xb0\nendstream"
    )
    kids = []
    for sheet in sheets:
        content = _content(sheet, shift)
        objects.append(b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<</I1 6 0 R>>>>>>"
            % (sheet.width, sheet.height, sheet.rotate, len(objects))
        )
        kids.append(len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return _file(objects, encrypted)


def _content(sheet: Sheet, shift: int) -> bytes:
    parts = [b"q %g 0 0 %g 0 0 cm /I1 Do Q" % (sheet.width, sheet.height)] if sheet.picture else []
    parts += [
        b"0.5 w %g %g m %g %g l S" % (x0, sheet.height - y0, x1, sheet.height - y1) for x0, y0, x1, y1 in sheet.rules
    ]
    for words in sheet.words:
        codes = "".join(chr(ord(c) + shift) if ord(c) > 0x2E80 else c for c in words.text).encode("utf-16-be").hex()
        place = (words.matrix, words.x, sheet.height - words.y - words.size)
        parts.append(b"BT /F1 %g Tf %s %g %g Tm <%s> Tj ET" % (words.size, *place, codes.encode()))
    return b"\n".join(parts)


def _file(objects: Sequence[bytes], encrypted: bool) -> bytes:
    content = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (b"11" * 32, b"22" * 32)
    trailer = b"<</Size %d/Root 1 0 R%s>>" % (len(objects) + 1, lock if encrypted else b"")
    return content + b"trailer" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start
