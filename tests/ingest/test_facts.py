from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.dates import iso_date
from ingest.errors import UnreadableFile
from ingest.facts import FactsOverride, rank_of, read_facts_file
from ingest.naming import is_doc_id, make_doc_id
from ingest.parsing import parse_text
from ingest.records import Document

NOTICE = (
    "某某省教育厅关于加强校园安全工作的通知\n某教发〔2020〕12号\n\n各市教育局：\n现通知如下。\n"
    "一、加强领导。各地要明确专人负责。\n二、本通知自2020年5月1日起施行，有效期至2025年4月30日。\n\n"
    "某某省教育厅\n二〇二〇年三月十五日\n（此件公开发布）\n"
)


def document_of(text: str, name: str = "文件.txt", **facts: Any) -> Document:
    return parse_text(text, source_file=name, sha256="0" * 64, facts=FactsOverride(**facts) if facts else None).document


def test_a_notice_tells_its_facts() -> None:
    document = document_of(NOTICE)
    assert document.title == "某某省教育厅关于加强校园安全工作的通知"
    assert document.doc_number == "某教发〔2020〕12号"
    assert document.issuer == "某某省教育厅"
    assert (document.issued_on, document.effective_on, document.expires_on) == (
        "2020-03-15",
        "2020-05-01",
        "2025-04-30",
    )
    assert (document.status, document.rank) == ("unknown", "normative_document")
    assert document.doc_id == "moujiaofa-2020-12"


def test_what_the_text_does_not_tell_stays_unknown() -> None:
    document = document_of("校园安全工作方案\n一、加强领导。各校要明确专人。\n二、抓好落实。各校要按时报送。")
    assert (document.doc_number, document.issuer, document.issued_on, document.effective_on) == (None, None, None, None)
    assert (document.title, document.rank, document.doc_id) == (
        "校园安全工作方案",
        "plan",
        "xiaoyuananquangongzuo-plan",
    )


def test_a_number_in_the_text_is_not_the_documents_own() -> None:
    assert document_of("某校安全方案\n根据某教发〔2020〕12号文件精神制定。\n一、要求。各校落实。").doc_number is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("某某市关于加强安全工作的\n实施意见\n一、要求", "某某市关于加强安全工作的实施意见"),
        ("某某市人民政府\n关 于 安 全 的 通 知\n一、要求", "某某市人民政府关于安全的通知"),
        ("某教发〔2020〕1号\n某校安全管理办法（试行）\n第一条 为了安全。", "某校安全管理办法（试行）"),
        (
            "国务院令\n第707号\n现公布《安全条例》。\n总理　某某\n2018年12月18日\n安全条例\n第一条 为了安全。",
            "安全条例",
        ),
        ("某某市停车管理办法第一章总则第一条为了停车秩序。", "某某市停车管理办法"),
        ("文明养犬倡议书\n养犬人要牵好犬绳。", "文明养犬倡议书"),
        ("养犬人要牵好犬绳。\n请清理粪便。", "文件"),
        ("一、加强领导\n各校要重视。", "文件"),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert document_of(text).title == title


def test_an_order_gives_number_issuer_and_date_of_the_regulation() -> None:
    document = document_of(
        "中华人民共和国国务院令\n第707号\n现公布《安全条例》，自2019年1月1日起施行。\n总理　某某\n2018年12月18日\n"
        "安全条例\n（1994年1月28日国务院令第142号发布　2018年12月18日修订）\n第一条 为了安全。\n第二条 保证安全。"
    )
    assert (document.doc_number, document.issuer) == ("中华人民共和国国务院令第707号", "国务院")
    assert (document.issued_on, document.effective_on) == ("2018-12-18", "2019-01-01")
    assert (document.rank, document.doc_id) == ("administrative_regulation", "guowuyuan-ling-707")


def test_who_approves_a_local_regulation_has_not_issued_it() -> None:
    document = document_of(
        "# 某某市安全条例\n\n2020年3月10日 某某市第十五届人民代表大会常务委员会第二十八次会议通过\n\n"
        "2020年5月15日 某某省第十三届人民代表大会常务委员会第二十一次会议批准\n\n第一条 为了安全。",
        "条例.md",
    )
    assert (document.issuer, document.rank) == ("某某市人民代表大会常务委员会", "local_regulation")


