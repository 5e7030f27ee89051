from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import limits
from ingest.formats.zipped import Member, is_archive, unpack
from ingest.home import Home
from ingest.intake import ingest_files
from ingest.storage import Store

NOTICE = "关于加强学校安全工作的通知\n一、各学校要建立健全安全管理制度。\n二、各学校要明确责任人。\n"


def zip_of(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def saved(folder: Path, members: dict[str, bytes], name: str = "文件.zip") -> Path:
    path = folder / name
    path.write_bytes(zip_of(members))
    return path


def unpacked(path: Path, folder: Path) -> dict[str, Member]:
    return {member.inside: member for member in unpack(path, folder / "out")}


def test_members_lie_under_our_folder(tmp_path: Path) -> None:
    inner = zip_of({"丙.txt": NOTICE.encode(), "再里.zip": zip_of({"丁.txt": b"x"})})
    path = saved(
        tmp_path, {"甲/乙.txt": NOTICE.encode(), "内.zip": inner, "__MACOSX/._乙.txt": b"x", "甲/.DS_Store": b"x"}
    )
    found = unpacked(path, tmp_path)
    assert is_archive(path)
    assert set(found) == {"甲/乙.txt", "内.zip/丙.txt", "内.zip/再里.zip"}
    good = found["内.zip/丙.txt"].unpacked
    assert good is not None and good.name == "丙.txt" and good.read_text(encoding="utf-8") == NOTICE
    assert good.is_relative_to(tmp_path / "out")
    assert "压缩包里的压缩包" in found["内.zip/再里.zip"].refused


@pytest.mark.parametrize("name", ["../外.txt", "/外.txt", "甲/../../外.txt", "C:\\外.txt", "..\\外.txt"])
def test_a_path_that_leaves_the_zip_is_refused(tmp_path: Path, name: str) -> None:
    found = list(unpack(saved(tmp_path, {name: NOTICE.encode(), "好.txt": b"x"}), tmp_path / "out"))
    assert [member.unpacked is None for member in found] == [True, False]
    assert "越出压缩包" in found[0].refused
    assert {path.name for path in tmp_path.rglob("*.txt")} == {"好.txt"}


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("链接.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "文件.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "是链接" in unpacked(tmp_path / "文件.zip", tmp_path)["链接.txt"].refused


def test_names_of_chinese_systems_are_read(tmp_path: Path) -> None:
    content = zip_of({"a.txt": b"x"}).replace(b"a.txt", "通a".encode("gb18030") + b"xt")
    (tmp_path / "文件.zip").write_bytes(content)
    assert set(unpacked(tmp_path / "文件.zip", tmp_path)) == {"通axt"}


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = saved(tmp_path, {"大.txt": b"0" * 3_000_000})
    with pytest.raises(UnreadableFile, match="压缩比异常"):
        list(unpack(bomb, tmp_path / "out"))
    monkeypatch.setattr(limits, "MAX_UNPACKED", 1000)
    with pytest.raises(UnreadableFile, match="解压后有"):
        list(unpack(saved(tmp_path, {"大.txt": bytes(range(256)) * 8}), tmp_path / "out"))


def test_a_zip_is_taken_in_file_by_file(tmp_path: Path) -> None:
    path = saved(tmp_path, {"好.txt": NOTICE.encode(), "坏.pdf": b"%PDF-1.7 nothing", "空.txt": b""})
    with Store.open(Home(tmp_path / "kb"), write=True) as store:
        intakes = {intake.path.name: intake for intake in ingest_files(store, [path])}
        assert [document.title for document in store.documents()] == ["关于加强学校安全工作的通知"]
    assert {name for name, intake in intakes.items() if intake.added is None} == {"坏.pdf", "空.txt"}
    assert intakes["好.txt"].path == path / "好.txt"


def test_an_empty_zip_and_a_broken_one_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="没有文件"):
        list(unpack(saved(tmp_path, {"甲/": b""}), tmp_path / "out"))
    broken = tmp_path / "坏.zip"
    broken.write_bytes(zip_of({"好.txt": NOTICE.encode()})[:-30])
    with Store.open(Home(tmp_path / "kb"), write=True) as store:
        assert [intake.refused is not None for intake in ingest_files(store, [broken])] == [True]
        assert store.documents() == []
