"""Correcting a document in a real browser: open, correct, look at what changes, save, see the new locator, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from ingest.home import Home
from ingest.intake import ingest_file
from ingest.locking import WriterLock
from ingest.storage import Store
from tests.ingest.test_corrections import PLAN

if TYPE_CHECKING:
    from conftest import Serve
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
APP = Path(__file__).with_name("store_app.py")
TITLE = "示范区校园安全工作方案"
Visit = Callable[..., None]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("correct") / "kb")


@pytest.fixture(scope="module")
def address(serve: Serve, home: Home) -> Iterator[str]:
    Store.open(home, write=True).close()
    with serve(APP, KB_HOME=str(home.root)) as started:
        yield started


@pytest.fixture(autouse=True)
def _fresh_document(home: Home, address: str, tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(PLAN, encoding="utf-8")
    with Store.open(home, write=True) as store:
        if store.find("plan"):
            store.retire_corrections("plan", [each.number for each in store.corrections("plan")], on="2024-01-01")
            store.remove("plan")
        ingest_file(store, file, doc_id="plan")


@pytest.fixture
def visit(page: Page, address: str) -> Visit:
    return lambda **params: page.goto(f"{address}?{urlencode(params)}") and None


def locators(home: Home) -> list[str]:
    with Store.open(home) as store:
        return [clause.locator for clause in store.clauses("plan")]


def choose(page: Page, label: str, option: str) -> None:
    wanted = page.get_by_role("option", name=option, exact=True)
    for _ in range(10):  # a list that opens while the page is drawn again closes at once
        page.get_by_role("combobox", name=label).click()
        page.wait_for_timeout(400)
        if wanted.is_visible():
            break
    wanted.click()


def test_the_whole_way(page: Page, visit: Visit, home: Home) -> None:
    visit(doc="plan", clause="plan.n2.i1.r2")
    page.locator(".kb-open").get_by_role("link", name="更正本条").click()
    page.get_by_role("heading", name="更正条款划分").wait_for()
    page.get_by_text("里面还有标题没有认出来").click()
    choose(page, "标题从哪里开始", "加强宣传")
    choose(page, "序号样式", "没有序号的标题，与“（一）”同级")
    page.get_by_role("button", name="看改后的样子").click()
    preview = page.locator(".kb-preview")
    preview.wait_for()
    assert "新增 二“加强宣传”：加强宣传" in preview.inner_text()
    assert "二（一）1 改为 二“加强宣传”1：1.每学期开展一次宣传。" in preview.inner_text()
    assert "二“加强宣传”1" not in locators(home)
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").get_by_text("更正已保存").wait_for()
    page.get_by_role("heading", name="生效中的更正（1）").wait_for()
    assert "二“加强宣传”1" in locators(home)
    page.get_by_role("link", name="回到原文").click()
    page.locator(".kb-open").wait_for()
    assert "经人工更正" in page.locator(".kb-open").inner_text()
    assert page.locator(".kb-outline").get_by_text("加强宣传", exact=True).count() == 1
    page.get_by_role("link", name="更正条款划分").click()
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销更正 1。").wait_for()
    page.get_by_role("heading", name="这份文件还没有更正。").wait_for()
    assert "二“加强宣传”1" not in locators(home)


def test_what_is_no_heading(page: Page, visit: Visit, home: Home) -> None:
    visit(doc="plan", clause="plan.n2.i2.r3", page="correct")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_text("取消 二（二）3，文字并入前一条：3.发现问题立即整改。").wait_for()
    page.get_by_role("button", name="不改了").click()
    page.locator(".kb-preview").wait_for(state="detached")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").wait_for()
    assert page.locator(".kb-correct-here .kb-locator").inner_text() == "二（二）"
    assert "二（二）3" not in locators(home)


def test_where_a_heading_ends(page: Page, visit: Visit, home: Home) -> None:
    from playwright.sync_api import expect

    visit(doc="plan", clause="plan.n1", page="correct")
    page.get_by_text("标题到哪里为止，分得不对").click()
    field = page.get_by_label("整个标题，连同序号")
    expect(field).to_have_value("一、总体要求")
    field.fill("一、总体要求以后")
    field.press("Enter")
    page.get_by_role("button", name="看改后的样子").click()
    page.locator(".kb-refusal").get_by_text("已不在原处").wait_for()
    field.fill("一、总体要求以")
    field.press("Enter")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_text("一 的标题由“总体要求”改为“总体要求以”").wait_for()
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").wait_for()
    with Store.open(home) as store:
        assert store.clauses("plan")[0].path[-1].title == "总体要求以"


def test_another_level(page: Page, visit: Visit, home: Home) -> None:
    visit(doc="plan", clause="plan.n2.i2.r3", page="correct")
    page.get_by_text("序号或级别不对").click()
    choose(page, "放在哪一级下面", "二、具体任务")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_text("二（二）3 改为 二3：3.发现问题立即整改。").wait_for()
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").wait_for()
    assert "二3" in locators(home)


def test_a_requirement(page: Page, visit: Visit, home: Home) -> None:
    visit(doc="plan", clause="plan.n2.i1.r1", page="correct")
    page.get_by_text("这一条的要求读错了").click()
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_text("还没有填要改成什么").wait_for()
    page.get_by_label("频次", exact=True).fill("每年")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_text("频次：每年至少开展两次 改为 每年").wait_for()
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").wait_for()
    with Store.open(home) as store:
        assert store.requirements("plan")[1].frequency == "每年"


def test_another_writer_is_told(page: Page, visit: Visit, home: Home) -> None:
    visit(doc="plan", clause="plan.n2.i2.r3", page="correct")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_role("button", name="保存更正").wait_for()
    lock = WriterLock.acquire(home)
    try:
        page.get_by_role("button", name="保存更正").click()
        page.get_by_role("heading", name="没有改动").wait_for()
        assert "知识库正由进程" in page.locator(".kb-refusal").inner_text()
    finally:
        lock.release()
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").wait_for()
    assert "二（二）3" not in locators(home)


def test_words_in_no_clause(page: Page, visit: Visit, home: Home) -> None:
    visit(doc="plan", page="correct")
    choose(page, "更正哪一条", "不在任何条款里 示范区校园安全工作方案")
    choose(page, "序号样式", "第一章")
    page.get_by_label("序号（原文写着的不用填）").fill("一")
    page.get_by_label("序号（原文写着的不用填）").press("Enter")
    page.get_by_role("button", name="看改后的样子").click()
    page.get_by_text("新增 第一章：示范区校园安全工作方案").wait_for()
    page.get_by_role("button", name="保存更正").click()
    page.locator(".kb-done-panel").wait_for()
    assert locators(home)[:2] == ["第一章", "第一章一"]


def test_in_english(page: Page, visit: Visit) -> None:
    visit(doc="plan", clause="plan.n2.i2.r3", page="correct", lang="en")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_text("No longer a clause: 二（二）3").wait_for()
    page.get_by_role("link", name="中文").click()
    page.get_by_role("heading", name="更正条款划分").wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(page: Page, visit: Visit, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    visit(doc="plan", clause="plan.n2.i1.r1", page="correct")
    page.get_by_text("这一条的要求读错了").click()
    page.get_by_label("频次", exact=True).wait_for()
    assert page.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")
