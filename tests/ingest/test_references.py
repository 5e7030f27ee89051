"""References in small invented texts: what is found, what it means, and what is honestly not found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from ingest.parsing import parse_text
from ingest.records import Clause, ParsedDocument
from ingest.reference_reading import read_mentions, words
from ingest.references import Reference, References, fragment_of, title_key

RULES = """某某市校园安全办法
第一章 总则
第一条 根据《中华人民共和国校园法》（以下简称《校园法》）第三条第二款，制定本办法。
第二条 学校应当建立制度。
前款所称学校，包括幼儿园。
第二章 责任
第一节 学校责任
第三条 学校有下列情形之一的，责令改正：
（一）违反本办法第二条的；
（二）有前项行为拒不改正的；
（三）违反本条第一项规定的。
情节严重的，依照前款第（二）项、第三项规定从重处理。
第四条 依照本办法第三条第一款第（一）项至第（三）项处理。
第二节 其他责任
第五条 适用前条规定。
第六条 违反本办法第三条、第五条和第二条第二款的，依照校园法第四条处理。
第七条 适用本办法第三条至第五条、第二章第一节；本章另有规定的除外。
第八条 适用前两条、第二条第三款和本办法第九十条。
第九条 依照《校园法》第四条之一、某省《校园法》和《其他法》第一条，该法第二条、高等校园法第三条除外。
第十条 第一项工作，第三人，根本办法，本条例，此前项目，此前款项。
"""
LAW = """中华人民共和国校园法
第一条 为了安全，制定本法。
第二条 国家保障安全。
第三条 学校负责安全。
教师负责课堂。
第四条 违反本法规定的，依法处理。
第四条之一 情节轻微的，批评教育。
"""
NOTICE = """某某局关于印发巡查计划的通知
一、总体安排
（一）时间安排
每月一次。
（二）人员安排
按照上级要求办理，本通知第一条第（一）项所列时间不变。
二、其他
按照第（一）项执行，表格见附件1，名单见附件2。
附件1
巡查表
第一条 巡查按照《某某市校园安全办法》第二条办理。
"""


def read(doc_id: str, text: str, **facts: str) -> ParsedDocument:
    parsed = parse_text(text, source_file=f"{doc_id}.txt", sha256="0", doc_id=doc_id)
    return replace(parsed, document=replace(parsed.document, **facts))


def collection(*parsed: ParsedDocument, outdated: Sequence[str] = ()) -> References:
    clauses = {one.document.doc_id: one.clauses for one in parsed}
    every = [clause for rows in clauses.values() for clause in rows]

    def holding(fragment: str) -> list[Clause]:
        return [clause for clause in every if fragment in clause.text]

    return References([one.document for one in parsed], clauses.__getitem__, holding, outdated)


@pytest.fixture(scope="module")
def texts() -> tuple[ParsedDocument, ...]:
    return read("rules", RULES), read("law", LAW), read("notice", NOTICE)


@pytest.fixture(scope="module")
def found(texts: tuple[ParsedDocument, ...]) -> Callable[..., list[Reference]]:
    references = collection(*texts)

    def of(doc_id: str, clause: str, words: str) -> list[Reference]:
        rows = references.of_document(doc_id)
        return [row for row in rows if row.clause_id == f"{doc_id}.{clause}" and row.words == words]

    return of


@pytest.mark.parametrize(
    ("clause", "words", "targets"),
    [
        ("c1.a1", "《中华人民共和国校园法》（以下简称《校园法》）第三条第二款", ["law.a3:教师负责课堂。"]),
        ("c1.a2", "前款", ["rules.c1.a2:第二条 学校应当建立制度。"]),
        ("c2.s1.a3.p1.i1", "本办法第二条", ["rules.c1.a2"]),
        ("c2.s1.a3.p1.i2", "前项", ["rules.c2.s1.a3.p1.i1"]),
        ("c2.s1.a3.p1.i3", "本条第一项", ["rules.c2.s1.a3.p1.i1"]),
        ("c2.s1.a3.p2", "前款第（二）项", ["rules.c2.s1.a3.p1.i2"]),
        ("c2.s1.a3.p2", "第三项", ["rules.c2.s1.a3.p1.i3"]),
        ("c2.s1.a4", "本办法第三条第一款第（一）项至第（三）项", [f"rules.c2.s1.a3.p1.i{at}" for at in (1, 2, 3)]),
        ("c2.s2.a5", "前条", ["rules.c2.s1.a4"]),
        ("c2.s2.a6", "本办法第三条", ["rules.c2.s1.a3"]),
        ("c2.s2.a6", "第五条", ["rules.c2.s2.a5"]),
        ("c2.s2.a6", "第二条第二款", ["rules.c1.a2:前款所称学校，包括幼儿园。"]),
        ("c2.s2.a6", "第四条", ["law.a4"]),
        ("c2.s2.a7", "本办法第三条至第五条", ["rules.c2.s1.a3", "rules.c2.s1.a4", "rules.c2.s2.a5"]),
        ("c2.s2.a7", "第二章第一节", ["rules.c2.s1"]),
        ("c2.s2.a7", "本章", ["rules.c2"]),
        ("c2.s2.a8", "前两条", ["rules.c2.s2.a6", "rules.c2.s2.a7"]),
        ("c2.s2.a9", "《校园法》第四条之一", ["law.a4-1"]),
    ],
)
def test_a_reference_means_the_clause_that_it_names(
    found: Callable[..., list[Reference]],
    texts: tuple[ParsedDocument, ...],
    clause: str,
    words: str,
    targets: list[str],
) -> None:
    whole = {each.clause_id: each.text for one in texts for each in one.clauses}
    (row,) = found("rules", clause, words)
    shown = [
        t.clause_id + (f":{whole[t.clause_id][t.span.start : t.span.end].strip()}" if t.span else "")
        for t in row.targets
    ]
    assert (row.state, shown) == ("found", targets)
    assert whole[row.clause_id][row.span.start : row.span.end] == words


@pytest.mark.parametrize(
    ("clause", "words", "state", "doc_id"),
    [
        ("c2.s2.a8", "第二条第三款", "no_place", "rules"),
        ("c2.s2.a8", "本办法第九十条", "no_place", "rules"),
        ("c2.s2.a9", "《校园法》", "document", "law"),
        ("c2.s2.a9", "《其他法》第一条", "no_document", None),
        ("c2.s2.a9", "该法第二条", "unclear", None),
        ("c2.s2.a9", "第三条", "unclear", None),
    ],
)
def test_what_is_not_there_is_told_and_not_guessed(
    found: Callable[..., list[Reference]], clause: str, words: str, state: str, doc_id: str | None
) -> None:
    (row,) = found("rules", clause, words)
    assert (row.state, row.doc_id, row.targets) == (state, doc_id, ())


def test_words_that_only_look_like_references_are_none(texts: tuple[ParsedDocument, ...]) -> None:
    clause = next(clause for clause in texts[0].clauses if clause.clause_id == "rules.c2.s2.a10")
    assert list(read_mentions(clause)) == []


@pytest.mark.parametrize(
    ("clause", "words", "target"),
    [
        ("n1.i2", "本通知第一条第（一）项", "notice.n1.i1"),
        ("n2", "附件1", "notice.x1"),
        ("n2", "附件2", None),
        ("n2", "第（一）项", None),
        ("x1.a1", "《某某市校园安全办法》第二条", "rules.c1.a2"),
    ],
)
def test_notices_are_read_by_their_own_numbering(
    found: Callable[..., list[Reference]], clause: str, words: str, target: str | None
) -> None:
    (row,) = found("notice", clause, words)
    assert [each.clause_id for each in row.targets] == ([target] if target else [])


def test_a_clause_knows_who_refers_to_it(texts: tuple[ParsedDocument, ...]) -> None:
    references = collection(*texts)
    by_clause = references.to_document("law")
    assert {clause: [row.clause_id for row in rows] for clause, rows in by_clause.items()} == {
        "law.a3": ["rules.c1.a1"],
        "law.a4": ["rules.c2.s2.a6"],
        "law.a4-1": ["rules.c2.s2.a9"],
    }
    assert [row.clause_id for row in references.to_document("rules")["rules.c1.a2"]] == [
        "rules.c2.s1.a3.p1.i1",
        "rules.c2.s2.a6",
        "notice.x1.a1",
    ]


NAMING = "某某规定\n第一条 依照{}办理。\n"


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("《校园法》第三条", "found"),
        ("校园法第三条", "found"),
        ("《校园法》（2015年修正）第三条", "found"),
        ("《校园法》（2018年修正）第三条", "no_document"),
        ("2015年3月1日公布的《校园法》第三条", "found"),
        ("1995年3月1日公布的《校园法》第三条", "no_document"),
        ("《校园法实施办法》第三条", "no_document"),
        ("《高等校园法》第三条", "no_document"),
        ("《校园法》（教发〔2015〕2号）第三条", "found"),
        ("《校园法》（教发〔2015〕3号）第三条", "no_document"),
        ("《校园法》第三十条", "no_place"),
    ],
)
def test_a_document_is_only_meant_where_everything_written_agrees(name: str, state: str) -> None:
    law = read("law", LAW, issued_on="2015-03-01", doc_number="教发〔2015〕2号")
    (row,) = collection(law, read("other", NAMING.format(name))).of_document("other")
    assert row.state == state


def test_of_several_documents_of_one_name_only_the_one_in_force_is_meant() -> None:
    one, two = read("one", LAW), read("two", LAW)
    citing = read("citing", NAMING.format("《校园法》第三条"))
    assert collection(one, two, citing).of_document("citing")[0].state == "several"
    row = collection(one, two, citing, outdated={"one"}).of_document("citing")[0]
    assert (row.state, row.doc_id) == ("found", "two")


def test_numbers_are_those_of_the_law_as_it_read_when_they_were_written() -> None:
    old, new = (read(f"law-{year}", LAW, issued_on=f"{year}-03-01") for year in (2015, 2021))
    citing = [
        read(f"c{year}", NAMING.format("《校园法》第三条"), issued_on=f"{year}-06-01") for year in (2012, 2016, 2022)
    ]
    rows = {one.document.doc_id: collection(old, new, *citing, outdated={"law-2015"}) for one in citing}
    found = {doc_id: references.of_document(doc_id)[0] for doc_id, references in rows.items()}
    assert [(found[key].doc_id, found[key].newer_text) for key in ("c2012", "c2016", "c2022")] == [
        ("law-2021", "2021-03-01"),
        ("law-2015", None),
        ("law-2021", None),
    ]


def test_a_text_that_changes_another_names_that_ones_clauses() -> None:
    text = "关于修改《校园法》的决定\n一、将第三条修改为：“第三条 依照本法第二条和前款办理。”\n"
    rows = collection(read("law", LAW), read("change", text)).of_document("change")
    assert rows and {row.state for row in rows} == {"unclear"}


def test_quoted_wording_is_no_reference_of_the_text_that_quotes_it() -> None:
    text = "某某规定\n第一条 本规定第二条所引“依照本办法第二条”一句，不再适用。\n第二条 略。\n"
    rows = collection(read("note", text)).of_document("note")
    assert [(row.words, row.state) for row in rows] == [("本规定第二条", "found"), ("本办法第二条", "unclear")]


def test_a_notice_that_issues_a_text_is_found_by_that_texts_name() -> None:
    issuing = read(
        "issuing",
        "某某局关于印发某某市救助办法的通知\n各区：\n印发给你们。\n附件\n某某市救助办法\n第一条 为了救助。\n",
    )
    citing = read("citing", NAMING.format("《某某市救助办法》第一条"))
    row = collection(issuing, citing).of_document("citing")[0]
    assert (row.state, row.doc_id) == ("found", "issuing")
    assert fragment_of(issuing.document.title) == "某某市救助办法"


def test_titles_are_the_same_but_for_spelling() -> None:
    assert title_key("《中华人民共和国 教育法》(2015年修正)") == title_key("教育法") == "教育法"
    assert title_key("某省实施《义务教育法》办法") == title_key("某省实施〈中华人民共和国义务教育法〉办法")
    assert title_key("某办法（试行）") != title_key("某办法")


def test_the_words_of_the_table_are_there() -> None:
    assert {"法", "实施细则"} <= set(words("own"))
    assert words("own").index("实施细则") < words("own").index("细则")


TORN = """某某市校园安全补充规定
一、总则
依照《中华人民共和国校园
法》第三条第二款和《中华人民共和国校园法》
第二条的规定办理，并适用《中华人民共和国校园法》第
四条之一。
二、依照校园法的规定处理，违反校园法和网络法有关规定的，从重；高等校园法的规定另行解释。
三、根据校园法和校园安全管理条例的规定办理。
"""


def test_a_reference_torn_by_a_line_break_and_a_law_named_without_brackets() -> None:
    law, torn = read("law", LAW), read("torn", TORN)
    parsed = {"law": law, "torn": torn}
    found = References([law.document, torn.document], lambda one: parsed[one].clauses, lambda _: ())
    rows = [(row.words, row.state, row.to_place) for row in found.of_document("torn")]
    assert rows == [
        ("《中华人民共和国校园\n法》第三条第二款", "found", "第三条"),
        ("《中华人民共和国校园法》\n第二条", "found", "第二条"),
        ("《中华人民共和国校园法》第\n四条之一", "found", "第四条之一"),
        ("校园法", "document", ""),
        ("校园法", "document", ""),
        ("校园法", "document", ""),
    ]
    for row in found.of_document("torn"):
        clause = next(each for each in torn.clauses if each.clause_id == row.clause_id)
        assert clause.text[row.span.start : row.span.end] == row.words


def test_a_line_that_begins_a_clause_is_not_joined_to_the_reference_before_it() -> None:
    text = "某某市校园安全规则\n第一条 依照《中华人民共和国校园法》\n第二条 学校负责。\n第三条 学校检查。\n"
    law, rules = read("law", LAW), read("rules", text)
    found = References(
        [law.document, rules.document], lambda one: {"law": law, "rules": rules}[one].clauses, lambda _: ()
    )
    assert [row.words for row in found.of_document("rules")] == ["《中华人民共和国校园法》"]
