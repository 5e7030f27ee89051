"""Numbers like 1.1 and 1.1.1 at the start of lines, below 1 as below 一、."""

from __future__ import annotations

import pytest

from ingest.parsing import parse_text


def outline(body: str) -> list[tuple[str, str]]:
    found = parse_text(f"星河市图书馆服务规范\n{body}", source_file="file.txt", sha256="0" * 64)
    return [(clause.locator, clause.kind) for clause in found.clauses]


BELOW = (
    "一、总体要求\n1.1为读者提供安静的环境。\n1.2工作人员佩戴证件。\n1.2.1证件应当写明姓名。\n1.2.2遗失的，3日内补办。\n"
    "二、服务要求\n2.1借书证当场办理。\n2.2图书逾期的，每天收费0.1元。\n"
)


def test_decimals_below_chinese_numerals_keep_both_levels() -> None:
    assert [locator for locator, _ in outline(BELOW)] == ["一", "1.1", "1.2", "1.2.1", "1.2.2", "二", "2.1", "2.2"]


@pytest.mark.parametrize("words", ["3岁以下儿童由家长陪同。", "APP预约免费。", "“绿色通道”为老年人开设。"])
def test_a_decimal_may_stand_before_a_digit_a_letter_or_a_quotation(words: str) -> None:
    assert ("2.3", "clause") in outline(f"{BELOW}2.3 {words}\n2.4 闭馆提前公告。\n")


@pytest.mark.parametrize("line", ["2.3 4.5 6.7", "2.3米以上的书架要固定。", "2.3%的读者要登记。"])
def test_quantities_at_the_start_of_a_line_are_no_numbers(line: str) -> None:
    body = f"一、总体要求\n（一）书架。\n{line}\n（二）读者。\n二、其他\n"
    assert all(not locator.startswith("2.3") for locator, _ in outline(body))


def test_a_sentence_that_obliges_is_a_clause_though_items_follow() -> None:
    assert ("1.2", "clause") in outline(BELOW.replace("工作人员佩戴", "工作人员要佩戴"))
    assert ("一", "heading") in outline(BELOW)  # 总体要求 obliges nobody


def test_decimals_below_arabic_numerals_are_as_before() -> None:
    body = "1 总则\n1.1 目的\n为了服务读者。\n1.2 范围\n1.2.1 本市。\n1.2.2 外地。\n2 服务\n2.1 开放\n每天开放。\n"
    assert [locator for locator, _ in outline(body)] == ["1", "1.1", "1.2", "1.2.1", "1.2.2", "2", "2.1"]
