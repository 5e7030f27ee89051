"""``python -m qa ask``: usage, questions files, streams and exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import qa.__main__ as command
from ingest.errors import IndexMissing, UnreadableFile
from qa.engine import Engine
from qa.records import Answer, Written
from qa.summary import Summarised

Lines = Callable[[str | bytes], Path]


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> None:
    """The command opens the toy engine."""
    monkeypatch.setattr(command.Engine, "open", lambda home, progress=None: engine)


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    """Writes a questions file."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "questions.jsonl"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def usage_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as exit_status:
        command.main(arguments)
    assert exit_status.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_an_answer_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", "书库每周开放几次"]) == 0
    printed = capsys.readouterr()
    assert "“学校应当每周开放书库不少于3次。”" in printed.out and printed.err == ""


def test_an_answer_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", "书库每周开放几次", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["answered"] is True and row["citations"][0]["locator"] == "二（一）1"


@pytest.mark.parametrize("question", ["火箭怎么发射", "", "？"])
def test_a_stated_refusal_is_no_error(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", question, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answered"] is False


def test_documents_and_language_are_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["ask", "what must schools do", "--doc", "library", "--doc", "garden", "--lang", "en"]
    assert command.main(words) == 0
    assert "4 requirement(s) for schools" in capsys.readouterr().out
    assert command.main(words[:-2]) == 0
    assert "4 requirement(s) for schools" in capsys.readouterr().out  # an English question has an English answer
    assert command.main([*words[:4], "--json"]) == 0
    assert {row["doc_id"] for row in json.loads(capsys.readouterr().out)["citations"]} == {"library"}


def test_an_unknown_document_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", "书库", "--doc", "nothing"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and "nothing" in printed.err


def test_an_error_for_machines_is_an_object(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command.main(["ask", "书库", "--doc", "nothing", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["kind"] == "UnknownDocument" and "nothing" in error["message"]

    def missing(home: object, progress: object = None) -> Engine:
        raise IndexMissing("索引不在。\n请先建立。")

    monkeypatch.setattr(command.Engine, "open", missing)
    assert command.main(["ask", "书库", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "error": {"kind": "IndexMissing", "message": "索引不在。 请先建立。"}
    }


def test_a_question_or_a_file_but_not_both_and_not_neither(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    assert "二者取一" in usage_error(["ask"], capsys)
    assert "二者取一" in usage_error(["ask", "书库", "--questions", str(lines(""))], capsys)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少参数"),
        (["answer"], "可选的有 'ask'"),
        (["ask", "书库", "--lang", "fr"], "没有 'fr'"),
        (["ask", "书库", "押金"], "不认识的参数"),
        (["ask", "书库", "--doc"], "后面要跟一个值"),
    ],
)
def test_bad_usage_is_told_in_chinese(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in usage_error(arguments, capsys)


IDS: list[Any] = ["a-1", 7, 1.5, None, True, ["x", 1], {"k": "v"}, "七"]


def test_a_file_gives_one_object_a_line_with_the_id_as_it_was(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    asked = "".join(json.dumps({"id": one, "question": "押金"}, ensure_ascii=False) + "\n" for one in IDS)
    assert command.main(["ask", "--questions", str(lines(asked)), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == IDS
    assert [type(row["id"]) for row in rows] == [type(one) for one in IDS]
    assert all(next(iter(row)) == "id" and row["answered"] for row in rows)


def test_answers_of_a_file_are_streamed(
    lines: Lines, engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before: list[str] = []
    ask = engine.ask

    def noting(question: str, **options: Any) -> Answer:
        before.append(capsys.readouterr().out)
        return ask(question, **options)

    monkeypatch.setattr(engine, "ask", noting)
    path = lines('{"id": 1, "question": "押金"}\n{"id": 2, "question": "树木"}\n')
    assert command.main(["ask", "--questions", str(path), "--json"]) == 0
    assert before[0] == "" and json.loads(before[1])["id"] == 1


def test_answers_of_a_file_for_people_name_id_and_question(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", "--questions", str(lines('{"id": "a", "question": "押金"}'))]) == 0
    assert capsys.readouterr().out.startswith("[a] 押金\n找到 1 个条款")


def test_controls_in_a_question_do_not_reach_the_terminal(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    path = lines(json.dumps({"id": "a\x1b[2J", "question": "押\x1b]0;x\x07金"}))
    assert command.main(["ask", "--questions", str(path)]) == 0
    assert not set(capsys.readouterr().out) & {"\x1b", "\x07"}


def test_an_empty_file_asks_nothing(lines: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", "--questions", str(lines("")), "--json"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b'{"id": 1, "question": "\xe7\x94\xb2"}', [(1, "甲")]),
        (b'\xef\xbb\xbf{"id": 1, "question": "a"}\r\n\r\n  \n{"id": 2, "question": ""}\r\n', [(1, "a"), (2, "")]),
        ('{"id": 1, "question": "甲\u2028乙\u0085丙"}\n'.encode(), [(1, "甲\u2028乙\u0085丙")]),
        (b'{"id": 1, "question": "a", "category": "x"}', [(1, "a")]),
        (b"", []),
    ],
)
def test_questions_are_read(lines: Lines, content: bytes, read: list[tuple[object, str]]) -> None:
    assert list(command.read_questions(lines(content))) == read


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"id": 1, "question": "甲"}\n{"id": 2', "第 2 行不是 JSON"),
        ("\n\n学校必须做什么\n", "第 3 行不是 JSON"),
        ("[" * 100_000, "第 1 行不是 JSON"),
        ('{"id": ' + "9" * 5000 + ', "question": "甲"}', "第 1 行不是 JSON"),
        ('{"question": "甲"}', "第 1 行应为"),
        ('{"id": 1, "question": "甲"}\n{"id": 2, "question": 5}', "第 2 行应为"),
        ('{"id": 1}', "第 1 行应为"),
        ('["甲"]', "第 1 行应为"),
        (b"\xff\xfe", "读不出来"),
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(
    lines: Lines, content: str | bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = lines(content)
    with pytest.raises(UnreadableFile, match=message):
        list(command.read_questions(path))
    assert command.main(["ask", "--questions", str(path), "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["kind"] == "UnreadableFile" and message in error["message"] and path.name in error["message"]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["ask", "--questions", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_the_answer_stands_before_the_language_model_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("KB_LLM_MODEL", "toy")
    shown: list[str] = []

    def asked(answer: Answer, wording: object) -> Summarised:
        shown.append(capsys.readouterr().out)
        return Summarised(answer, "语言模型在 20 秒内没有答完。")

    monkeypatch.setattr(command, "summarised", asked)
    assert command.main(["ask", "书库每周开放几次"]) == 0
    assert "“学校应当每周开放书库不少于3次。”" in shown[0]
    assert "没有语言模型的归纳：语言模型在 20 秒内没有答完。" in capsys.readouterr().err


def test_the_summary_stands_below_the_answer(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("KB_LLM_MODEL", "toy")

    def asked(answer: Answer, wording: object) -> Summarised:
        written = (Written("每周三次。", (answer.citations[0].clause.clause_id,)),)
        return Summarised(replace(answer, written=written))

    monkeypatch.setattr(command, "summarised", asked)
    assert command.main(["ask", "书库每周开放几次"]) == 0
    out = capsys.readouterr().out
    assert out.index("学校应当每周开放书库") < out.index("由语言模型根据所引条款归纳") < out.index("每周三次。")
