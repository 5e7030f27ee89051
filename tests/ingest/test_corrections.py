"""A correction shows in the clauses, is kept when the file comes again, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.bootstrap import RULES_SETTING, ensure_corpus
from ingest.correcting import with_fields
from ingest.correction_desk import save_corrections, standings, try_correction, undo_correction
from ingest.corrections import (
    Change,
    Ends,
    Fields,
    Heading,
    NotHeading,
    described,
    family_code,
    family_names,
    read_number,
)
from ingest.errors import InputError
from ingest.home import Home
from ingest.intake import ingest_file
from ingest.markers import ARTICLE, BOOK, CIRCLED, DECIMALS, FAMILIES, ITEM, ROMAN
from ingest.records import Clause, Document, Span, Step
from ingest.requirements import extract
from ingest.rows import fingerprint
from ingest.storage import Store

PLAN = """示范区校园安全工作方案

一、总体要求以习近平新时代中国特色社会主义思想为指导，做好校园安全工作。
二、具体任务
（一）加强演练
1.每年至少开展两次演练。
2.有关情况及时上报。
加强宣传
1.每学期开展一次宣传。
2.每月张贴海报。
（二）加强检查
第一，学校应当每月检查一次。
3.发现问题立即整改。
三、工作要求
各单位要高度重视。
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "方案.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(Home(tmp_path / "kb"), write=True) as opened:
        yield opened


@pytest.fixture
def doc_id(store: Store, file: Path) -> str:
    return ingest_file(store, file, doc_id="plan").doc_id


def locators(store: Store, doc_id: str) -> list[str]:
    return [clause.locator for clause in store.clauses(doc_id)]


def correct(store: Store, doc_id: str, words: str, change: Change) -> None:
    trial = try_correction(store, doc_id, store.source(doc_id).index(words), change)
    save_corrections(store, doc_id, [trial.correction])
    assert store.parsed(doc_id).clauses == trial.after.clauses


BEFORE = ["一", "二", "二（一）", "二（一）1", "二（一）2", "二（一）1", "二（一）2", "二（二）", "二（二）3", "三"]
MISSED = [
    "一",
    "二",
    "二（一）",
    "二（一）1",
    "二（一）2",
    "二（二）",
    "二（二）1",
    "二（二）2",
    "二（三）",
    "二（三）3",
    "三",
]


def test_what_is_no_heading_joins_the_clause_before(store: Store, doc_id: str) -> None:
    assert locators(store, doc_id) == BEFORE
    correct(store, doc_id, "3.发现", NotHeading())
    assert locators(store, doc_id) == [*BEFORE[:8], "三"]
    assert store.clauses(doc_id)[7].text.endswith("3.发现问题立即整改。")


def test_a_missed_heading_renumbers_what_follows(store: Store, doc_id: str) -> None:
    correct(store, doc_id, "加强宣传", Heading(ITEM, "2"))
    correct(store, doc_id, "（二）加强检查", Heading(ITEM, "三"))
    assert locators(store, doc_id) == MISSED
    heading = store.clauses(doc_id)[5]
    assert (heading.text, heading.path[-1].title, heading.path[-1].guessed) == ("加强宣传", "加强宣传", True)


def test_a_heading_without_a_number_stands_beside_the_numbered_ones(store: Store, doc_id: str) -> None:
    ids = {clause.text: clause.clause_id for clause in store.clauses(doc_id)}
    correct(store, doc_id, "加强宣传", Heading("l"))
    assert locators(store, doc_id)[4:9] == ["二（一）2", "二“加强宣传”", "二“加强宣传”1", "二“加强宣传”2", "二（二）"]
    checks = next(clause for clause in store.clauses(doc_id) if clause.locator == "二（二）")
    assert checks.clause_id == ids[checks.text]


def test_a_heading_in_the_middle_of_a_line(store: Store, doc_id: str) -> None:
    correct(store, doc_id, "做好校园", Heading(ITEM, "一"))
    clause = next(each for each in store.clauses(doc_id) if each.locator == "一（一）")
    assert clause.text == "做好校园安全工作。"


def test_a_heading_ends_where_a_person_says(store: Store, doc_id: str) -> None:
    correct(store, doc_id, "一、总体", Ends("一、总体要求以习近平"))
    first = store.clauses(doc_id)[0]
    assert first.path[-1].title == "总体要求以习近平"
    assert first.text[first.body_start :].startswith("新时代")
    correct(store, doc_id, "一、总体", Ends("一、"))
    first = store.clauses(doc_id)[0]
    assert (first.path[-1].title, first.body_start) == ("", 2)


