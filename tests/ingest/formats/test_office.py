"""DOC, WPS and RTF: a program that stands for LibreOffice is called rightly, and ended in time."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import office
from tests.ingest.formats.docx_files import definition, docx, level, numbered, p

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(*streams: str, flags: int = 0) -> bytes:
    """A file that looks like OLE: a head, the main stream's first bytes, a directory of these streams."""
    main = b"\xec\xa5\xc1\x00" + bytes(7) + bytes([flags])
    entries = b"".join(_entry(stream) for stream in ("Root Entry", *streams))
    return (OLE + bytes(504)) + main.ljust(512, b"\x00") + entries.ljust(1024, b"\x00")


def _entry(stream: str) -> bytes:
    written = stream.encode("utf-16-le")
    return written.ljust(64, b"\x00") + (len(written) + 2).to_bytes(2, "little") + bytes(62)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in LibreOffice's place: writes what lies in ``made`` to the folder that it is told."""
    path = tmp_path / "soffice"
    numbering = definition("0", level(0, "第%1章"), level(1, "第%2条")) + numbered("1", "0")
    body = "".join(p("甲", num="1", level=depth) for depth in (0, 1, 0, 1))
    (tmp_path / "made").write_bytes(docx(body, numbering=numbering))
    path.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\nfolder = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
        f"folder.mkdir()\n(folder / 'source.docx').write_bytes(pathlib.Path({str(tmp_path / 'made')!r}).read_bytes())\n"
        f"pathlib.Path({str(tmp_path / 'called')!r}).write_text('\\n'.join(sys.argv))\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(office, "find_program", lambda: path)
    return path


@pytest.mark.parametrize(
    ("content", "ending"), [(ole("WordDocument"), "doc"), (b"{\\rtf1 x}", "rtf"), (ole("Contents"), "doc")]
)
def test_a_file_is_converted_and_read(program: Path, content: bytes, ending: str) -> None:
    found = office.read(content, "甲.wps")
    assert found.text == "第1章 甲\n第1条 甲\n第2章 甲\n第2条 甲\n"  # articles run on, which LibreOffice forgets
    assert "LibreOffice" in found.notices[0].message
    called = (program.parent / "called").read_text().splitlines()
    assert {"--headless", "--convert-to"} <= set(called)
    assert called[-1].endswith(f"source.{ending}")
    profile = next(word for word in called if word.startswith("-env:UserInstallation=file:"))
    assert not Path(profile.partition("file://")[2]).exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (ole("EncryptedPackage", "EncryptionInfo"), "有密码保护"),
        (ole("WordDocument", flags=1), "有密码保护"),
        (ole("Workbook"), "Excel 表格"),
        (ole("PowerPoint Document"), "演示文稿"),
        (OLE + bytes(100), "不完整"),
    ],
)
def test_what_is_no_readable_document_is_refused_before_conversion(program: Path, content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        office.read(content, "甲.doc")
    assert not (program.parent / "called").exists()


def test_without_the_program_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_program", lambda: None)
    with pytest.raises(UnreadableFile, match="另存为 DOCX.*apt-get install libreoffice-writer"):
        office.read(ole("WordDocument"), "甲.doc")


def test_the_program_is_looked_for_on_the_path(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert office.find_program() == program


@pytest.mark.parametrize("script", ["exit 0", "exit 1"])
def test_a_program_that_makes_nothing_is_told(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    with pytest.raises(UnreadableFile, match="不能由 LibreOffice 转换"):
        office.read(ole("WordDocument"), "甲.doc")


def test_a_program_that_does_not_start_is_told(program: Path) -> None:
    program.write_text("no program")
    program.chmod(0o600)
    with pytest.raises(UnreadableFile, match="启动 LibreOffice 失败"):
        office.read(ole("WordDocument"), "甲.doc")


def test_a_program_that_hangs_is_ended_with_its_children(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "TIMEOUT", 0.5)
    child = program.parent / "child"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {child}\nwait\n")
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match="已停止"):
        office.read(ole("WordDocument"), "甲.doc")
    assert time.monotonic() - began < 10
    deadline = time.monotonic() + 5
    while _runs(int(child.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(int(child.read_text()))


def _runs(process: int) -> bool:
    """Whether a process of this id is alive; one that only waits to be collected is not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
