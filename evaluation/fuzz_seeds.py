"""What the fuzzer starts from: small files of every kind, written here, and real ones where they are at hand.

An input is one byte that names the reader, then what the reader gets. A DOCX or an OFD is written as its parts
("--part NAME" lines between them), so that a change reaches the reader instead of spoiling a checksum.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

READERS = ("text", "html", "mht", "docx", "ofd", "zip", "pdf", "image", "detect")
PACKED = ("docx", "ofd")
_PART = re.compile(rb"\n?--part ([^\n]{1,120})\n")
_MOST = 120_000  # bytes of a real file: larger ones are changed too slowly
_MOST_OF_A_KIND = 12  # real files: more would crowd out the other readers

_W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
_OFD = "xmlns:ofd='http://www.ofdspec.org/2016'"
_TEXT = (
    "某市人民政府关于做好防汛工作的通知\n某政发〔2023〕4号\n各区人民政府：\n一、总体要求\n（一）任务。各单位应当每年报告一次。\n"
    "1.加强领导，不得推诿。\n（1）按季检查；\n①留存记录。\n第一章　总则\n第一条　为了安全，"
    "制定本办法。\n第二条之一　本办法自2023年"
    "5月1日起施行，有效期五年。\n附件：1.任务表\n附件1\n任务表\n序号｜任务\n某市人民政府\n2023年4月1日\n"
)
_NUMBERING = (
    f"<w:numbering {_W}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:start w:val='1'/>"
    "<w:numFmt w:val='chineseCounting'/><w:lvlText w:val='第%1条'/></w:lvl></w:abstractNum>"
    "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
)
_DOCX_BODY = (
    f"<w:document {_W}><w:body><w:p><w:pPr><w:pStyle w:val='a'/><w:numPr><w:ilvl w:val='0'/>"
    f"<w:numId w:val='1'/></w:numPr>"
    "</w:pPr><w:r><w:t>为了安全。</w:t><w:footnoteReference w:id='2'/></w:r><w:ins><w:r><w:t>"
    "新</w:t></w:r></w:ins><w:del><w:r>"
    "<w:delText>旧</w:delText></w:r></w:del></w:p><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan "
    "w:val='2'/><w:vMerge/></w:tcPr><w:p>"
    "<w:r><w:t>项目</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>期限</w:t></w:r>"
    "</w:p></w:tc></w:tr></w:tbl>"
    "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>PAGE</w:instrText><w:fldChar w:fldCharType='end'/>"
    "<w:tab/><w:br/><w:sym w:font='Wingdings' w:char='F0FC'/></w:r></w:p></w:body></w:document>"
)
_RELS = (
    "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type="
    "'http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes' "
    "Target='footnotes.xml'/></Relationships>"
)
_STYLES = (
    f"<w:styles {_W}><w:style w:styleId='a'><w:name w:val='heading 1'/><w:basedOn w:val='a'/></w:style></w:styles>"
)
_NOTES = f"<w:footnotes {_W}><w:footnote w:id='2'><w:p><w:r><w:t>注</w:t></w:r></w:p></w:footnote></w:footnotes>"
_PAGE = (
    f"<ofd:Page {_OFD}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer>"
    "<ofd:TextObject ID='3' Boundary='20 20 160 8' Size='5' CTM='1 0 0 1 0 0'><ofd:TextCode X='0' "
    "Y='6' DeltaX='g 5 5'>"
    "第一条　为了安全，各单位应当每年至少检查一次并报告结果。"
    "</ofd:TextCode></ofd:TextObject><ofd:PathObject ID='4' Boundary='20 40 100 1'>"
    "<ofd:AbbreviatedData>"
    "M 0 0 L 100 0 C</ofd:AbbreviatedData></ofd:PathObject><ofd:ImageObject ID='5' Boundary='0 0 "
    "210 297' ResourceID='6'/>"
    "</ofd:Layer></ofd:Content></ofd:Page>"
)
_HTML = (
    "<html><head><meta charset=utf-8><title>某办法</title><meta name='ArticleTitle' content='某办法'></head><body>"
    "<div id=nav><a href=/>首页</a></div><div id=zoom><h1>某办法</h1><p>第一条 为了安全。</p>"
    "<table><tr><td rowspan=2>a<td>b"
    "<tr><td colspan='3'>c</table><ol start=3 type=a><li>d</ol></div></body></html>"
)


def own_seeds() -> Iterator[bytes]:
    """Inputs of our own writing, several for each reader."""
    for encoding in ("utf-8", "gb18030", "utf-16", "utf-16-le"):
        yield seed("text", _TEXT.encode(encoding))
    yield seed("text", "這是關於學校應當執行的規定。".encode("big5"))
    for encoding in ("utf-8", "gb18030", "utf-16"):
        yield seed("html", _HTML.replace("utf-8", encoding).encode(encoding))
    mht = b"Content-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html; charset=utf-8\n"
    yield seed(
        "mht", mht + b"Content-Transfer-Encoding: quoted-printable\n\n<p>=E7=AC=AC=E4=B8=80=E6=9D=A1</p>\n--B--\n"
    )
    yield seed("mht", mht + b"Content-Transfer-Encoding: base64\n\nPHA+5oqk55CGPC9wPg==\n--B--\n")
    docx = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": _DOCX_BODY,
        "word/_rels/document.xml.rels": _RELS,
        "word/numbering.xml": _NUMBERING,
        "word/styles.xml": _STYLES,
        "word/footnotes.xml": _NOTES,
    }
    yield seed("docx", _parts({name: words.encode() for name, words in docx.items()}))
    root = f"<ofd:OFD {_OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    document = (
        f"<ofd:Document {_OFD}><ofd:CommonData><ofd:PublicRes>Res.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>"
        "<ofd:Page ID='1' BaseLoc='Pages/0.xml'/></ofd:Pages></ofd:Document>"
    )
    ofd = {"OFD.xml": root, "Doc_0/Document.xml": document, "Doc_0/Pages/0.xml": _PAGE}
    yield seed("ofd", _parts({name: words.encode() for name, words in ofd.items()}))
    yield seed("zip", packed(_parts({"a/通知.txt": _TEXT.encode(), "../b.txt": b"x"})))
    yield seed("pdf", _pdf())
    yield from (seed("image", picture) for picture in _pictures())
    yield from (
        seed("detect", start) for start in (b"%PDF-1.7\n", b"PK\x03\x04", b"{\\rtf1", b"\xd0\xcf\x11\xe0", b"Rar!")
    )


def real_seeds(folder: Path) -> Iterator[bytes]:
    """Small real files under ``folder``, each for the reader of its type."""
    from ingest.errors import UnreadableFile
    from ingest.formats.detect import detect, is_mht

    given: Counter[str] = Counter()
    for path in sorted(folder.rglob("*"), key=lambda path: path.stat().st_size):
        if not path.is_file() or path.stat().st_size > _MOST:
            continue
        content = path.read_bytes()
        try:
            kind = detect(content, path.name)
        except UnreadableFile:
            continue
        if kind in PACKED:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = _parts({name: archive.read(name) for name in archive.namelist()})
        reader = "mht" if kind == "html" and is_mht(content) else kind
        given[reader] += 1
        if reader in READERS and given[reader] <= _MOST_OF_A_KIND:
            yield seed(reader, content)


def seed(reader: str, content: bytes) -> bytes:
    """The input that gives ``content`` to ``reader``."""
    return bytes([READERS.index(reader)]) + content


def packed(parts: bytes) -> bytes:
    """The zip of the parts written in ``parts``, its members stored as they are."""
    _, *pieces = _PART.split(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in zip(pieces[::2], pieces[1::2], strict=True):
            archive.writestr(zipfile.ZipInfo(name.decode("utf-8", "replace")), content)
    return stream.getvalue()


def _parts(members: dict[str, bytes]) -> bytes:
    return b"".join(b"\n--part " + name.encode() + b"\n" + content for name, content in members.items())


def _pdf() -> bytes:
    words = "第一条　为了安全，制定本办法。".encode("utf-16-be").hex().encode()
    stream = b"BT /F1 12 Tf 72 700 Td <" + words + b"> Tj ET 72 600 200 1 re f 0 0 m 90 90 l S"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 2>>/DW 1000/FontDescriptor 7 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, words) for number, words in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 8>>\n%%EOF"


def _pictures() -> Iterator[bytes]:
    def chunk(kind: bytes, words: bytes) -> bytes:
        return len(words).to_bytes(4, "big") + kind + words + zlib.crc32(kind + words).to_bytes(4, "big")

    header = chunk(b"IHDR", b"\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00")
    pixels = chunk(b"IDAT", zlib.compress(b"\x00\xff\xff\xff"))
    yield b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")
    size = b"\x01\x00\x01\x00"
    yield b"GIF89a" + size + b"\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00" + size + b"\x00\x02\x02D\x01\x00;"
    yield (
        b"BM:\x00\x00\x00\x00\x00\x00\x006\x00\x00\x00(\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x18"
        + bytes(30)
    )
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, 1))
    entries = b"".join(
        tag.to_bytes(2, "little") + b"\x04\x00\x01\x00\x00\x00" + v.to_bytes(4, "little") for tag, v in tags
    )
    yield b"II*\x00\x0a\x00\x00\x00\xff\x00" + len(tags).to_bytes(2, "little") + entries + bytes(4)
    yield (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00C\x00"
        + bytes(64)
        + b"\xff\xd9"
    )