def test_a_level_is_changed(store: Store, doc_id: str) -> None:
    correct(store, doc_id, "1.每学期", Heading("r", "", under="n"))
    assert locators(store, doc_id)[4:8] == ["二（一）2", "二1", "二2", "二（二）"]


SIGNED = PLAN + "\n示范区教育局\n2024年3月1日\n"


def test_what_was_taken_for_a_signature_or_title_becomes_a_clause(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "签.txt"
    file.write_text(SIGNED, encoding="utf-8")
    doc_id = ingest_file(store, file, doc_id="signed").doc_id
    assert "示范区教育局" not in store.clauses(doc_id)[-1].text
    correct(store, doc_id, "示范区教育局", Heading("n", "四"))
    correct(store, doc_id, "校园安全工作方案", Heading("c", "一"))
    found = store.clauses(doc_id)
    assert (found[-1].locator, found[-1].text) == ("第一章四", "示范区教育局\n2024年3月1日")
    assert (found[0].locator, found[0].text) == ("第一章", "校园安全工作方案")


def test_a_row_of_a_table_is_no_heading(store: Store, tmp_path: Path) -> None:
    page = tmp_path / "表.html"
    page.write_text(
        f"<html><body><h1>某办法</h1><p>一、标准如下。</p>{TABLE}<p>二、其他事项。</p></body></html>", "utf-8"
    )
    doc_id = ingest_file(store, page, doc_id="table").doc_id
    with pytest.raises(InputError, match="这一处在表格里"):
        try_correction(store, doc_id, store.source(doc_id).index("演练"), Heading(ITEM, "一"))


TABLE = "<table><tr><th>项目</th><th>次数</th></tr><tr><td>演练</td><td>两次</td></tr></table>"


def test_one_place_has_one_correction(store: Store, doc_id: str) -> None:
    correct(store, doc_id, "加强宣传", Heading(ITEM, "二"))
    correct(store, doc_id, "加强宣传", Heading(ITEM, "九"))
    correct(store, doc_id, "加强宣传", NotHeading())
    assert [(each.number, bool(each.undone_on)) for each in store.corrections(doc_id, undone=True)] == [
        (1, True), (2, True), (3, False),
    ]  # fmt: skip
    assert locators(store, doc_id) == BEFORE


def test_undoing_gives_the_first_reading_back(store: Store, doc_id: str) -> None:
    first = store.parsed(doc_id)
    correct(store, doc_id, "加强宣传", Heading(ITEM, "二"))
    correct(store, doc_id, "3.发现", NotHeading())
    undo_correction(store, doc_id, 1)
    assert locators(store, doc_id) == [*BEFORE[:8], "三"]
    undo_correction(store, doc_id, 2)
    assert store.parsed(doc_id) == first
    with pytest.raises(InputError, match=r"没有生效中的更正 2（现有：没有）"):
        undo_correction(store, doc_id, 2)


def test_a_correction_is_no_new_version_but_a_new_revision(store: Store, doc_id: str) -> None:
    before = store.revision()
    correct(store, doc_id, "加强宣传", Heading(ITEM, "二"))
    assert store.document(doc_id).version == 1
    assert store.revision() != before
    undo_correction(store, doc_id, 1)
    assert store.revision() == before


def test_the_same_file_again_keeps_the_corrections(store: Store, doc_id: str, file: Path) -> None:
    correct(store, doc_id, "加强宣传", Heading(ITEM, "二"))
    corrected = locators(store, doc_id)
    assert ingest_file(store, file).outcome == "unchanged"
    assert locators(store, doc_id) == corrected != BEFORE
    store.remove(doc_id)
    ingest_file(store, file, doc_id=doc_id)
    assert locators(store, doc_id) == corrected
    store.verify()


def test_a_new_version_keeps_what_fits_and_tells_what_does_not(store: Store, doc_id: str, file: Path) -> None:
    correct(store, doc_id, "加强宣传", Heading(ITEM, "二"))
    correct(store, doc_id, "3.发现", NotHeading())
    file.write_text(PLAN.replace("每学期开展一次", "每学期开展两次").replace("3.发现问题立即整改。\n", ""), "utf-8")
    assert ingest_file(store, file, doc_id=doc_id).outcome == "new_version"
    assert "二（二）1" in locators(store, doc_id)
    fitting, lost = standings(store, doc_id)
    assert not fitting.lapsed
    assert lost.lapsed
    assert lost.notice is not None
    assert lost.notice.message == (
        "人工更正 2 没有用上：文中找不到“3.发现问题立即整改。”。更正的内容是：“3.发现问题立即整改。”（原来接在"
        "“检查第一，学校应当每月检查一次。”之后），这里不是标题或序号。更正仍然保留；请对照现在的文本重新更正，或者撤销它。"
    )
    assert len(store.clauses(doc_id, version=1)) == len(BEFORE)  # 1 more, 1 less
    file.write_text(PLAN + "附记。\n", "utf-8")
    ingest_file(store, file, doc_id=doc_id)
    assert [each.lapsed for each in standings(store, doc_id)] == [False, False]


def test_a_change_of_the_rules_keeps_the_corrections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_STATUTES", "off")
    home = Home(tmp_path / "other")
    ensure_corpus(home)
    with Store.open(home, write=True) as store:
        doc_id = store.documents()[0].doc_id
        clause = next(each for each in store.clauses(doc_id) if each.locator == "三（三）2")
        trial = try_correction(store, doc_id, clause.span.start, NotHeading())
        save_corrections(store, doc_id, [trial.correction])
        store.remember(RULES_SETTING, "older")
        for name, shipped in store.shipped().items():
            store.remember_shipped(name, replace(shipped, fingerprint="older"))
    ensure_corpus(home)
    with Store.open(home) as store:
        assert store.parsed(doc_id).clauses == trial.after.clauses
        assert "三（三）2" not in locators(store, doc_id)


def test_a_document_of_an_older_program_is_read_again_first(store: Store, doc_id: str, file: Path) -> None:
    older = fingerprint(replace(store.parsed(doc_id), layout=""))
    store._execute("DELETE FROM layouts")
    store._execute("UPDATE versions SET fingerprint = ?", older)
    with pytest.raises(InputError, match="由旧版程序收录"):
        try_correction(store, doc_id, PLAN.index("加强宣传"), Heading(ITEM, "二"))
    assert ingest_file(store, file).outcome == "reread"
    correct(store, doc_id, "加强宣传", Heading(ITEM, "二"))


@pytest.mark.parametrize(
    ("words", "change", "reason"),
    [
        ("加强宣传", NotHeading(), "没有变化"),
        ("加强宣传", Heading(ITEM), "请写明序号"),
        ("加强宣传", Heading(ITEM, "甲"), "“甲”不是“（一）”这种序号能用的数"),
        ("加强宣传", Heading(ITEM, "二", under="c"), "前面没有可以放在其下的上一级标题"),
        ("加强宣传", Heading(ITEM, "二", under=ITEM), "上一级的序号与自己的序号相同"),
        ("加强宣传", Ends("加强"), "没有可改的标题"),
        ("一、总体", Ends("二、总体"), "已不在原处"),
        ("一、总体", Ends(" "), "标题应当有 1 到 200 个字"),
    ],
)
def test_what_has_no_effect_is_refused(store: Store, doc_id: str, words: str, change: Change, reason: str) -> None:
    before = store.parsed(doc_id)
    with pytest.raises(InputError, match=reason):
        try_correction(store, doc_id, PLAN.index(words), change)
    assert store.parsed(doc_id) == before


def fields(store: Store, doc_id: str, sentence: str, **values: str) -> None:
    parsed = store.parsed(doc_id)
    requirement = next(each for each in parsed.requirements if each.sentence == sentence)
    clause = next(each for each in parsed.clauses if each.clause_id == requirement.clause_id)
    change = Fields(sentence, tuple(values.items()))
    trial = try_correction(store, doc_id, clause.span.start + requirement.span.start, change)
    save_corrections(store, doc_id, [trial.correction])


def test_fields_of_a_requirement_are_corrected_and_kept(store: Store, doc_id: str, file: Path) -> None:
    said = "每年至少开展两次演练。"
    fields(store, doc_id, said, modality="should", audience="school、enterprise", frequency="每年", subject="学校")
    fields(store, doc_id, said, lead_units="学校、各单位", quantity="两次")
    file.write_text(PLAN + "附记。\n", encoding="utf-8")
    ingest_file(store, file, doc_id=doc_id)
    found = next(each for each in store.requirements(doc_id) if each.sentence == said)
    assert (found.modality, found.modal_word, found.audience) == ("should", None, ("school", "enterprise"))
    assert (found.subject, found.frequency, found.quantity) == ("学校", "每年", "两次")
    assert found.lead_units == ("学校", "各单位")
    file.write_text(PLAN.replace("演练。", "演练活动。"), encoding="utf-8")
    ingest_file(store, file, doc_id=doc_id)
    assert [each.lapsed for each in standings(store, doc_id)] == [True, True]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"frequency": "每月"}, "频次“每月”不是这个句子里的原话"),
        ({"lead_units": "教育局"}, "牵头单位“教育局”不是这份文件里的原话"),
        ({"modality": "perhaps"}, "没有“perhaps”这种约束程度"),
        ({"audience": "martian"}, "没有“martian”这种对象"),
        ({"action": "开展"}, "要求没有“action”这一项"),
    ],
)
def test_nobody_gives_a_requirement_words_that_the_text_lacks(
    store: Store, doc_id: str, values: dict[str, str], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        fields(store, doc_id, "每年至少开展两次演练。", **values)


@pytest.mark.parametrize(
    ("family", "typed", "read"),
    [
        (ITEM, "（五）", (5, 0, "五")),
        (ITEM, "12", (12, 0, "十二")),
        (ARTICLE, "第二百九十一条之一", (291, 1, "二百九十一")),
        (BOOK, "第3编", (3, 0, "三")),
        ("r", "二十一", (21, 0, "21")),
        (CIRCLED, "3", (3, 0, "③")),
        (ROMAN, "iv", (4, 0, "Ⅳ")),
        (ROMAN, "2", (2, 0, "Ⅱ")),
        (DECIMALS[1], "2.4", (4, 0, "2.4")),
    ],
)
def test_numbers_are_read_as_people_type_them(family: str, typed: str, read: tuple[int, int, str]) -> None:
    assert read_number(family, typed) == read


@pytest.mark.parametrize(
    ("family", "typed"), [(ITEM, "零"), (ITEM, "甲"), (ITEM, "12345"), (DECIMALS[1], "2"), (ARTICLE, "一之零")]
)
def test_what_is_no_number_is_refused(family: str, typed: str) -> None:
    with pytest.raises(InputError, match="不是"):
        read_number(family, typed)


def test_families_are_named_as_staff_write_them() -> None:
    assert [family_names()[code] for code in ("c", "a", "n", "i", "r", "q", "o", "x")] == [
        "第一章", "第一条", "一、", "（一）", "1.", "（1）", "①", "附件1",
    ]  # fmt: skip
    assert {family_code(name) for name in family_names().values()} == set(FAMILIES)
    assert (family_code("(一)"), family_code("一")) == (ITEM, "n")
    with pytest.raises(InputError, match="没有“甲、”这种序号"):
        family_code("甲、")


def test_a_correction_is_told_in_plain_words() -> None:
    assert described(Heading(ITEM, "2", under="n")) == "这里是标题，序号是“（二）”，放在“一、”下面"
    assert described(Fields("…", (("frequency", ""),))) == "要求的频次改为“无”"


def test_case_and_exception_are_corrected_with_words_of_the_whole_sentence() -> None:
    text = "情节严重的，学校应当报告，不得隐瞒，但法律另有规定的除外。其他情形另行规定。"
    step = Step("a", 1, 0, "第一条", "")
    piece = Clause("law.a1", "law", 0, "clause", (step,), ("第一条",), "第一条", text, "", Span(0, len(text)), 0)
    law = Document("law", "校园法", None, None, None, None, None, "in_force", "law", "a.txt", "0", 1)
    later = next(each for each in extract([piece], law) if each.modality == "must_not")
    values = [("condition", "严重的"), ("exception", "法律另有规定的除外"), ("object", ""), ("sanction", "")]
    changed = with_fields(later, values, text, later.span.start)
    assert (changed.condition, changed.exception) == ("严重的", "法律另有规定的除外")
    for name, words in (("condition", "其他情形"), ("exception", "凡例"), ("object", "情节严重")):
        with pytest.raises(InputError, match="不是这个句子里的原话"):
            with_fields(later, [(name, words)], text, later.span.start)
