from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import InputError, UnreadableFile
from ingest.parsing import export, parse_file, parse_text
from ingest.records import Clause, ParsedDocument


def parsed(text: str, name: str = "文件.txt") -> ParsedDocument:
    return parse_text(text, source_file=name, sha256="0" * 64)


def clause_at(document: ParsedDocument, locator: str) -> Clause:
    return next(clause for clause in document.clauses if clause.locator == locator)


def assert_covered(document: ParsedDocument) -> None:
    """The spans of clauses and leavings cover the source exactly once."""
    spans = sorted([*(clause.span for clause in document.clauses), *document.leavings], key=lambda span: span.start)
    assert "".join(document.source[span.start : span.end] for span in spans) == document.source
    assert all(one.end == other.start for one, other in zip(spans, spans[1:], strict=False))
    for clause in document.clauses:
        assert clause.text == document.source[clause.span.start : clause.span.end]
        assert 0 <= clause.body_start <= len(clause.text)
        assert clause.text == clause.text.strip() != ""


PIECES = [
    "一、总体要求", "二、", "(一)进机关", "（二）", "1.健全机制。", "2.", "３．", "（1）", "①", "第一章 总则\n",
    "第一条 ",
    "第二条　",
    "第二条之一 ", "附件1\n", "附件：1.清单\n", "\n", "\n\n", "各单位要落实。", "进企业", "应当符合下列条件：\n",
    "2023年4月1日\n",
    "某某局\n", "“进机关”", "达到8个,不少于2次", "上传人:某某\n", "3、", "第1页 / 共2页\n", "目录\n", "某某办法\n", " ",
    "\u3000", "1.5倍",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30), st.sampled_from(["a.txt", "a.md"]))
def test_clauses_and_leavings_cover_the_source_exactly_once(pieces: list[str], name: str) -> None:
    try:
        document = parsed("".join(pieces), name)
    except UnreadableFile:
        return
    assert_covered(document)
    ids = [clause.clause_id for clause in document.clauses]
    assert len(set(ids)) == len(ids)
    assert all(identifier.isascii() for identifier in ids)
    assert [clause.order for clause in document.clauses] == list(range(len(ids)))
    assert all(clause.parent_id is None or clause.parent_id in ids for clause in document.clauses)
    assert all(len(clause.breadcrumb) == len(clause.path) for clause in document.clauses)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([piece for piece in PIECES if "上传" not in piece and "页" not in piece]), max_size=20))
def test_no_character_of_the_body_is_lost(pieces: list[str]) -> None:
    text = "方案正文。" + "".join(pieces)
    document = parsed(text)
    if not [notice for notice in document.notices if notice.kind in ("removed", "healed")]:
        assert "".join(document.source.split()) == "".join(text.split())


def test_the_three_ways_to_number_in_one_document() -> None:
    document = parsed(
        "某某市食堂管理办法\n第一章 总则\n第一条 为了安全，制定本办法。\n第二条 食堂应当做到：\n（一）明码标价；\n"
        "（二）保持整洁，包括：\n"
        "1.地面；\n2.餐具。\n违反前款规定的，责令改正。\n附件2\n实施方案\n一、要求\n（一）学习。各校要学。\n1.每周一次。\n"
    )
    assert [clause.locator for clause in document.clauses] == [
        "第一章", "第一章第一条", "第一章第二条", "第一章第二条第一款", "第一章第二条第一款第（一）项",
        "第一章第二条第一款第（二）项",
        "第一章第二条第一款第（二）项第1目", "第一章第二条第一款第（二）项第2目", "第一章第二条第二款",
        "附件2", "附件2 一",
        "附件2 一（一）", "附件2 一（一）1",
    ]  # fmt: skip
    item = clause_at(document, "第一章第二条第一款第（一）项")
    assert item.clause_id == "moumoushishitangguanli-measures.c1.a2.p1.i1"
    assert item.lead_in == "食堂应当做到："
    assert item.breadcrumb == ("第一章 总则", "第二条", "第一款", "（一）")


def test_an_article_without_items_is_one_clause() -> None:
    document = parsed("某某办法\n第一条 第一款的话。\n第二款的话。\n第二条 其他。")
    assert clause_at(document, "第一条").text == "第一条 第一款的话。\n第二款的话。"


def test_kinds_and_introductions() -> None:
    document = parsed(
        "某校方案\n一、任务\n（一）宣传\n各校要做好下列工作：\n1.讲课\n2.演练\n（二）检查。各校要自查。\n二、其他\n按此执行。"
    )
    kinds = {clause.locator: clause.kind for clause in document.clauses}
    assert kinds == {
        "一": "heading",
        "一（一）": "clause",
        "一（一）1": "clause",
        "一（一）2": "clause",
        "一（二）": "clause",
        "二": "clause",
    }
    assert clause_at(document, "一（一）2").lead_in == "各校要做好下列工作："
    assert clause_at(document, "一（二）").text[clause_at(document, "一（二）").body_start :] == "各校要自查。"


