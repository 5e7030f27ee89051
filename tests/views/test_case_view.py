"""A case on the page: each fact with its clauses, what each does and needs; a long text is not put into the address."""

from __future__ import annotations

from dataclasses import replace

from demo import DemoReader

from qa.records import AppliedClause, CaseFact
from views.answer import answer_view
from views.ask_page import LONG_TEXT, LONGEST_ADDRESS, _address_of
from views.links import Place
from views.texts import texts_in


def case_page(language: str = "zh") -> str:
    answer = DemoReader().ask("宾馆以民族为由拒绝客人入住，违反哪一条")
    (citation,) = answer.citations
    applied = AppliedClause(citation, ("must_not", "penalty"), ("拒住",), ("情节严重的",))
    facts = (
        CaseFact("前台<b>不让住</b>。", (applied,)),
        CaseFact("后来的人住了。", (applied,)),
        CaseFact("天黑了。", ()),
    )
    return str(answer_view(replace(answer, route="case", facts=facts), Place(), texts_in(language)))  # type: ignore[arg-type]


def test_each_fact_stands_above_its_clauses_with_what_they_do_and_need() -> None:
    html = case_page()
    assert html.index("前台&lt;b&gt;不让住") < html.index('class="kb-card"') < html.index("后来的人住了。")
    assert html.count('class="kb-card"') == 1
    assert ">禁止</span>" in html and ">规定处罚或责任</span>" in html
    assert "对应的词：“拒住”" in html
    assert "条款还要求：“情节严重的”（案情没有提到）" in html


def test_a_clause_that_stood_above_is_named_and_a_fact_without_one_says_so() -> None:
    html = case_page()
    assert "上面的《示范区民族团结进步创建活动行动方案》三（三）2也管这一处。" in html
    assert "没有找到与这一处对应的条款。" in html.split("天黑了。")[1]


def test_a_case_in_english() -> None:
    html = case_page("en")
    assert "Fact 1" in html and "prohibits" in html and "the clause also requires" in html


def test_a_long_text_has_a_short_name_in_the_address() -> None:
    short = "邻居的狗没拴，把我妈咬了。"
    assert _address_of(short) == short
    long = short * 200
    assert len(long) > LONGEST_ADDRESS
    assert _address_of(long).startswith(LONG_TEXT) and len(_address_of(long)) == len(LONG_TEXT) + 12
    assert _address_of(long) == _address_of(long) != _address_of(long + "。")
