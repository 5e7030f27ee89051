"""Files that are made to do harm: too large, too deep, too dense. Each is made, read in a process of its own, removed.

What may come out is a document or one clear refusal, within bounded time and memory.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from evaluation.isolated import Isolated, read_isolated
from ingest.progress import Progress, Silent, track

_MB = 2**20
_LARGEST = 299 * _MB  # just under what may be read
MOST_SECONDS = 600.0
_SENTENCE = "为了加强管理，各单位应当按照规定办理有关事项。"
_W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
_OFD = "xmlns:ofd='http://www.ofdspec.org/2016'"
_TEXT_OBJECT = "<ofd:TextObject Boundary='0 0 9 9' Size='3'><ofd:TextCode Y='3'>办</ofd:TextCode></ofd:TextObject>"
_MHT = b"Content-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html\n\n"


def hostile_files() -> dict[str, Callable[[], bytes]]:
    """By name, what makes the file's bytes."""
    return {
        "300MB的一行文字.txt": lambda: _filled("为了加强管理各单位按照规定办理".encode()),
        "300MB的条款.txt": lambda: _filled("1.各单位应当办理。\n".encode()),
        "300MB的零.txt": lambda: bytes(_LARGEST),
        "一行280万字.txt": lambda: "为了加强管理各单位按照规定办理有关".encode() * 170_000,
        "5万个条款.txt": lambda: "".join(f"{n % 9 + 1}.{_SENTENCE}\n" for n in range(49_000)).encode(),
        "百万个编号.txt": lambda: b"1." * 1_000_000,
        "5000条的法.txt": lambda: "".join(f"第{n}条　{_SENTENCE}\n" for n in range(1, 5001)).encode(),
        "括号一百万层.txt": lambda: ("（" * 1_000_000).encode() + b"\n1.",
        "300MB.html": lambda: b"<html><body>" + _filled("<p>第一条 为了安全。</p>".encode()),
        "百万层.html": lambda: b"<html><body>" + b"<div>" * 1_000_000 + "为了安全。".encode() * 20,
        "百万行的表.html": lambda: b"<html><table>" + "<tr><td>项目<td>期限".encode() * 1_000_000,
        "内嵌图片250MB.html": lambda: b"<html><img src='data:image/png;base64," + b"A" * (250 * _MB)
        + "'><p>第一条 为了安全，制定本办法。</p><p>第二条 各单位应当按照本办法的规定，每年报告一次。</p>".encode(),
        "300MB.mht": lambda: _MHT + _filled(b"<p>a"),
        "百万空段.docx": lambda: _docx("<w:p/>" * 1_000_000),
        "百万段.docx": lambda: _docx("<w:p><w:r><w:t>1.办理。</w:t></w:r></w:p>" * 1_000_000),
        "万层.docx": lambda: _docx("<w:sdt>" * 10_000 + "</w:sdt>" * 10_000),
        "十亿笑.docx": lambda: _docx("", start="<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"),
        "300MB.docx": lambda: _zip([("word/document.xml", b"<a/>"), ("a", _filled(b"abcdefg"))], stored=True),
        "压缩炸弹.zip": lambda: _zip([(f"{n}.txt", bytes(190 * _MB)) for n in range(1)]),
        "压缩炸弹.docx": lambda: _zip([("word/document.xml", bytes(190 * _MB))]),
        "套娃.zip": lambda: _nested(12),
        "两万个文件.zip": lambda: _zip([(f"{n}.txt", b"a") for n in range(20_001)], stored=True),
        "一万零一页.pdf": lambda: _pdf(10_001),
        "一万页.pdf": lambda: _pdf(10_000),
        "300MB.pdf": lambda: b"%PDF-1.4\n" + _filled(b"1 0 obj<<>>endobj\n"),
        "一页两千万字.pdf": lambda: _pdf(1, b"(abcdefghij) Tj " * 2_000_000),
        "100MB.tiff": lambda: _tiff(6800, 4900),
        "300MB.tiff": lambda: _tiff(14_000, 7000),
        "像素炸弹.tiff": lambda: _tiff(60_000, 60_000, stored=1000),
        "300MB.jpg": lambda: b"\xff\xd8\xff\xe0" + _filled(b"\x00"),
        "一万零一页.ofd": lambda: _ofd(10_001),
        "一页百万字.ofd": lambda: _ofd(1, _TEXT_OBJECT * 300_000),
        "300MB.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + _filled(b"\x00"),
        "300MB.rtf": lambda: b"{\\rtf1 " + _filled(b"{a"),
        "301MB.txt": lambda: bytes(301 * _MB),
    }  # fmt: skip


