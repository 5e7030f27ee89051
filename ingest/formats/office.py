"""Files of older word processors (DOC, WPS, RTF): turned into DOCX by LibreOffice, where it is installed.

LibreOffice runs without a window, in a profile of its own that is thrown away: macros off, links not followed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.formats.reading import Reading
from ingest.records import Notice
from ingest.system_errors import reason

TIMEOUT = 120  # seconds; the first start of LibreOffice on a slow machine takes half a minute
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF = b"{\\rtf"
_PROGRAMS = ("soffice", "libreoffice", "soffice.com")
_USUAL_PLACES = (
    "/usr/bin/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
# Streams of an OLE file that tell what it is: the name, what it is called, what to do with it.
_OTHER_KINDS = (
    ("Workbook", "Excel 表格"),
    ("Book", "Excel 表格"),
    ("PowerPoint Document", "演示文稿"),
    ("__properties_version1.0", "Outlook 邮件"),
)
_ENCRYPTED = ("EncryptedPackage", "EncryptionInfo")
_SECTOR = 512
_FIB = b"\xec\xa5"  # the first bytes of a Word document's main stream
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
</oor:items>
"""


def read(content: bytes, name: str) -> Reading:
    """The text of a DOC, WPS or RTF file.

    Raises:
        UnreadableFile: encrypted, damaged, another kind of file, or LibreOffice is missing or does not manage it.
    """
    kind = "RTF" if content.startswith(_RTF) else "旧版 Word 或 WPS 文档"
    if content.startswith(_OLE):
        _refuse_ole(content, name)
    program = find_program()
    if program is None:
        raise UnreadableFile(
            f"文件“{name}”是{kind}，读它要用 LibreOffice，本机没有找到。请用 Word 或 WPS 打开后另存为 DOCX 再试；"
            "或安装 LibreOffice（Debian、Ubuntu：apt-get install libreoffice-writer，其他系统见 libreoffice.org）。"
        )
    from ingest.formats import docx

    reading = docx.read_converted(_converted(content, name, program), name)
    message = f"原文件是{kind}，由 LibreOffice 转换后读取，自动编号的“第几条”按全文连续编号。如有出入请核对原件。"
    return replace(reading, notices=(Notice("healed", message), *reading.notices))


def find_program() -> Path | None:
    """Where LibreOffice is, ``None`` where it is not installed."""
    found = next((path for program in _PROGRAMS if (path := shutil.which(program))), None)
    usual = (found, *_USUAL_PLACES)
    return next((Path(path) for path in usual if path and Path(path).is_file()), None)


def _refuse_ole(content: bytes, name: str) -> None:
    """Refuse what is no readable word processor file, by the streams that its directory names."""
    if len(content) < 3 * _SECTOR:
        raise UnreadableFile(f"文件“{name}”不完整（只有 {len(content)} 字节）。请重新下载或另存后再试。")
    encrypted = any(_names_stream(content, stream) for stream in _ENCRYPTED) or any(
        content[place + 11] & 1 for place in _document_heads(content)
    )
    if encrypted:
        raise UnreadableFile(f"文件“{name}”有密码保护，读不出内容。请用 Word 或 WPS 打开，去掉密码后另存再试。")
    if not _names_stream(content, "WordDocument"):
        other = next((label for stream, label in _OTHER_KINDS if _names_stream(content, stream)), None)
        if other is not None:
            raise UnreadableFile(f"文件“{name}”是{other}，不能作为政策文件读取。请另存为 DOCX 或 PDF 后再试。")


def _names_stream(content: bytes, stream: str) -> bool:
    """Whether a directory entry has this name: 64 bytes for the name, then its length in bytes with the end mark."""
    written = stream.encode("utf-16-le")
    place = content.find(written + b"\x00\x00")
    while place >= 0:
        length = int.from_bytes(content[place + 64 : place + 66], "little")
        if place % 128 == 0 and length == len(written) + 2:
            return True
        place = content.find(written + b"\x00\x00", place + 1)
    return False


def _document_heads(content: bytes) -> Iterator[int]:
    """Where the main stream of a Word document may begin; its flags say whether it is encrypted."""
    place = content.find(_FIB, _SECTOR)
    while place >= 0:
        if place % _SECTOR == 0 and len(content) > place + 12:
            yield place
        place = content.find(_FIB, place + 1)


def _converted(content: bytes, name: str, program: Path) -> bytes:
    """``content`` as DOCX."""
    with tempfile.TemporaryDirectory(prefix="policy-clauses-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / ("source.rtf" if content.startswith(_RTF) else "source.doc")
        source.write_bytes(content)
        profile = Path(folder) / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        target = Path(folder) / "converted"
        command = [str(program), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--nolockcheck", "--nodefault", "--nofirststartwizard", "--convert-to", "docx:MS Word 2007 XML"]
        _run([*command, "--outdir", str(target), str(source)], name)
        made = target / "source.docx"
        if not made.is_file():
            raise UnreadableFile(
                f"文件“{name}”不能由 LibreOffice 转换，可能已损坏或有密码。请用 Word 或 WPS 打开后另存为 DOCX 再试。"
            )
        return made.read_bytes()


def _run(command: list[str], name: str) -> None:
    """Run ``command``; its whole process group ends with it or after ``TIMEOUT``."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UnreadableFile(
            f"启动 LibreOffice 失败（{reason(error)}），文件“{name}”未读取。请另存为 DOCX 再试。"
        ) from error
    try:
        process.wait(timeout=TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            f"文件“{name}”用 LibreOffice 转换超过 {TIMEOUT} 秒，已停止。请用 Word 或 WPS 打开后另存为 DOCX 再试。"
        ) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and those it started."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # all of them may have ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
