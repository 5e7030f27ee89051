"""The tally of judged answers, with a toy engine whose answers are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import evaluation.__main__ as command
from evaluation import commands
from evaluation.answers import Verdict, judge, tallies, verdict
from evaluation.judged import JudgedQuestion, load_judged
from evaluation.report import failures_text
from ingest.errors import BadQuery, InputError
from ingest.records import Clause, Document, Span
from qa.records import Answer, Citation

PLAN = Document("plan", "方案", None, None, None, None, None, "unknown", "plan", "plan.txt", "0" * 64, 1)


def cite(locator: str, text: str = "每年至少安排一次。") -> Citation:
    clause = Clause(f"plan.{locator}", "plan", 0, "clause", (), (locator,), locator, text, "", Span(0, len(text)), 0)
    return Citation(clause, PLAN, (Span(0, len(text)),), 0.9)


def answer(*locators: str, text: str = "每年至少安排一次。") -> Answer:
    return Answer("q", True, None, "s", "search", citations=tuple(cite(locator, text) for locator in locators))


def refusal(*near: str) -> Answer:
    return Answer("q", False, "没有规定", "", "refused", near_misses=tuple(cite(locator) for locator in near))


class ToyEngine:
    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked_within: tuple[str, ...] = ()

    def ask(self, question: str, /, *, doc_ids: Sequence[str] = ()) -> Answer:
        if not question.strip():
            raise BadQuery("问题是空的")
        self.asked_within = tuple(doc_ids)
        return self.answers[question]

    def documents(self) -> Sequence[Document]:
        return [PLAN]


ASKED = JudgedQuestion("a", "几次", "frequency", True, ("一1", "一2"), ("一3",), ("至少安排一次",))
UNASKABLE = JudgedQuestion("u", "起征点", "no answer", False)
MISSING_SECTION = JudgedQuestion("m", "进连队", "no answer", False, also_ok=("二",))


@pytest.mark.parametrize(
    ("judged", "given", "recall", "precision", "right"),
    [
        (ASKED, answer("一1", "一2"), 1.0, 1.0, True),
        (ASKED, answer("一1", "一2", "一3"), 1.0, 1.0, True),
        (ASKED, answer("一1"), 1 / 2, 1.0, False),
        (ASKED, answer("一1", "一2", "一4"), 1.0, 2 / 3, False),
        (ASKED, answer("一4"), 0.0, 0.0, False),
        (ASKED, answer(), 0.0, 0.0, False),
        (ASKED, refusal("一1", "一2"), 0.0, 0.0, False),
        (ASKED, answer("一1", "一2", text="每年安排两次。"), 1.0, 1.0, False),
        (UNASKABLE, refusal("一1"), 0.0, 0.0, True),
        (UNASKABLE, answer("一1"), 1.0, 0.0, False),
        (MISSING_SECTION, refusal("二"), 0.0, 0.0, True),
        (MISSING_SECTION, refusal("一1"), 0.0, 0.0, True),
    ],
)
def test_a_verdict_compares_citations_and_quotes(
    judged: JudgedQuestion, given: Answer, recall: float, precision: float, right: bool
) -> None:
    found = verdict(judged, given)
    assert found.right == right
    if judged.answered:
        assert (found.recall, found.precision) == (pytest.approx(recall), pytest.approx(precision))


def test_judged_words_are_found_across_the_line_breaks_of_the_source() -> None:
    assert verdict(ASKED, answer("一1", "一2", text="每年至少\n  安排一次。")).right


def test_a_locator_may_carry_its_document() -> None:
    assert verdict(JudgedQuestion("a", "几次", "c", True, ("《方案》一1",)), answer("一1")).right
    assert not verdict(JudgedQuestion("a", "几次", "c", True, ("《办法》一1",)), answer("一1")).right


def judged_verdicts() -> tuple[Verdict, ...]:
    questions = (ASKED, JudgedQuestion("b", "谁", "duty", True, ("一1",)), UNASKABLE, MISSING_SECTION)
    engine = ToyEngine(
        {"几次": answer("一1", "一4"), "谁": refusal("一1"), "起征点": answer("一1"), "进连队": refusal("二")}
    )
    return tuple(judge(engine, questions))


def test_every_measure_has_one_denominator() -> None:
    whole, *categories = tallies(judged_verdicts())
    assert (whole.questions, whole.right) == (4, 1)
    assert (whole.answered_rightly, whole.answerable) == (1, 2)
    assert (whole.refused_rightly, whole.unanswerable) == (1, 2)
    assert whole.recall == pytest.approx((1 / 2 + 0) / 2)
    assert whole.complete == 0
    assert whole.precision == pytest.approx((1 / 2 + 0) / 2)
    assert whole.citations == pytest.approx((2 + 1) / 2)
    assert whole.quote_hit == 1
    assert whole.near_hit == 1
    assert [tally.category for tally in categories] == ["frequency", "duty", "no answer"]
    assert categories[2].recall is None


def test_a_question_refused_as_senseless_counts_as_refused() -> None:
    (found,) = judge(ToyEngine({}), (JudgedQuestion("e", "  ", "empty", False),))
    assert found.right
    assert found.reason == "问题是空的"


def test_failures_say_what_was_expected_and_what_came() -> None:
    shown = failures_text(judged_verdicts())
    for words in ("✗ a [frequency] 几次", "漏引  一2", "多引  一4", "应为  拒答", "没有规定"):
        assert words in shown
    assert "✗ m" not in shown


LINE = {"id": "a", "question": "几次", "category": "c", "answered": True, "locators": ["一1"]}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([LINE, {**LINE, "id": "a"}], "第 2 行（编号 a）：编号重复"),
        ([{**LINE, "locators": []}], "“answered”为 true 而“locators”是空的"),
        ([{**LINE, "locators": "一1"}], '“locators”是 "一1"|“locators”是 一1'),
        ([{**LINE, "answered": "yes"}], "“answered”是 yes"),
        ([{**LINE, "locator": ["一1"]}], "不认识的字段 locator"),
        ([{**LINE, "answered": False, "locators": ["一1"]}], "应当拒答的问题不写这两项"),
        ([{"question": "几次"}], "第 1 行：缺少“id”"),
        ([["几次"]], "应为：每行一个 JSON 对象"),
        ([], "没有读到任何问题"),
    ],
)
def test_a_malformed_set_is_refused_with_its_place(tmp_path: Path, lines: list[object], message: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_judged([path])


def test_the_command_prints_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(json.dumps(LINE), encoding="utf-8")
    monkeypatch.setattr(commands, "open_engine", lambda home: ToyEngine({"几次": answer("一1")}))
    assert command.main(["answers", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["tallies"][0]["right"] == 1
    assert printed["verdicts"][0]["cited"] == ["一1"]
    assert command.main(["answers", str(path), "--failures"]) == 0
    assert "没有答错的题" in capsys.readouterr().out


def test_the_command_refuses_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["answers", str(tmp_path / "none.jsonl")]) == 1
    assert "没有这个文件" in capsys.readouterr().err


def test_a_category_that_no_question_has_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "set.jsonl").write_text(json.dumps(LINE), encoding="utf-8")
    assert command.main(["answers", str(tmp_path), "--category", "x", "--json"]) == 1
    assert "没有这些类别：x。有的类别是：c" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_questions_are_asked_within_the_texts_that_they_were_judged_on(tmp_path: Path) -> None:
    row = {"id": "a", "question": "几次", "answered": True, "locators": ["一1"]}
    (tmp_path / "dev.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (tmp_path / "documents.txt").write_text("方案\n\n", encoding="utf-8")
    (question,) = load_judged([tmp_path])
    assert question.documents == ("方案",)
    engine = ToyEngine({"几次": answer("一1")})
    (found,) = judge(engine, [question])
    assert found.right
    assert engine.asked_within == ("plan",)


def test_a_text_that_is_not_at_hand_is_named() -> None:
    question = JudgedQuestion("a", "几次", "frequency", True, ("一1",), documents=("条例",))
    with pytest.raises(InputError, match="《条例》"):
        list(judge(ToyEngine({}), [question]))