def measure_hostile(names: Sequence[str] = (), progress: Progress | None = None) -> Iterator[Isolated]:
    """Each file's fate, one after another; all of them where no ``names`` are given."""
    made = hostile_files()
    for name in track(list(names or made), progress or Silent(), "读取有害文件", "份"):
        with tempfile.TemporaryDirectory(prefix="kb-hostile-") as folder:
            path = Path(folder) / name
            path.write_bytes(made[name]())
            yield read_isolated(path, most_seconds=MOST_SECONDS)


def _filled(words: bytes) -> bytes:
    return words * (_LARGEST // len(words) - 100)


def _zip(members: Sequence[tuple[str, bytes]], *, stored: bool = False) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def _nested(depth: int) -> bytes:
    content = _zip([("a.txt", b"a" * _MB)])
    for _ in range(depth):
        content = _zip([(f"{n}.zip", content) for n in range(4)], stored=True) if len(content) < 4 * _MB else content
    return content


def _docx(body: str, *, start: str = "") -> bytes:
    document = f"{start}<w:document {_W}><w:body>{body}</w:body></w:document>"
    noise = bytes(range(256)) * 4000  # so that the ratio is not what refuses it
    return _zip([("word/document.xml", document.encode())]) if start else _padded(document, noise)


def _padded(document: str, noise: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", document.encode(), zipfile.ZIP_DEFLATED)
        archive.writestr("word/media/a.bin", noise, zipfile.ZIP_STORED)
    return stream.getvalue()


def _pdf(pages: int, words: bytes = b"(1. abc) Tj") -> bytes:
    stream = b"BT /F1 12 Tf 72 700 Td " + words + b" ET"
    kids = b" ".join(b"%d 0 R" % number for number in range(5, pages + 5))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents 4 0 R>>"
    body, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate([*objects, *[page] * pages], 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table_start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(body) + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, table_start)


def _tiff(width: int, height: int, stored: int | None = None) -> bytes:
    """An uncompressed picture in colour; ``stored`` is how many bytes of it are there."""
    size = width * height * 3
    values = ((256, width), (257, height), (258, 8), (259, 1), (262, 2), (273, 8), (277, 3), (278, height), (279, size))
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\x04\x00\x01\x00\x00\x00" + (value % 2**32).to_bytes(4, "little")
        for tag, value in values
    )
    pixels = b"\xff" * (size if stored is None else stored)
    return b"II*\x00" + (8 + len(pixels)).to_bytes(4, "little") + pixels + b"\x09\x00" + entries + bytes(4)


def _ofd(pages: int, content: str = "") -> bytes:
    root = f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    kids = "".join(f"<ofd:Page ID='{number}' BaseLoc='p.xml'/>" for number in range(pages))
    document = f"<ofd:Document {_OFD}><ofd:Pages>{kids}</ofd:Pages></ofd:Document>"
    page = f"<ofd:Page {_OFD}><ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>"
    members = (("OFD.xml", root), ("Document.xml", document), ("p.xml", page))
    return _zip(
        [*((name, words.encode()) for name, words in members), ("a.bin", bytes(range(256)) * 4000)], stored=True
    )
