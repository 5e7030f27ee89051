"""Whatever bytes come in, reading them gives a text or one clear refusal: never another exception."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.parse import uncovered
from ingest import formats
from ingest.errors import UnreadableFile
from ingest.parsing import parse_reading

_PIECES = (
    b"%PDF-1.7\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a",
    b"BM",
    b"<html>", b"<table><tr><td rowspan=9999999 colspan='-3'>", b"</td></tr>", b"<ol start=99999 type=a><li>", b"<!--",
    b"<p>",
    b"Content-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html\n\n", b"\xff\xfe", b"\x00", b"\n",
    "第一条 为了安全。".encode(), "一、要求（一）".encode(), "附件1\n".encode(), "2024年13月40日".encode(),
    "目录\n".encode(),
    "｜".encode(), "《》第十条同时废止。".encode(), "自印发之日起施行，有效期九十九年。".encode(),
    "通知".encode("gb18030"),
)  # fmt: skip
_BYTES = st.lists(st.one_of(st.sampled_from(_PIECES), st.binary(max_size=12)), max_size=30).map(b"".join)
_QUICK = settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def check(content: bytes) -> None:
    try:
        reading = formats.read(content, "文件")
        parsed = parse_reading(reading, source_file="文件", sha256="0" * 64)
    except UnreadableFile as error:
        assert str(error)
        return
    assert uncovered(parsed) == ""


@_QUICK
@given(_BYTES)
def test_bytes(content: bytes) -> None:
    check(content)


@_QUICK
@given(
    st.text(alphabet="第一二三十章节条、（）()1234.．：。；\n 附件目录表录｜年月日〔〕号令发文通知办法", max_size=120)
)
def test_texts(text: str) -> None:
    check(text.encode())


def samples() -> Iterator[bytes]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document><w:body><w:p>文字</w:p></w:body></w:document>")
    yield stream.getvalue()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("OFD.xml", "<ofd:OFD xmlns:ofd='http://www.ofdspec.org/2016'><ofd:DocBody/></ofd:OFD>")
    yield stream.getvalue()
    yield (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R>>"
    )
    yield "<html><body><div id=zoom><p>第一条 为了安全。</p><table><tr><td>a<td>b<tr><td>c<td>d</table></div>".encode()
    yield b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"


@_QUICK
@given(
    st.sampled_from(list(samples())),
    st.lists(st.tuples(st.integers(0, 600), st.binary(min_size=0, max_size=4)), max_size=4),
)
def test_altered_files(content: bytes, changes: list[tuple[int, bytes]]) -> None:
    for place, words in changes:
        place %= len(content) or 1
        content = content[:place] + words + content[place + 2 :]
    check(content)
