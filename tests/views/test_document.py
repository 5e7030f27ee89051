import re
from dataclasses import replace

import pytest
from demo import HOSTILE, DemoReader, Draft, document, hostile, plan
from test_answer import shown

from ingest.records import Clause, Notice, Span, Step
from views.document_page import document_view, documents_view, unknown_document
from views.facts import fact_list, notice_panel, validity_flag, warning_panel
from views.links import Place
from views.outline import outline_label, outline_view, short_locator, text_view, tree
from views.texts import texts_in

ZH, EN = texts_in("zh"), texts_in("en")
READER = DemoReader()


def view(doc_id: str, clause_id: str = "", marks: tuple[Span, ...] = ()) -> str:
    place = Place("zh", "document", doc_id=doc_id, clause_id=clause_id, marks=marks)
    return document_view(
        READER.document(doc_id), READER.source(doc_id), READER.outline(doc_id), READER.notices(doc_id), place, ZH
    )


def test_the_whole_text_is_shown_in_order() -> None:
    draft = plan()
    place = Place("zh", "document", doc_id="demo-plan")
    html = text_view(draft.document, draft.source + "\n落款", draft.clauses, place, ZH)
    text = "".join(re.findall(r'class="kb-(?:leaving )?(?:kb-)?verbatim">(.*?)</p>', html))
    read = shown(text.replace(ZH.say("document.guessed"), ""))
    assert read == (draft.source + "落款").replace("\n", "")


def test_the_named_clause_is_open_and_marked() -> None:
    html = view("demo-plan", "demo-plan.s3.s5.1", (Span(15, 22),))
    assert html.count("kb-open") == 1
    assert re.search(r'kb-open" data-clause="demo-plan\.s3\.s5\.1"', html)
    assert html.count("<mark>") == 1
    assert 'aria-current="location"' in html


def test_marks_belong_to_the_named_clause_only() -> None:
    assert "<mark>" not in view("demo-plan", "", (Span(0, 5),))


@pytest.mark.parametrize("clause_id", ["demo-plan.s9", "<script>", "demo-measures.a3"])
def test_an_unknown_clause_opens_the_document_and_says_so(clause_id: str) -> None:
    html = view("demo-plan", clause_id)
    assert f"这份文件里没有编号为“{clause_id}”的条款" in shown(html)
    assert "kb-open" not in html
    assert "<script>" not in html


def test_an_unknown_document_is_a_friendly_page() -> None:
    html = unknown_document(Place("zh", "document", doc_id="<b>x"), ZH)
    assert "知识库中没有编号为“<b>x”的文件" in shown(html)
    assert "<b>" not in html
    assert 'href="?page=documents"' in html


def test_the_outline_unfolds_the_way_to_the_clause() -> None:
    html = outline_view(READER.outline("demo-plan"), "demo-plan.s3.s5.1", ZH)
    folders = re.findall(r'<details( open)? class="kb-branch"[^>]*><summary><a href="[^"]*clause=([^&"]*)', html)
    folders += re.findall(r'<details class="kb-branch"( open)?><summary><a href="[^"]*clause=([^&"]*)', html)
    assert {(name, bool(unfolded)) for unfolded, name in folders} == {
        ("demo-plan.s3", True),
        ("demo-plan.s3.s3", False),
        ("demo-plan.s3.s5", True),
    }


def test_a_clause_hangs_under_its_nearest_present_ancestor() -> None:
    clauses = [each for each in plan().clauses if each.clause_id != "demo-plan.s3.s5"]
    (top,) = tree(clauses)
    assert [branch.clause.clause_id for branch in top.children] == [
        "demo-plan.s3.s3",
        "demo-plan.s3.s5.1",
        "demo-plan.s3.s5.2",
    ]


def _untitled(text: str, label: str, locator: str) -> Clause:
    clause = Draft(document("d", "题")).add("p1", [("1.", "")], text, text)
    return replace(clause, path=(Step("p", 1, 0, label, ""),), locator=locator)


@pytest.mark.parametrize(
    ("text", "mark", "locator", "label"),
    [
        ("短句。", "", "引言", "引言 短句。"),
        ("一" * 30, "", "引言", "引言 " + "一" * 21 + "…"),
        ("第三条　学校应当\n做到", "第三条", "第一章第三条", "第三条 学校应当 做到"),
    ],
)
def test_a_clause_without_a_heading_is_named_by_its_first_words(text: str, mark: str, locator: str, label: str) -> None:
    assert outline_label(_untitled(text, mark, locator)) == label


@pytest.mark.parametrize(
    ("locator", "above", "label"),
    [
        ("三（五）1", "三（五）", "三（五）1"),
        ("第二章第二十二条第三款第（二）项", "第二章第二十二条第三款", "第（二）项"),
        ("附件2第十三条第一款", "第九条", "附件2第十三条第一款"),
        ("第二章第二十二条第三款", None, "第二章第二十二条第三款"),
    ],
)
def test_the_margin_repeats_no_long_locator(locator: str, above: str | None, label: str) -> None:
    clause = _untitled("文。", "", locator)
    parent = _untitled("文。", "", above) if above else None
    assert short_locator(clause, parent) == label


def test_unknown_facts_are_said() -> None:
    words = shown(fact_list(plan().document, ZH))
    assert words == "发文机关未知文号未知发布日期未知施行日期未知效力未知类别方案、计划"
    assert "Expires2030" in shown(fact_list(replace(plan().document, expires_on="2030"), EN))


@pytest.mark.parametrize(
    ("status", "flag"),
    [("in_force", ""), ("unknown", ""), ("repealed", "已废止"), ("expired", "已失效"), ("not_yet", "尚未施行")],
)
def test_only_doubtful_validity_is_flagged(status: str, flag: str) -> None:
    assert shown(validity_flag(document("d", "题", status=status), ZH)) == flag


def test_serious_notices_are_in_the_open_and_all_are_listed() -> None:
    notices = READER.notices("demo-plan")
    warning = shown(warning_panel(plan().document, notices, ZH))
    assert "来源在“在校园设置”处中断" in warning
    assert "接上了" not in warning
    folded = shown(notice_panel(notices, ZH))
    assert "整理说明（3）" in folded
    assert "接好的断句接上了被页码隔开的“铸牢中华民｜族共同体意识”。（来源第 18 行）" in folded
    assert warning_panel(document("d", "题"), [], ZH) == notice_panel([], ZH) == ""


def test_hostile_documents_stay_text() -> None:
    draft = hostile()
    notices = [Notice("gap", HOSTILE, context=HOSTILE)]
    place = Place("zh", "document", doc_id="demo-hostile", clause_id="demo-hostile.1", marks=(Span(0, 9999),))
    html = document_view(draft.document, draft.source, draft.clauses, notices, place, ZH)
    html += documents_view([draft.document], {"demo-hostile": 1}, ZH)
    assert not set(re.findall(r"<(\w+)", html)) & {"script", "img", "b", "i", "style", "title"}
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_the_list_of_documents() -> None:
    documents = READER.documents()
    html = documents_view(documents, {each.doc_id: 2 for each in documents}, ZH)
    assert "现有 3 份文件" in shown(html)
    assert html.count("2 条条款") == 3
    assert 'href="?doc=demo-measures"' in html
    assert "还没有文件" in shown(documents_view([], {}, ZH))


def test_the_list_says_how_to_add_a_file() -> None:
    for texts in (ZH, EN):
        html = documents_view([], {}, texts)
        assert "python -m ingest add" in shown(html) and "ZIP" in shown(html)