@pytest.mark.parametrize(
    ("words", "date"),
    [
        ("2019年1月24日", "2019-01-24"),
        ("二〇一九年十一月二十四日", "2019-11-24"),
        ("二○○四年十月十日", "2004-10-10"),
        ("2019 年 1 月 4 日印发", "2019-01-04"),
        ("2019年13月4日", None),
        ("2019年", None),
        ("", None),
    ],
)
def test_dates(words: str, date: str | None) -> None:
    assert iso_date(words) == date


@pytest.mark.parametrize(
    ("title", "issuer", "number", "rank"),
    [
        ("中华人民共和国教育法", None, None, "law"),
        ("某某市学前教育条例", None, None, "local_regulation"),
        ("宗教事务条例", None, None, "administrative_regulation"),
        ("某某市实施《教师法》办法", "某某市人民代表大会常务委员会", None, "local_regulation"),
        ("学校卫生规定", "教育部", "教育部令第10号", "rule"),
        ("某校方案（试行）", None, None, "plan"),
        ("某某通知", None, None, "normative_document"),
        ("某某倡议书", None, None, "unknown"),
    ],
)
def test_ranks(title: str, issuer: str | None, number: str | None, rank: str) -> None:
    assert rank_of(title, issuer, number) == rank


@pytest.mark.parametrize(
    ("title", "number", "year", "doc_id"),
    [
        ("某某通知", "国发〔2019〕4号", "2019", "guofa-2019-4"),
        ("某某通知", "国办发明电〔2018〕15号", None, "guobanfamingdian-2018-15"),
        ("全区深化创建“七进”活动行动方案", None, "2023", "qijin-plan-2023"),
        ("中华人民共和国义务教育法", None, "2018", "yiwujiaoyu-law-2018"),
        ("关于开展读书活动的通知", None, None, "kaizhandushuhuodong-notice"),
        ("Safety plan 2020", None, "2020", "safetyplan2020-2020"),
    ],
)
def test_doc_ids(title: str, number: str | None, year: str | None, doc_id: str) -> None:
    assert make_doc_id(title, number, year) == doc_id
    assert is_doc_id(doc_id)


def test_a_title_without_letters_still_has_an_id() -> None:
    assert is_doc_id(make_doc_id("？？", None, None))


def test_a_title_with_an_endless_word_still_has_an_id() -> None:
    assert is_doc_id(make_doc_id(f"{'a' * 300}管理条例", None, "2020"))


def write(path: Path, stated: object) -> Path:
    path.write_text(json.dumps(stated, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_facts_file_overrides_and_forbids(tmp_path: Path) -> None:
    stated = {
        "title": "校园安全办法",
        "status": "in_force",
        "unknown": ["issuer", "issued_on"],
        "notes": ["来源：某某网"],
    }
    facts = read_facts_file(write(tmp_path / "a.facts.json", stated))
    document = parse_text(NOTICE, source_file="a.txt", sha256="0", facts=facts).document
    assert (document.title, document.status) == ("校园安全办法", "in_force")
    assert (document.issuer, document.issued_on) == (None, None)
    assert document.effective_on == "2020-05-01"
    assert document.notes[0] == "来源：某某网"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ([], "JSON 对象"),
        ({"titel": "某"}, "不认识的项“titel”"),
        ({"title": 3}, "应当是文字"),
        ({"title": " "}, "应当是文字"),
        ({"issued_on": "2023年4月"}, "日期"),
        ({"status": "valid"}, "之一"),
        ({"rank": "high"}, "之一"),
        ({"doc_id": "七进 方案"}, "小写字母"),
        ({"notes": "一条"}, "文字列表"),
        ({"unknown": ["colour"]}, "colour"),
        ({"unknown": ["title"], "title": "某"}, "title"),
    ],
)
def test_a_wrong_facts_file_is_refused_with_the_reason(tmp_path: Path, stated: object, words: str) -> None:
    with pytest.raises(UnreadableFile, match=r"说明文件“a.facts.json”") as refused:
        read_facts_file(write(tmp_path / "a.facts.json", stated))
    assert words in str(refused.value)


def test_a_facts_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.facts.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="JSON"):
        read_facts_file(path)
