"""``python -m qa requirements``: its options, its output, its exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.errors import InputError
from qa import __main__ as command
from qa.engine import Engine
from qa.register_command import selection_from
from qa.selection import LISTED, Selection


def selected(*options: str) -> Selection:
    return selection_from(command.parser().parse_args(["requirements", *options]))


def test_options_become_a_selection() -> None:
    options = [
        "--audience",
        "school,企业",
        "--modality",
        "必须,must_not",
        "--unit",
        "教育局",
        "--role",
        "lead",
        "--doc",
        "a",
    ]
    selection = selected(*options)
    assert (selection.audiences, selection.modalities) == (("school", "enterprise"), {"must", "must_not"})
    assert (selection.unit, selection.role, selection.doc_ids) == ("教育局", "lead", ("a",))
    plain = selected()
    assert (plain.modalities, plain.due_by) == (LISTED, None)
    due = selected("--deadline-before", "2025-06")
    assert (due.due_by, due.modalities) == ("2025-06-30", LISTED | {"goal"})


@pytest.mark.parametrize("options", [["--modality", "大概"], ["--audience", "外星人"], ["--deadline-before", "明天"]])
def test_what_nobody_knows_is_refused(options: list[str]) -> None:
    with pytest.raises(InputError):
        selected(*options)


def test_the_strengths_that_may_be_written_name_the_penalties_too() -> None:
    with pytest.raises(InputError, match="、处罚。"):
        selected("--modality", "大概")


@pytest.fixture
def opened(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.engine.Engine.open", lambda home, progress=None: engine)


@pytest.mark.usefixtures("opened")
def test_a_list_is_printed_saved_and_given_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["requirements", "--audience", "学校", "--modality", "禁止"]) == 0
    assert "[禁止] “严禁向读者收取押金。”" in capsys.readouterr().out
    path = tmp_path / "list.csv"
    assert command.main(["requirements", "--audience", "school", "--csv", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["requirements"]) == 4 and told["route"] == "register"
    assert path.read_text(encoding="utf-8-sig").count("\n") == 5


@pytest.mark.usefixtures("opened")
def test_nothing_found_is_said_and_is_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["requirements", "--unit", "公安局"]) == 1
    assert "没有写明由“公安局”" in capsys.readouterr().out
