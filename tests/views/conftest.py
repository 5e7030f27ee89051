"""The page under test: the demo knowledge base, a server for the browser, and Chromium itself."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))

_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_ADVICE = "没有找到 Chromium：请运行 apt-get install chromium，或用 KB_CHROMIUM 指出它的路径。浏览器测试没有执行。"
_START_SECONDS = 60


def _chromium_path() -> str | None:
    named = os.environ.get("KB_CHROMIUM")
    found = [named] if named else map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path and Path(path).is_file()), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A running Chromium; missing, it skips with advice, or fails where CI is set."""
    path = _chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(_ADVICE, pytrace=False)
        pytest.skip(_ADVICE)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield browser
        browser.close()


@contextmanager
def _served(script: Path, log: Path, **environ: str) -> Iterator[str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += ["--server.headless=true", "--server.address=127.0.0.1"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=PROJECT, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **environ}
        )
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"页面没有启动：{log.read_text(encoding='utf-8', errors='replace')[-2000:]}", pytrace=False)


Serve = Callable[..., object]


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Start a Streamlit script on a free port: ``with serve(script, KB_HOME=...) as address``."""
    folder = tmp_path_factory.mktemp("servers")
    return lambda script, **environ: _served(script, folder / f"{time.monotonic_ns()}.log", **environ)


@pytest.fixture(scope="session")
def demo_address(serve: Serve) -> Iterator[str]:
    """The page over the demo knowledge base."""
    with serve(PROJECT / "tests" / "views" / "demo_app.py") as address:  # type: ignore[attr-defined]
        yield address