def test_a_gap_is_told_with_its_place() -> None:
    notices = [
        notice for notice in parsed("某校办法\n第一条 甲。\n第二条 乙。\n第五条 丙。").notices if notice.kind == "gap"
    ]
    assert [(notice.line, notice.message.split("。")[0]) for notice in notices] == [(4, "“第五条”之前缺编号 3 至 4")]


def test_numbers_used_twice_keep_their_order_and_are_told() -> None:
    document = parsed("某校方案\n一、甲\n各校落实。\n二、乙\n各校落实。\n二、丙\n各校落实。\n三、丁\n各校落实。")
    assert [clause.clause_id.rpartition(".")[2] for clause in document.clauses] == ["n1", "n2", "n2_2", "n3"]
    assert [notice.kind for notice in document.notices] == ["unplaced"]


@pytest.mark.parametrize(
    ("ending", "told"),
    [
        ("各校要落实。", False),
        ("各校要落实,并及时上报", True),
        ("各校要落实,并树立“中华民族一家亲”", True),
        ("各校要落实,并及时上报（由教育局负责）", False),
        ("联系人", False),
        ("各校要落实：\n1.甲\n2.乙", False),
    ],
)
def test_a_text_that_breaks_off(ending: str, told: bool) -> None:
    document = parsed(f"某校方案\n一、甲\n各校落实。\n二、{ending}")
    assert bool([notice for notice in document.notices if notice.kind == "truncated"]) is told
    assert bool(document.document.notes) is told


def test_what_is_exported_is_read_back_the_same(tmp_path: Path) -> None:
    first = parsed(
        "上传人:某某\n某校安全“平安”创建方案.docx\n某校安全“平安”创建方案一、总体要求以安全为先,做好三件事。二、任务(一)甲。各校落实"
    )
    text_path, facts_path = export(first, tmp_path / "出口")
    again = parse_file(text_path)
    assert (text_path.name, facts_path.name) == ("pingan-plan.txt", "pingan-plan.facts.json")
    assert again.clauses == first.clauses
    assert again.source == first.source
    assert again.document.notes == first.document.notes
    assert [notice.kind for notice in again.notices] == ["truncated"]


def test_a_given_id_wins_and_is_checked() -> None:
    text = "某校方案\n一、甲。各校落实。"
    assert parse_text(text, source_file="a.txt", sha256="0", doc_id="my-plan").clauses[0].clause_id == "my-plan.n1"
    with pytest.raises(InputError, match="文档编号“My Plan”"):
        parse_text(text, source_file="a.txt", sha256="0", doc_id="My Plan")


def test_a_file_of_furniture_only_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="没有正文"):
        parsed("上传人:某某\n下载 相关 举报\n")


def test_a_facts_file_beside_the_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一、甲。各校落实。\n二、乙。各校落实。", encoding="utf-8")
    (tmp_path / "a.facts.json").write_text('{"title": "某某方案", "doc_id": "mou-plan"}', encoding="utf-8")
    document = parse_file(tmp_path / "a.txt").document
    assert (document.title, document.doc_id, document.source_file, document.version) == (
        "某某方案",
        "mou-plan",
        "a.txt",
        1,
    )


def test_a_long_stretch_without_a_number_is_told() -> None:
    told = "字，其中没有找到编号"
    long, short = (
        "某某管理办法\n各单位" + "应当按照规定办理有关事项，" * times + "不得拖延。\n" for times in (500, 300)
    )
    assert [notice.line for notice in parsed(long).notices if told in notice.message] == [2]
    assert not any(told in notice.message for notice in parsed(short).notices)


def test_too_many_numbers_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="像编号的有 60000 处，最多 50000 处"):
        parsed("1.办\n" * 60_000)


@pytest.mark.parametrize("head", ["附件：\n", "附件\n", ""])
def test_files_to_download_below_the_text_are_no_clauses(head: str) -> None:
    text = "某某工作方案\n一、目标\n提高效率。\n二、措施\n加强领导。\n"
    links = "附件1.docx\n附件2 任务表.xlsx\n附件1-2下载：《申报审批表》.doc\n"
    document = parsed(text + head + links)
    assert [clause.locator for clause in document.clauses] == ["一", "二"]
    assert document.clauses[-1].text.endswith("加强领导。")
    assert_covered(document)


def test_a_file_name_within_the_text_stays() -> None:
    document = parsed("某某工作方案\n一、目标\n附件1 任务表.xlsx\n由各单位填报。\n二、措施\n加强领导。\n")
    assert "任务表.xlsx" in document.clauses[0].text
