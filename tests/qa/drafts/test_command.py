"""``python -m qa check``: files in, lists and Word files out, errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest

import qa.__main__ as command
from ingest.home import Home

TEXT = "工作汇报\n\n根据《校园安全法》第三十条办理。\n"


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, draft_home: Home) -> None:
    monkeypatch.setenv("KB_HOME", str(draft_home.root))
    monkeypatch.setattr("qa.drafts.command.ensure_corpus", lambda home, progress=None: None)


@pytest.fixture
def draft(draft_file: Path) -> Path:
    draft_file.write_text(TEXT, encoding="utf-8")
    return draft_file


def test_a_list_for_people(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["check", str(draft)]) == 0
    printed = capsys.readouterr()
    assert "■ 有误（1）" in printed.out and "最后一条是第七条" in printed.out and printed.err == ""


def test_json_and_a_word_file(draft: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.docx"
    assert command.main(["check", str(draft), "--json", "--docx", str(out), "--as-of", "2025-06-01"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"] == {"wrong": 1, "check": 0, "unchecked": 0, "fine": 0}
    assert len(list(docx.Document(str(out)).comments)) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["不存在.txt"], "打不开文件“不存在.txt”"),
        (["{draft}", "--as-of", "去年"], "日期“去年”不合要求"),
        (["{draft}", "--docx", "/不存在的文件夹/x.docx"], "写不进去"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], said: str, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["check", *(each.format(draft=draft) for each in arguments)]) == 1
    assert said in capsys.readouterr().err


def test_an_empty_draft_is_refused(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft.write_text(" \n")
    assert command.main(["check", str(draft)]) == 1
    assert "draft.txt" in capsys.readouterr().err


def test_a_command_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as status:
        command.main(["check"])
    assert status.value.code == 2
