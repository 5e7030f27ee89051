"""Facts with the words they were read from."""

from __future__ import annotations

import pytest

from ingest.fact_reading import order_number
from ingest.parsing import parse_text
from ingest.records import ParsedDocument

HEAD = (
    "某某省教育厅关于加强校园安全工作的通知\n某教发〔2020〕12号\n\n"
    "各市教育局，各直属学校：\n现通知如下。\n一、加强领导。\n"
)
TAIL = "\n某某省教育厅\n某某省财政厅\n2020年3月15日\n"


def parsed(sentence: str, *, head: str = HEAD, tail: str = TAIL) -> ParsedDocument:
    return parse_text(f"{head}二、{sentence}\n{tail}", source_file="文件.txt", sha256="0" * 64)


def values(found: ParsedDocument, name: str) -> list[str]:
    return [fact.value for fact in found.facts if fact.name == name]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("国发〔2019〕4号", "国发〔2019〕4号"),
        ("国发[2019]4号", "国发〔2019〕4号"),
        ("国发【2019】04号", "国发〔2019〕4号"),
        ("国发（2019）第 4 号", "国发〔2019〕4号"),
        ("国发﹝2019﹞4号", "国发〔2019〕4号"),
        ("某教发 〔2019〕 4 号", "某教发〔2019〕4号"),
        ("发文字号：国办发〔2019〕3号", "国办发〔2019〕3号"),
        ("中华人民共和国国务院令第746号", "中华人民共和国国务院令第746号"),
        ("教育部令（第10号）", "教育部令第10号"),
        ("财政部公告2020年第5号", "财政部公告2020年第5号"),
        ("公告2020年第5号", "公告2020年第5号"),
        ("2020年第5号", None),
        ("关于安全的通知", None),
    ],
)
def test_order_numbers(written: str, number: str | None) -> None:
    assert order_number(written) == number


@pytest.mark.parametrize(
    ("sentence", "effective", "expires"),
    [
        ("本通知自2020年5月1日起施行，有效期五年。", "2020-05-01", "2025-04-30"),
        ("本通知自印发之日起施行，有效期至2025年12月31日。", "2020-03-15", "2025-12-31"),
        ("本通知自印发之日起执行，有效期3年。", "2020-03-15", "2023-03-14"),
        ("本通知自二〇二〇年四月一日起试行，试行期两年。", "2020-04-01", "2022-03-31"),
        ("本通知有效期自2020年4月1日起至2022年3月31日止。", None, "2022-03-31"),
        ("本通知自2020年2月29日起施行，有效期1年。", "2020-02-29", "2021-02-28"),
        ("《某某办法》有效期五年，请各地掌握。", None, None),
        ("驾驶证有效期6年。", None, None),
        ("各校要按时报送。", None, None),
    ],
)
def test_terms(sentence: str, effective: str | None, expires: str | None) -> None:
    found = parsed(sentence)
    assert (found.document.effective_on, found.document.expires_on) == (effective, expires)
    for fact in found.facts:
        if fact.name in ("effective_on", "expires_on"):
            assert fact.quote in found.source


def test_a_day_of_printing_is_the_day_of_issue() -> None:
    found = parsed("本通知自印发之日起施行。", tail=f"{TAIL}某某省教育厅办公室  2020年3月18日印发\n")
    assert (found.document.issued_on, found.document.effective_on) == ("2020-03-15", "2020-03-18")


def test_addressees_and_signatures_are_facts() -> None:
    found = parsed("各校要按时报送。")
    assert values(found, "addressee") == ["各市教育局，各直属学校"]
    assert values(found, "signature") == ["某某省教育厅、某某省财政厅"]


@pytest.mark.parametrize(
    ("sentence", "repealed"),
    [
        (
            "《旧通知》（某教发〔2015〕1号）、《更旧的通知》同时废止。",
            ["《旧通知》（某教发〔2015〕1号）", "《更旧的通知》"],
        ),
        ("《关于印发〈旧办法〉的通知》即行废止。", ["《关于印发〈旧办法〉的通知》"]),
        ("自本通知印发之日起，《旧通知》停止执行。", ["《旧通知》"]),
        ("依照《某法》规定应当予以废止的文件，要及时清理。", []),
        ("《某安排》下暂时停止执行有关规定。", []),
    ],
)
def test_repeals(sentence: str, repealed: list[str]) -> None:
    assert values(parsed(sentence), "repeals") == repealed
