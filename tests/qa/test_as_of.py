"""Answers as of a day: what is in force answers, what is not is said, what is unknown stays and is marked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import pytest

from ingest.errors import InputError
from ingest.records import Document
from ingest.validity import Validity
from qa.__main__ import main
from qa.as_of import answer_as_of, validity_words
from qa.contract import answer_json
from qa.engine import Engine
from qa.records import Answer
from qa.report import answer_text
from qa.wording import Wording

OLD = """星河区书屋管理暂行办法

第一条 读书会章程备案，学校应当登记。
第二条 本办法自2015年1月1日起施行。
"""
NEW = """星河区书屋管理办法

第一条 社区应当在晚上接待游客。
第二条 本办法自2020年7月1日起施行，《星河区书屋管理暂行办法》同时废止。
"""
ZH = Wording("zh")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.dates.today", lambda: "2024-03-01")


@pytest.fixture
def two_texts(engine: Engine, put: Callable[[str, str], None]) -> Engine:
    put("old", OLD)
    put("new", NEW)
    return engine


def cited(answer: Answer) -> list[str]:
    return [citation.clause.clause_id for citation in answer.citations]


def test_what_is_no_longer_in_force_is_no_answer_and_is_told(two_texts: Engine) -> None:
    answer = two_texts.ask("读书会章程备案")
    assert (answer.answered, answer.route, cited(answer)) == (False, "not_in_force", [])
    assert answer.reason == (
        "在 2024-03-01 有效的文件里没有找到答案。《星河区书屋管理暂行办法》第一条讲到了这一点，"
        "但该文件已废止（2020-07-01起），由《星河区书屋管理办法》代替或废止，不能作为依据。"
    )
    assert [near.clause.clause_id for near in answer.near_misses] == ["old.a1"]
    assert answer.near_misses[0].validity is not None
    assert answer.near_misses[0].validity.status == "repealed"


def test_the_same_question_is_answered_as_of_a_day_when_it_was(two_texts: Engine) -> None:
    answer = two_texts.ask("读书会章程备案", as_of="2018-01-01")
    assert (answer.answered, cited(answer), answer.as_of) == (True, ["old.a1"], "2018-01-01")
    row = answer_json(answer)["citations"][0]
    assert (row["status"], row["status_on"], row["replaced_by"]) == ("unknown", "in_force", None)
    assert "第一条〔现行有效〕" in answer_text(answer, "zh")


def test_before_its_first_day_a_text_is_not_yet_in_force(two_texts: Engine) -> None:
    answer = two_texts.ask("社区应当在晚上接待游客", as_of="2018-01-01")
    assert "new.a1" not in cited(answer)
    english = two_texts.ask("星河区书屋管理办法第一条", as_of="2018-01-01", language="en")
    assert english.summary.endswith("《星河区书屋管理办法》 is not yet in force (from 2020-07-01).")


def test_a_clause_asked_for_by_number_is_shown_with_the_warning(two_texts: Engine) -> None:
    answer = two_texts.ask("星河区书屋管理暂行办法第一条")
    assert (answer.answered, cited(answer)) == (True, ["old.a1"])
    assert answer.summary.endswith(
        "请注意，2024-03-01这份文件并非有效：《星河区书屋管理暂行办法》已废止（2020-07-01起），"
        "由《星河区书屋管理办法》代替或废止。"
    )


def test_a_document_that_is_named_on_purpose_answers_with_the_warning(two_texts: Engine) -> None:
    answer = two_texts.ask("读书会章程备案", doc_ids=["old"])
    assert (answer.answered, cited(answer)) == (True, ["old.a1"])
    assert "请注意" in answer.summary


def test_lists_leave_out_what_is_not_in_force(two_texts: Engine) -> None:
    assert "new.a1" in cited(two_texts.ask("社区必须做什么"))
    today, then = (two_texts.ask("学校必须做什么", as_of=day) for day in (None, "2018-01-01"))
    assert today.route == then.route == "register"
    assert {each.doc_id for each in today.requirements} == {"library", "garden"}
    assert {each.doc_id for each in then.requirements} == {"library", "garden", "old"}


def test_what_is_of_unknown_validity_stays_and_is_marked(two_texts: Engine) -> None:
    answer = two_texts.ask("书库每周开放几次")
    assert cited(answer)[0].startswith("library.")
    assert answer_json(answer)["citations"][0]["status_on"] == "unknown"
    assert "〔是否有效：未知〕" in answer_text(answer, "zh")
    assert "〔of unknown validity〕" in answer_text(answer, "en")


def test_a_day_that_is_none_is_refused(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="2020-13-01"):
        engine.ask("学校必须做什么", as_of="2020-13-01")
    with pytest.raises(SystemExit) as stopped:
        main(["ask", "学校必须做什么", "--as-of", "去年"])
    assert stopped.value.code == 2
    assert "日期“去年”不合要求" in capsys.readouterr().err


def test_every_answer_carries_its_day(engine: Engine) -> None:
    assert [engine.ask(question).as_of for question in ("学校必须做什么", "", "个人所得税")] == ["2024-03-01"] * 3


def document(doc_id: str, title: str = "某法") -> Document:
    return Document(doc_id, title, None, None, "2015-01-01", None, None, "unknown", "law", "a", "0", 1)


def asked_within(
    validities: Mapping[str, Validity], doc_ids: Collection[str], *, answered: bool
) -> list[frozenset[str]]:
    """Which documents were searched, one after the other."""
    seen: list[frozenset[str]] = []

    def within(chosen: Collection[str]) -> Answer:
        seen.append(frozenset(chosen))
        return Answer("q", answered, None, "s", "search" if answered else "refused")

    answer_as_of("q", within, doc_ids, {key: document(key) for key in validities}, validities, "2024-03-01", ZH)
    return seen


@pytest.mark.parametrize(
    ("statuses", "doc_ids", "answered", "searched"),
    [
        (["in_force", "unknown"], [], True, [[]]),  # nothing to leave out: the question is asked as ever
        (["in_force", "unknown"], ["d0"], False, [["d0"]]),
        (["in_force", "repealed"], [], True, [["d0"]]),
        (["in_force", "repealed"], [], False, [["d0"], ["d1"]]),
        (["in_force", "not_yet"], ["d0", "d1"], True, [["d0"]]),
        (["in_force", "expired"], ["d1"], False, [["d1"]]),
    ],
)
def test_documents_not_in_force_are_left_out_before_anything_is_ranked(
    statuses: list[str], doc_ids: list[str], answered: bool, searched: list[list[str]]
) -> None:
    validities = {f"d{at}": Validity(status) for at, status in enumerate(statuses)}  # type: ignore[arg-type]
    assert asked_within(validities, doc_ids, answered=answered) == [frozenset(each) for each in searched]


@pytest.mark.parametrize(
    ("validity", "words"),
    [
        (
            Validity("amended", "2021-04-30", replaced_by="new"),
            "已被修改（2021-04-30起），现有 2015-01-01 公布的新文本",
        ),
        (Validity("repealed", "2021-04-30", replaced_by="other"), "已废止（2021-04-30起），由《另法》代替或废止"),
        (Validity("expired", "2021-04-30"), "已失效（2021-04-30起）"),
        (Validity("repealed"), "已废止"),
        (Validity("not_yet", until="2025-01-01"), "尚未施行（2025-01-01起施行）"),
        (
            Validity("not_yet", until="2025-01-01", earlier_text=True),
            "这一文本 2025-01-01 才公布或施行，当天适用的是更早的文本",
        ),
    ],
)
def test_a_status_is_told_with_its_day_and_what_took_the_place(validity: Validity, words: str) -> None:
    titles = {"new": document("new"), "other": document("other", "另法")}
    assert validity_words(document("one"), validity, titles, ZH) == words
