"""What all tests share: a knowledge base of their own, the real model, Chromium, and no skipping in silence under CI.

A test marked ``model``, ``browser``, ``ocr`` or ``realdata`` is skipped with the reason where what it needs is
missing. Under ``CI=true`` a skipped test fails, so that a green run means that all of them ran; only ``realdata`` and
``ocr`` may be skipped there, since the folder is not shipped and the component is optional.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from evaluation.page_speed import find_browser
from index.models import DEFAULT_MODEL, ensure_model
from ingest.errors import ModelUnavailable
from ingest.home import Home, home_from

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
OPTIONAL = ("realdata", "ocr")  # the folder is not shipped, the component is not required
REALDATA = os.environ.get("KB_REALDATA", "").strip()
USERS_HOME = home_from()
os.environ["KB_STATUTES"] = "off"  # no first start in a test fetches the package of laws
NO_BROWSER = "没有找到 Chromium：请安装（例如 apt-get install chromium），或用 KB_CHROMIUM 指明它的位置"
NO_REALDATA = "没有真实文件：请用 KB_REALDATA 指明它们所在的文件夹"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the knowledge base, or asks the language model, of the person who runs it."""
    for name in ("KB_LLM_URL", "KB_LLM_MODEL", "KB_LLM_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KB_HOME", str(tmp_path_factory.getbasetemp() / "own-home"))


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A knowledge base with the real default model in it and nothing else.

    The model is taken from the user's own home, and fetched into it first, as at a first start, where it is missing.
    """
    try:
        model = ensure_model(USERS_HOME, name=DEFAULT_MODEL)
    except ModelUnavailable as error:
        pytest.skip(str(error))
    home = Home(tmp_path_factory.mktemp("model") / "kb")
    shutil.copytree(model.folder, home.models / model.folder.name)
    return home


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium."""
    return find_browser() or pytest.skip(NO_BROWSER)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real documents that is not shipped, named by ``KB_REALDATA``."""
    return Path(REALDATA) if REALDATA else pytest.skip(NO_REALDATA)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say why a marked test cannot run here."""
    if item.get_closest_marker("browser") and find_browser() is None:
        pytest.skip(NO_BROWSER)
    if item.get_closest_marker("realdata") and not REALDATA:
        pytest.skip(NO_REALDATA)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI a skipped test has failed."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail") and not any(map(item.get_closest_marker, OPTIONAL)):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Under CI a skipped file has failed."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not accept: {report.longrepr}"
    return report
