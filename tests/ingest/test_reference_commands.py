"""``python -m ingest references`` and the status that ``list`` shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.home import home_from
from ingest.parsing import parse_text
from ingest.storage import Store

OLD = """某某市校园安全暂行办法
第一条 学校应当建立制度。
教师应当遵守制度。
前款所称教师，包括保育员。
第二条 本办法自2010年1月1日起施行。
"""
NEW = """某某市校园安全办法
第一条 参照《某某市校园安全暂行办法》第一条第二款和本办法第九条办理。
第二条 依照《某某市门卫办法》第三条、该办法第四条办理。
第三条 自2020年7月1日起施行，《某某市校园安全暂行办法》同时废止。
"""


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "kb"))
    monkeypatch.setattr("ingest.dates.today", lambda: "2024-03-01")
    with Store.open(home_from(), write=True) as writing:
        for doc_id, text in (("old", OLD), ("new", NEW)):
            writing.add(parse_text(text, source_file=f"{doc_id}.txt", sha256=doc_id, doc_id=doc_id))


def test_a_documents_references_are_listed_with_what_they_mean(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["references", "new"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "[第一条] 《某某市校园安全暂行办法》第一条第二款 → 《某某市校园安全暂行办法》第一条“教师应当遵守制度。……”",
        "[第一条] 本办法第九条 → 该文件没有“本办法第九条”",
        "[第二条] 《某某市门卫办法》第三条 → 知识库中没有这份文件",
        "[第二条] 该办法第四条 → 没有认出指的是哪一份文件",
        "[第三条] 《某某市校园安全暂行办法》 → 《某某市校园安全暂行办法》",
        "共 5 处。",
    ]


def test_a_clause_is_told_who_refers_to_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["references", "--to", "old.a1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "《某某市校园安全办法》第一条 《某某市校园安全暂行办法》第一条第二款",
        "共 1 处。",
    ]
    assert main(["references", "--to", "new.a3"]) == 0
    assert capsys.readouterr().out == "没有条款引用它。\n"


def test_references_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["references", "old", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    text = OLD.split("\n", 1)[1]
    assert row["targets"] == [{"clause_id": "old.a1", "locator": "第一条", "span": row["targets"][0]["span"]}]
    start, end = row["targets"][0]["span"]
    assert text[start:end] == "教师应当遵守制度。"
    assert (row["words"], row["state"], row["message"], row["doc_id"]) == ("前款", "found", None, "old")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["references"], 2, "必须给出一个"),
        (["references", "new", "--to", "old.a1"], 2, "不能与"),
        (["references", "none"], 1, "没有编号为“none”的文件"),
        (["references", "--to", "old.a9"], 1, "没有编号为“old.a9”的条款"),
        (["references", "new", "--as-of", "2020"], 1, "日期“2020”不合要求"),
    ],
)
def test_bad_usage_is_told(arguments: list[str], status: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        found = main(arguments)
    except SystemExit as stopped:
        found = int(str(stopped.code))
    assert found == status
    assert words in capsys.readouterr().err


def test_list_shows_the_status_today(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    assert "2024-03-01 已废止（2020-07-01 起，由《某某市校园安全办法》代替或废止，编号 new）" in out
    assert "2024-03-01 是否有效：未知" in out
    assert main(["list", "--json"]) == 0
    rows = {row["doc_id"]: row["validity"] for row in json.loads(capsys.readouterr().out)}
    assert rows["old"] == {
        "day": "2024-03-01",
        "status": "repealed",
        "since": "2020-07-01",
        "until": None,
        "replaced_by": "new",
        "quote": "第三条 自2020年7月1日起施行，《某某市校园安全暂行办法》同时废止。",
    }
    assert rows["new"]["status"] == "unknown"
