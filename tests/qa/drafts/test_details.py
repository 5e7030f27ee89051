"""What a finding says beside its verdict: place, message, changes, notes."""

from __future__ import annotations

from qa.drafts.records import Finding
from qa.drafts.report import check_json, check_text, explanation, message, phrases
from tests.qa.drafts.conftest import Checker

ZH, EN = phrases("zh"), phrases("en")


def only(check: Checker, sentence: str, verdict: str, **options: str) -> Finding:
    found = [each for each in check(f"汇报\n\n{sentence}\n", **options).findings if each.verdict == verdict]
    assert len(found) == 1, found
    return found[0]


def notes(finding: Finding) -> list[str]:
    return [note.key for note in finding.notes]


def test_a_missing_article_names_the_last_one(check: Checker) -> None:
    found = only(check, "《校园安全法》第三十条。", "no_clause")
    assert message(found, ZH) == "《中华人民共和国校园安全法》没有第三十条。最后一条是第七条。"
    assert message(found, EN) == "《中华人民共和国校园安全法》 has no 第三十条. The last one is 第七条."


def test_a_missing_paragraph_says_how_many_there_are(check: Checker) -> None:
    found = only(check, "《校园安全法》第三条第四款。", "no_clause")
    assert message(found, ZH) == "《中华人民共和国校园安全法》没有第三条第四款。第三条共 3 款。"
    found = only(check, "《校园安全法》第四条第五项。", "no_clause")
    assert message(found, ZH).endswith("第四条第（三）项共 3 项。")


def test_an_article_of_another_chapter_is_said_to_stand_there(check: Checker) -> None:
    found = only(check, "《校园安全法》第二章第二条。", "no_clause")
    assert explanation(found, ZH) == ["《中华人民共和国校园安全法》没有第二章第二条。", "说明：这一条在第一章第二条"]


def test_the_sentence_is_counted_in_its_paragraph(check: Checker) -> None:
    checked = check("汇报\n\n第一段。\n\n先说一句话。再按《校园安全法》第三十条办。\n")
    assert [(each.paragraph, each.sentence) for each in checked.findings] == [(3, 2)]


def test_changed_words_are_shown(check: Checker) -> None:
    found = only(check, "《校园安全法》第三条规定“教育主管部门应当每年检查两次学校的安全设施”。", "differs")
    assert found.source_words == "教育主管部门应当每年检查一次学校的安全设施"
    assert [(c.operation, c.words) for c in found.changes if c.operation != "same"] == [
        ("removed", "两次"),
        ("added", "一次"),
    ]
    assert "［-两次-］［+一次+］" in explanation(found, ZH)[1]


def test_words_of_the_old_version_show_what_the_new_one_says(check: Checker) -> None:
    found = only(check, "《校园安全法》第二条规定“每学期至少组织一次安全演练”。", "other_version")
    assert not found.current
    assert message(found, ZH) == "与 2024-11-01 的文本不符，2019-03-01 的文本里有。请确认要用哪个文本。"
    assert [c.words for c in found.changes if c.operation == "added"] == ["两次"]


def test_on_an_earlier_day_the_earlier_version_counts(check: Checker) -> None:
    words = "《校园安全法》第二条规定“每学期至少组织一次安全演练”。"
    assert [f.verdict for f in check(f"汇报\n{words}", as_of="2020-05-01").findings] == ["exists", "identical"]
    assert [f.verdict for f in check("汇报\n《校园安全法》第七条。", as_of="2024-12-01").findings] == ["other_version"]


def test_an_unknown_status_is_said(check: Checker) -> None:
    assert notes(only(check, "《星河区“五进”阅读活动实施方案》二（一）。", "exists")) == ["status_unknown"]
    assert notes(only(check, "《校园安全法》第一条。", "exists")) == []


def test_an_expired_rule_is_in_force_before_its_end(check: Checker) -> None:
    assert only(check, "《星河区校车管理规定》第一条。", "exists", as_of="2023-12-31")
    assert "已失效" in message(only(check, "《星河区校车管理规定》第一条。", "not_in_force"), ZH)


def test_a_nickname_is_told_by_the_rest_of_the_draft(check: Checker) -> None:
    checked = check("汇报\n《民办教育促进法》第一条说明目的，民促法第二条说明地位。\n")
    assert [f.verdict for f in checked.findings] == ["exists", "exists"]
    assert notes(checked.findings[1]) == ["nickname"]


def test_a_short_title_that_does_not_fit_is_uncertain_and_not_wrong(check: Checker) -> None:
    assert only(check, "《阅读活动实施方案》二（一）1。", "exists")
    assert only(check, "《阅读活动实施方案》九（一）1。", "uncertain")


def test_the_form_of_a_number_is_remarked(check: Checker) -> None:
    assert notes(only(check, "按星办发[2023]第12号办。", "number_exists")) == ["number_form"]
    assert notes(only(check, "按星办发〔2023〕12号办。", "number_exists")) == []


def test_a_title_beside_a_number_of_another_document(check: Checker) -> None:
    assert only(check, "《星河区运动会通知》（星办发〔2023〕12号）。", "number_elsewhere").severity == "check"
    assert only(check, "《校园安全法》（国主令〔2024〕5号）。", "number_unstated").severity == "unchecked"


def test_the_drafts_own_articles_are_no_citations(check: Checker) -> None:
    text = (
        "某校考勤办法\n\n第一条 根据《校园安全法》第一条，制定本办法。\n第二条 教师按时到岗。\n"
        "第三条 违反本办法第二条的，批评教育；违反第九条的，另行处理。\n"
    )
    found = [(f.words, f.verdict) for f in check(text).findings]
    assert found == [("《校园安全法》第一条", "exists"), ("本办法第二条", "exists"), ("第九条", "no_clause")]


def test_references_within_quoted_words_belong_to_the_source(check: Checker) -> None:
    checked = check("汇报\n《校园安全法》第六条规定“违反本法第三条第三款规定的，由上级机关责令改正”。\n")
    assert [f.verdict for f in checked.findings] == ["exists", "identical"]


def test_marks_that_do_not_pair_are_reported(check: Checker) -> None:
    checked = check("汇报\n学校要求“按时完成各项整改任务并上报。\n“七进”活动。\n")
    assert checked.unpaired == (2,) and checked.short_quotations == 1
    assert "第 2 段的引号没有成对" in check_text(checked, ZH)


def test_marks_within_a_title_are_no_quotation(check: Checker) -> None:
    assert check("汇报\n按《星河区“五进”阅读活动实施方案》办。\n").short_quotations == 0


def test_a_draft_without_citations(check: Checker) -> None:
    checked = check("今天天气很好。\n")
    assert check_text(checked, ZH) == "《draft.txt》里没有读到引用文件、文号或引文的地方。"
    assert check_json(checked, ZH)["findings"] == []


def test_the_contract_for_machines(check: Checker) -> None:
    row = check_json(check("汇报\n《校园安全法》第二条。\n"), ZH)["findings"][0]
    assert row == {
        "kind": "citation",
        "verdict": "exists",
        "severity": "fine",
        "message": "《中华人民共和国校园安全法》第二条存在（核对的是名称和条款号，转述的内容没有核对）。",
        "notes": [],
        "words": "《校园安全法》第二条",
        "span": [3, 13],
        "paragraph": 2,
        "sentence": 1,
        "doc_id": "law",
        "document": "中华人民共和国校园安全法",
        "version": 2,
        "clause_id": "law.c1.a2",
        "locator": "第二条",
        "source_words": "第二条 学校应当每学期至少组织两次安全演练，并做好记录。",
        "changes": [],
    }
