"""Links at references, who refers to a clause, and the status of documents on cards, lists and pages."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from demo import CITING, DemoReader
from test_answer import shown

from ingest.records import Clause, Span
from ingest.reference_places import Target
from ingest.references import Reference
from ingest.validity import Validity
from views.answer import answer_view
from views.cards import citation_card
from views.document_page import document_view, documents_view
from views.links import Place, read_place
from views.standing import (
    NOTHING,
    Link,
    Standing,
    linked,
    links_of,
    read_standing,
    references_view,
    validity_badge,
    validity_line,
)
from views.texts import texts_in

ZH, EN = texts_in("zh"), texts_in("en")
READER = DemoReader()
DOC = "demo-measures"


def standing(doc_id: str = DOC, as_of: str | None = None) -> Standing:
    return read_standing(READER, [doc_id], as_of=as_of, shown=doc_id)


def clause(number: str) -> Clause:
    return next(each for each in READER.outline(DOC) if each.clause_id == f"{DOC}.{number}")


def page(doc_id: str = DOC) -> str:
    place = Place("zh", "document", doc_id=doc_id)
    parts = READER.document(doc_id), READER.source(doc_id), READER.outline(doc_id), READER.notices(doc_id)
    return document_view(*parts, place, ZH, standing(doc_id))


def test_a_reference_in_the_text_opens_the_clause_that_it_means() -> None:
    html = page()
    assert re.search(
        r'违反<a href="\?doc=demo-measures&amp;clause=demo-measures\.a3"[^>]*"kb-reference"[^>]*>本办法第三条</a>、《',
        html,
    )
    assert 'title="打开《示范市学校安全管理办法》第三条"' in html
    assert 'data-go="demo-measures.a3"' in html
    assert CITING in shown(html).replace("\u3000", "　")


def test_a_clause_shows_who_refers_to_it() -> None:
    words = shown(references_view(clause("a3"), standing(), ZH))
    assert words == "被以下条款引用：第四条"
    assert references_view(clause("a3.i1"), standing(), ZH) == ""
    assert "Referred to by: 第四条" in shown(references_view(clause("a3"), standing(), EN)).replace(" :", ":")


def test_what_cannot_be_opened_is_told_with_the_reason() -> None:
    assert shown(references_view(clause("a4"), standing(), ZH)) == "《示范市门卫办法》第二条：知识库中没有这份文件。"


def test_many_referring_clauses_are_folded() -> None:
    (row,) = standing().received[f"{DOC}.a3"]
    rows = [replace(row, clause_id=f"{DOC}.a{at}", from_place=f"第{at}条") for at in range(5, 9)]
    html = references_view(clause("a3"), Standing(received={f"{DOC}.a3": rows}), ZH)
    assert "<details" in html
    assert "被以下条款引用（4）" in shown(html)


def test_a_later_text_is_linked_with_a_warning() -> None:
    (own, _) = READER.references(DOC)
    newer = Standing(made={own.clause_id: [replace(own, newer_text="2021-04-29")]})
    (link,) = links_of(clause("a4"), newer, ZH)
    assert "2021-04-29" in link.title
    assert "条号可能已变" in shown(references_view(clause("a4"), newer, ZH))


def test_of_a_later_text_that_lacks_the_place_nothing_is_said_to_open() -> None:
    (_, other) = READER.references(DOC)
    lacking = replace(other, words="第二条", title="某法", doc_id="law", state="no_place", newer_text="2021-04-29")
    known = Standing(made={other.clause_id: [lacking]})
    assert shown(references_view(clause("a4"), known, ZH)) == "《某法》第二条：文件里没有这一条款。"
    assert links_of(clause("a4"), known, ZH) == ()


def test_a_clause_is_not_linked_to_itself_but_its_paragraph_is() -> None:
    found = Reference(f"{DOC}.a4", Span(0, 3), "第四条", "", DOC, (Target(f"{DOC}.a4"),), "found")
    inner = replace(found, targets=(Target(f"{DOC}.a4", Span(4, 9)),))
    assert links_of(clause("a4"), Standing(made={found.clause_id: [found]}), ZH) == ()
    (link,) = links_of(clause("a4"), Standing(made={found.clause_id: [inner]}, shown=DOC), ZH)
    assert "marks=4-9" in link.address
    assert link.go is None  # the marks are drawn by the page, so it has to be loaded


@pytest.mark.parametrize(
    ("text", "start", "spans", "expected"),
    [
        ("甲乙丙", 0, [(1, 2)], "甲[乙]丙"),
        ("甲乙丙", 10, [(9, 11), (12, 20)], "[甲]乙[丙]"),
        ("甲乙丙", 0, [(0, 2), (1, 3)], "[甲乙][丙]"),
        ("甲<b>", 0, [(1, 4)], "甲[&lt;b&gt;]"),
        ("甲乙丙", 0, [(5, 9)], "甲乙丙"),
    ],
)
def test_linking_changes_no_word(text: str, start: int, spans: list[tuple[int, int]], expected: str) -> None:
    html = linked(text, start, [Link(Span(*span), "?doc=x", "t") for span in spans])
    assert re.sub(r"</a>", "]", re.sub(r"<a [^>]*>", "[", html)) == expected


def test_cards_link_references_within_quotations_and_rows() -> None:
    answer = READER.ask("违反规定怎么办")
    near = answer.near_misses[0]
    html = citation_card(near, [], ZH, standing=standing())
    assert '<mark>违反<a href="' in html
    assert "已废止" in shown(html)
    assert '<a class="kb-reference"' not in citation_card(near, [], ZH, standing=NOTHING)


def test_a_refusal_for_validity_says_so_on_its_cards() -> None:
    words = shown(answer_view(READER.ask("违反规定怎么办"), Place(), ZH, standing=standing()))
    assert "有效的文件里没有回答这个问题的条款" in words
    assert "并非有效" in words
    assert "2024-01-01 起已废止。代替或废止它的文件：《示范区民族团结进步创建活动行动方案》" in words


def test_answers_and_lists_carry_the_status_of_each_document() -> None:
    answer = READER.ask("学校必须做什么")
    html = answer_view(answer, Place(), ZH, standing=read_standing(READER, ["demo-plan", DOC]))
    assert html.count("kb-badge-unknown") == 1
    assert html.count("kb-badge-outdated") == 2  # above the cards of the document, and on its card
    then = answer_view(answer, Place(), ZH, standing=read_standing(READER, [DOC], as_of="2020-01-01"))
    assert "kb-badge-in-force" in then
    assert "kb-badge-outdated" not in then
    assert "效力现行有效" in shown(then)  # the facts below say what the badge says
    listed = documents_view(READER.documents(), {each.doc_id: 1 for each in READER.documents()}, ZH, standing())
    assert (listed.count("kb-badge-unknown"), listed.count("kb-badge-outdated")) == (2, 1)
    assert "已废止" in shown(page())


@pytest.mark.parametrize(
    ("validity", "words"),
    [
        (Validity("expired", "2025-05-01"), "2025-05-01 起已失效。"),
        (Validity("not_yet", until="2027-01-01"), "2027-01-01 起施行。"),
        (
            Validity("not_yet", until="2021-04-29", earlier_text=True),
            "这一文本 2021-04-29 才公布或施行，当天适用的是更早的文本。",
        ),
        (Validity("repealed"), ""),
        (Validity("in_force"), ""),
        (Validity("unknown"), ""),
    ],
)
def test_the_line_below_a_title_says_what_a_reader_must_know(validity: Validity, words: str) -> None:
    known = Standing(validities={"d": validity})
    assert shown(validity_line("d", known, ZH)) == words
    assert shown(validity_badge("d", known, ZH)) == ZH.say(f"validity.{validity.status}")


def test_of_long_lists_the_references_are_not_read() -> None:
    class Counting(DemoReader):
        asked = 0

        def references(self, doc_id: str) -> list[Reference]:
            self.asked += 1
            return []

        def referrers(self, doc_id: str) -> dict[str, list[Reference]]:
            return {}

    reader = Counting()
    read_standing(reader, [f"d{at}" for at in range(21)])
    assert reader.asked == 0
    read_standing(reader, ["d1", "d2", "d1"])
    assert reader.asked == 2


def test_the_day_is_part_of_the_address() -> None:
    place = read_place({"q": ["学校"], "asof": ["2020-01-01"]})
    assert place.as_of == "2020-01-01"
    assert read_place({"q": ["学校"], "asof": ["2020-02-31"]}).as_of == ""
    assert read_place({"doc": ["d"], "asof": ["2020-01-01"]}).as_of == ""
