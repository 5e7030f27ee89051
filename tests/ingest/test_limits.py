from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import limits, read
from ingest.formats.detect import detect
from ingest.loading import load


def zip_of(members: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in members.items():
            archive.writestr(name, words)
    return stream.getvalue()


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate(limits.MAX_FILE + 1)
    with pytest.raises(UnreadableFile, match="“大.txt”有 300 MB，最多可读 300 MB"):
        load(path)


def test_too_many_pages_are_refused() -> None:
    limits.check_pages(limits.MAX_PAGES, "a")
    with pytest.raises(UnreadableFile, match="10001 页"):
        limits.check_pages(limits.MAX_PAGES + 1, "a")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "外部引用或实体"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "外部引用或实体"),
        (b"<a>" * 300 + b"</a>" * 300, "嵌套超过|损坏"),
        (b"<a><b></a>", "损坏"),
        (b"", "损坏"),
    ],
)
def test_xml_that_may_do_harm_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        limits.parse_xml(content, "a.docx")


def test_a_member_that_lies_about_its_size_is_refused() -> None:
    content = zip_of({"a.txt": "0123456789"})
    with limits.open_zip(content, "a.zip") as archive:
        archive.infolist()[0].file_size = 4
        with pytest.raises(UnreadableFile, match="a.txt"):
            limits.read_member(archive, "a.txt", "a.zip")


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"word/document.xml": "<a/>"}, "docx"),
        ({"OFD.xml": "<a/>"}, "ofd"),
        ({"通知.txt": "文字"}, "zip"),
    ],
)
def test_a_zip_is_known_by_what_it_holds(members: dict[str, str], kind: str) -> None:
    assert detect(zip_of(members), "随便.pdf") == kind


def test_a_spreadsheet_and_a_zip_say_what_to_do() -> None:
    with pytest.raises(UnreadableFile, match="Excel"):
        read(zip_of({"xl/workbook.xml": "<a/>"}), "表.docx")
    with pytest.raises(UnreadableFile, match="压缩包"):
        read(zip_of({"通知.txt": "文字"}), "文件.zip")


def test_a_document_of_one_character_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "一.txt"
    path.write_text("一", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="“一.txt”只有 1 个字"):
        load(path)


def test_data_of_a_program_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "meta.json"
    path.write_text('[{"title": "关于印发办法的通知"}]', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="JSON"):
        load(path)
    path.write_text("[2019]4号\n关于印发办法的通知\n一、总则\n认真执行。\n", encoding="utf-8")
    assert load(path).reading.text
