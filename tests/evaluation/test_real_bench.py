"""The measuring of real starts: that the child process and the page are found and timed, not how long they take."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.bench import start_up
from evaluation.page_speed import find_browser, page_times
from ingest.errors import KnowledgeBaseError
from ingest.home import Home

QUESTION = "学校必须做什么"


@pytest.mark.model
def test_a_real_start_is_timed(model_home: Home) -> None:
    start = start_up(model_home, QUESTION)
    assert 0 < start.imported <= start.ready <= start.first_answer
    assert start.memory_mib is None or start.memory_mib > 50


@pytest.mark.model
@pytest.mark.browser
def test_a_real_page_is_timed(model_home: Home) -> None:
    times, note = page_times(model_home, QUESTION)
    assert note == ""
    assert times is not None
    assert min(times.server_ready, times.first_answer, times.later_answer) > 0


def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "kb.sqlite").write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(KnowledgeBaseError, match=r"退出码 1.*\n.*kb.sqlite"):
        start_up(Home(tmp_path), QUESTION)


def test_a_browser_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_CHROMIUM", "/opt/browser")
    assert find_browser() == "/opt/browser"


def test_without_a_browser_the_page_is_not_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KB_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    times, note = page_times(Home(tmp_path), QUESTION)
    assert times is None
    assert "没有找到 Chromium" in note
