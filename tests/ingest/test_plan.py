"""The plan that ``corpus/`` ships: what it says, and that its saved page would give it again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from ingest.healing import heal
from ingest.home import CORPUS_DIR
from ingest.parsing import parse_file, parse_text
from ingest.records import Clause, ParsedDocument

TEXT = CORPUS_DIR / "documents" / "qijin-plan-2023.txt"
FACTS = TEXT.with_name("qijin-plan-2023.facts.json")
PAGE = 300  # characters that the site puts on a page


@pytest.fixture(scope="module")
def plan() -> ParsedDocument:
    return parse_file(TEXT)


@pytest.fixture(scope="module")
def by_locator(plan: ParsedDocument) -> dict[str, Clause]:
    return {clause.locator: clause for clause in plan.clauses}


def test_outline(plan: ParsedDocument) -> None:
    assert [clause.locator for clause in plan.clauses] == [
        "引言", "一", "二", "二（一）", "二（二）", "二（三）", "二（四）", "二（五）", "二（六）", "三",
        "三（一）", "三（一）1", "三（一）2", "三（一）3", "三（二）", "三（二）1", "三（二）2", "三（二）3",
        "三（三）", "三（三）1", "三（三）2", "三（三）3", "三（四）", "三（四）1", "三（四）2", "三（四）3",
        "三（五）", "三（五）1", "三（五）2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("locator", "breadcrumb"),
    [
        ("引言", ("引言",)),
        ("一", ("一、总体要求",)),
        ("二（一）", ("二、主要任务", "（一）充分认识铸牢中华民族共同体意识的重大意义和深刻内涵")),
        ("三（一）1", ("三、具体要求", "（一）进机关", "1.在带头学习贯彻民族政策上做表率")),
        ("三（二）1", ("三、具体要求", "（二）进企业", "1.深化民族团结进步宣传教育")),
        ("三（五）1", ("三、具体要求", "（五）进学校", "1.加大民族团结进步教育力度")),
        ("三（五）2", ("三、具体要求", "（五）进学校", "2.深化教育载体途径")),
    ],
)
def test_breadcrumbs(by_locator: dict[str, Clause], locator: str, breadcrumb: tuple[str, ...]) -> None:
    assert by_locator[locator].breadcrumb == breadcrumb


def test_the_heading_that_lost_its_number(by_locator: dict[str, Clause], plan: ParsedDocument) -> None:
    heading = by_locator["三（二）"]
    assert (heading.text, heading.kind, heading.path[-1].guessed) == ("进企业", "heading", True)
    assert by_locator["三（一）3"].text.endswith("争当民族团结进步的楷模。")
    assert [notice.context for notice in plan.notices if notice.kind == "guess"][0].find("进企业1.深化") > 0
    assert not any(step.guessed for clause in plan.clauses for step in clause.path if step.title != "进企业")


def test_introductions(by_locator: dict[str, Clause]) -> None:
    assert by_locator["三（五）1"].lead_in.startswith("民族团结进步创建“进学校”,就是要")
    assert by_locator["三（五）1"].lead_in.endswith("润物细无声的作用。")
    assert by_locator["三（二）1"].lead_in == ""
    assert by_locator["三（一）"].lead_in.startswith("民族团结进步创建“七进”活动,")
    assert by_locator["二"].kind == "heading"


def test_what_torn_pages_said_is_whole(plan: ParsedDocument) -> None:
    for words in (
        "铸牢中华民族共同体意识为主线",
        "建立正向激励",
        "“黑天鹅”灰犀牛”事件。",
        "严禁针对特定少数民族过度检查、拒住、拒租、拒卖",
    ):
        assert words in plan.source
    assert "\n" not in plan.source
    assert plan.source.endswith("在校园设置铸牢中华民族共同体意识教育")


def test_facts(plan: ParsedDocument) -> None:
    document = plan.document
    assert (document.doc_id, document.rank, document.status) == ("qijin-plan-2023", "plan", "unknown")
    assert document.title == "全区深化民族团结进步创建“七进”活动行动方案"
    assert (document.doc_number, document.issuer, document.issued_on, document.effective_on) == (None, None, None, None)
    stated = json.loads(FACTS.read_text(encoding="utf-8"))
    assert "issued_on" in stated["unknown"]
    assert sum(record["kind"] == "healed" for record in stated["healed"]) == 16


def test_what_is_missing_is_told(plan: ParsedDocument) -> None:
    assert [notice.subject for notice in plan.notices if notice.kind == "gap"] == ["进连队", "进宗教活动场所"]
    assert [notice.kind for notice in plan.notices].count("truncated") == 1
    notes = "".join(plan.document.notes)
    assert all(words in notes for words in ("三（五）2", "进连队", "进宗教活动场所", "中间断开"))
    assert len(set(plan.document.notes)) == len(plan.document.notes)


def test_a_saved_page_of_it_gives_it_again(plan: ParsedDocument) -> None:
    title = plan.document.title
    pages = [plan.source[start : start + PAGE] for start in range(0, len(plan.source) - PAGE // 2, PAGE)]
    pages[-1] = plan.source[(len(pages) - 1) * PAGE :]
    saved = "\n".join(
        [
            "收藏 分享(赏)", "", f"{title}.docx", "上传人:a****b 文档编号:1 上传时间:2023-04-21 格式:DOCX 页数:11",
            *(f"{title}.docx_第{number}页\n第{number}页 / 共11页" for number in range(1, 7)), "资源描述", "",
            *(f"{number}、{page}\n" for number, page in enumerate(pages, 1)),
            "展开阅读全文", "相关资源", "当前位置:首页 > 其它", "经营许可证编号:某ICP备2000000000号-1",
        ]
    )  # fmt: skip
    assert heal(saved).text == plan.source
    again = parse_text(saved, source_file="000.txt", sha256=hashlib.sha256(saved.encode()).hexdigest())
    assert again.clauses == plan.clauses
    assert again.document.doc_id == plan.document.doc_id


@pytest.mark.realdata
def test_the_page_as_it_was_saved(plan: ParsedDocument, realdata: Path) -> None:
    pages = list((realdata / "documents" / "plan").glob("*.txt"))
    assert len(pages) == 1
    saved = parse_file(pages[0])
    assert (saved.source, saved.clauses, saved.document.notes) == (plan.source, plan.clauses, plan.document.notes)
    stated = json.loads(FACTS.read_text(encoding="utf-8"))
    assert saved.document.sha256 == stated["origin"]["sha256"]


@pytest.mark.realdata
def test_statutes_are_read_article_by_article(realdata: Path) -> None:
    for path in sorted((realdata / "documents" / "statutes-md").glob("*.md")):
        parsed = parse_file(path)
        numbers = [clause.path[-1].number for clause in parsed.clauses if clause.path[-1].code == "a"]
        assert numbers == list(range(1, len(numbers) + 1)), path.name
        spans = sorted([*(c.span for c in parsed.clauses), *parsed.leavings], key=lambda span: span.start)
        assert "".join(parsed.source[span.start : span.end] for span in spans) == parsed.source, path.name
