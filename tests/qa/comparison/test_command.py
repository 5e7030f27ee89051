"""``python -m qa compare``: documents, versions and files; errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

import qa.__main__ as command
from ingest.errors import ModelUnavailable
from ingest.home import Home
from tests.qa.comparison.conftest import NEW, OLD
from tests.qa.drafts.conftest import fill


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("compare") / "kb")
    fill(home)
    return home


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, filled: Home) -> None:
    def no_model(*_: object, **__: object) -> None:
        raise ModelUnavailable("没有模型")

    monkeypatch.setenv("KB_HOME", str(filled.root))
    monkeypatch.setattr("qa.comparison.command.ensure_corpus", lambda home, progress=None: None)
    monkeypatch.setattr("index.encoder.open_encoder", no_model)


def test_two_versions_of_the_base(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["compare", "law@1", "law@2", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert (row["mode"], row["before"]["version"], row["after"]["version"]) == ("versions", 1, 2)
    changed = [pair["before"]["locator"] for pair in row["pairs"] if pair["kind"] == "changed"]
    assert changed == ["第二条", "第五条"]


def test_two_files_and_a_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("old.txt", OLD), ("new.txt", NEW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "out.xlsx"
    assert command.main(["compare", str(tmp_path / "old.txt"), str(tmp_path / "new.txt"), "--xlsx", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "按两个文本" in printed and "【改动】第二条 → 第二条" in printed and "没有取到语言模型" in printed
    assert openpyxl.load_workbook(out).sheetnames[0] == "概况"


def test_the_relation_may_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["compare", "law@1", "law", "--as", "levels", "--lang", "en"]) == 0
    assert "obligations above" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["law@9", "law"], "没有第 9 版"),
        (["lav", "law"], "没有编号为“lav”的文件"),
        (["没有的.docx", "law"], "打不开文件“没有的.docx”"),
    ],
)
def test_what_is_not_there_is_said(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["compare", *arguments]) == 1
    assert said in capsys.readouterr().err
