"""How long a reader waits: the server's start, and from opening the page to the first answer on it.

A real Streamlit server on a free port of this machine and a headless Chromium. Needs the package playwright and a
Chromium; says which is missing.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from ingest.errors import KnowledgeBaseError
from ingest.home import PROJECT_DIR, Home

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ANSWER = ".kb-answer"  # the element that holds an answer or a refusal
LIMIT = 120.0  # seconds to wait for the server and for an answer


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Seconds on a warm knowledge base: the server's start, then the first reader's wait and a later reader's."""

    server_ready: float
    first_answer: float
    later_answer: float


def find_browser() -> str | None:
    """A Chromium's path: ``KB_CHROMIUM`` where it is set, else one of the usual names."""
    named = os.environ.get("KB_CHROMIUM", "").strip()
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def page_times(home: Home, question: str) -> tuple[PageTimes | None, str]:
    """The times and "", or ``None`` and why they could not be measured."""
    browser = find_browser()
    if browser is None:
        return None, "没有找到 Chromium，没有测量页面。装好后用 KB_CHROMIUM 指明它的位置即可测量。"
    try:
        import playwright  # noqa: F401
    except ImportError:
        return None, "没有安装 playwright，没有测量页面。请先运行 pip install -r requirements-dev.txt。"
    started = time.monotonic()
    with served(home) as address:
        ready = time.monotonic() - started
        url = f"{address}/?{urlencode({'q': question})}"
        first, later = _answer_times(browser, url)
    return PageTimes(ready, first, later), ""


@contextmanager
def served(home: Home) -> Iterator[str]:
    """A running server for the block, and its address."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    environ = {**os.environ, "KB_HOME": str(home.root), "PYTHONUTF8": "1"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, cwd=PROJECT_DIR, env=environ, stdin=quiet, stdout=quiet, stderr=quiet) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/_stcore/health", server)
            yield address
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()


def _answer_times(browser: str, url: str) -> tuple[float, float]:
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright, playwright.chromium.launch(executable_path=browser) as chromium:
            times = []
            for _ in range(2):
                page = chromium.new_page()
                started = time.monotonic()
                page.goto(url)
                page.wait_for_selector(ANSWER, timeout=LIMIT * 1000)
                times.append(time.monotonic() - started)
                page.close()
            return times[0], times[1]
    except Error as error:
        raise KnowledgeBaseError(f"页面上没有等到回答（{url}）：{error.message}") from error


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.05)
    raise KnowledgeBaseError(f"页面服务没有启动（等了 {LIMIT:.0f} 秒）。请单独运行 streamlit run app.py 查看原因。")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
