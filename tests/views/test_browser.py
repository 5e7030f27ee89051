"""The page in a real browser, over the demo knowledge base: what staff do every day."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from demo import HOSTILE, HOSTILE_TITLE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

AT_REST = 1800  # milliseconds until the page holds still
Visit = Callable[..., None]
REFERENCE = "《示范区民族团结进步创建活动行动方案》三（五）1"
WIDTHS = [(1280, 900), (390, 844)]


@pytest.fixture
def visit(page: Page, demo_address: str) -> Visit:
    """Open an address of the demo: ``visit(q="…")``; without parameters the start page."""

    def go(**params: str) -> None:
        page.goto(demo_address + (f"?{urlencode(params)}" if params else ""))

    return go


def clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def in_view(page: Page, selector: str) -> bool:
    """Whether the first match lies within the window, after scrolling has come to rest."""
    page.wait_for_timeout(AT_REST)
    top = page.evaluate("(selector) => document.querySelector(selector).getBoundingClientRect().top", selector)
    return bool(-2 <= top < page.viewport_size["height"])  # type: ignore[index]


def params(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_ask_and_read_the_complete_list(page: Page, visit: Visit) -> None:
    visit()
    page.get_by_label("问题").fill("学校必须做什么")
    page.get_by_label("问题").press("Enter")
    page.get_by_text("4 项要求，出自 2 条条款、2 份文件").wait_for()
    assert params(page)["q"] == ["学校必须做什么"]
    assert page.locator(".kb-card").count() == 2
    assert page.locator(".kb-card mark").all_inner_texts() == [
        "把民族团结进步内容纳入思政教育必修课程，推动进教材、进课堂、进头脑。",
        "每学期至少组织一次主题班会。",
        "鼓励支持教研活动和课题研究。",
        "每年至少开展两次安全演练；",
    ]
    assert page.locator(".kb-rows .kb-chip").all_inner_texts() == ["要求", "要求", "鼓励", "应当"]
    assert page.title() == "学校必须做什么 · 政策条款查询"


def test_an_example_is_a_question(page: Page, visit: Visit) -> None:
    visit()
    page.get_by_role("button", name="宾馆以民族为由拒绝客人入住，违反哪一条").click()
    page.locator(".kb-must-not").first.wait_for()
    assert page.locator(".kb-card mark").inner_text() == "严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。"
    page.go_back()
    page.get_by_role("button", name="学校必须做什么").wait_for()
    page.wait_for_function("document.querySelector('textarea').value === ''")


def test_refusal_is_plain_and_its_neighbours_are_no_answer(page: Page, visit: Visit) -> None:
    visit(q="个人所得税起征点是多少")
    page.get_by_role("heading", name="知识库中没有回答这个问题的条款").wait_for()
    assert page.locator(".kb-near").count() == 1
    assert page.locator(".kb-not-answer").inner_text() == "不是答案"
    assert page.get_by_text("复制引用").count() == 0


@pytest.mark.parametrize("empty", ["", "   ", "？？？"])
def test_an_empty_question_is_refused_politely(page: Page, visit: Visit, empty: str) -> None:
    visit()
    page.get_by_label("问题").fill(empty)
    page.get_by_role("button", name="查询").click()
    page.locator(".kb-refusal").wait_for()


@pytest.mark.parametrize("clipboard_api", [True, False], ids=["secure address", "plain intranet address"])
def test_copy_the_citation(page: Page, visit: Visit, clipboard_api: bool) -> None:
    visit(q="学校必须做什么")
    card = page.locator(".kb-card").first
    card.wait_for()
    if not clipboard_api:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')) }")
    card.get_by_role("button", name="复制引用").click()
    card.get_by_text("已复制").wait_for()
    assert clipboard(page) == REFERENCE
    card.get_by_role("button", name="连原文复制").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('“'))")
    assert clipboard(page).endswith(f"鼓励支持教研活动和课题研究。”（{REFERENCE}）")
    card.get_by_role("button", name="复制引用").wait_for()  # the label comes back


def test_a_shared_question_opens_again(page: Page, visit: Visit) -> None:
    visit(q="学校必须做什么", **{"in": "demo-plan"})
    page.get_by_role("button", name="分享链接").click()
    page.get_by_text("已复制").wait_for()
    link = clipboard(page)
    page.goto("about:blank")
    page.goto(link)
    page.locator(".kb-card").first.wait_for()
    page.wait_for_function("document.querySelector('textarea').value === '学校必须做什么'")
    assert params(page) == {"q": ["学校必须做什么"], "in": ["demo-plan"]}
    assert page.get_by_text("只查了：").count() == 1


def test_open_the_document_at_the_clause_and_share_it(page: Page, visit: Visit) -> None:
    visit(q="学校必须做什么")
    page.locator(".kb-card").first.get_by_text("打开原文").click()
    page.locator(".kb-open").wait_for()
    assert in_view(page, ".kb-open")
    assert page.locator(".kb-open mark").first.inner_text().startswith("把民族团结进步内容")
    assert page.title() == "示范区民族团结进步创建活动行动方案 · 政策条款查询"
    page.locator(".kb-open").get_by_role("button", name="分享本条").click()
    page.get_by_text("已复制").wait_for()
    link = clipboard(page)
    assert parse_qs(urlsplit(link).query) == {"doc": ["demo-plan"], "clause": ["demo-plan.s3.s5.1"]}
    page.goto("about:blank")
    page.goto(link)
    page.locator(".kb-open").wait_for()
    assert page.locator(".kb-open").get_attribute("data-clause") == "demo-plan.s3.s5.1"


def test_the_outline_opens_clauses_without_loading_again(page: Page, visit: Visit) -> None:
    page.set_viewport_size({"width": 1280, "height": 300})
    visit(doc="demo-plan")
    page.evaluate("window.stayed = true")
    page.locator(".kb-outline summary", has_text="进学校").click(position={"x": 3, "y": 10})
    page.locator(".kb-outline").get_by_text("2.深化载体途径").click()
    page.locator(".kb-open").wait_for()
    assert in_view(page, ".kb-open")
    assert params(page)["clause"] == ["demo-plan.s3.s5.2"]
    page.locator(".kb-outline").get_by_text("三、具体要求").click()
    page.wait_for_function("document.querySelector('.kb-open').dataset.clause === 'demo-plan.s3'")
    page.go_back()
    page.wait_for_function("document.querySelector('.kb-open').dataset.clause === 'demo-plan.s3.s5.2'")
    assert page.evaluate("window.stayed")


def test_the_keyboard_reaches_the_answer(page: Page, visit: Visit) -> None:
    visit(q="学校必须做什么")
    page.locator(".kb-card").first.wait_for()
    page.get_by_label("问题", exact=True).focus()
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "复制引用":
            break
    page.keyboard.press("Enter")
    page.get_by_text("已复制").wait_for()
    assert clipboard(page) == REFERENCE


def test_unknown_addresses_are_answered_kindly(page: Page, visit: Visit) -> None:
    visit(doc="gone", clause="gone.1")
    page.get_by_role("heading", name="没有这份文件").wait_for()
    page.get_by_text("回到文件目录").click()
    page.get_by_role("heading", name="文件目录").wait_for()
    visit(doc="demo-plan", clause="demo-plan.s9")
    page.get_by_text("这份文件里没有编号为“demo-plan.s9”的条款").wait_for()


def test_english_and_back_at_the_same_place(page: Page, visit: Visit) -> None:
    visit(q="学校必须做什么")
    page.get_by_role("link", name="English").click()
    page.get_by_text("Requirements: 4 · clauses: 2 · documents: 2").wait_for()
    assert params(page) == {"q": ["学校必须做什么"], "lang": ["en"]}
    page.wait_for_function("document.documentElement.lang === 'en'")
    assert page.get_by_role("button", name="Copy citation").count() == 2
    page.get_by_role("link", name="中文").click()
    page.get_by_text("4 项要求").wait_for()
    page.wait_for_function("document.documentElement.lang === 'zh-CN'")


@pytest.mark.parametrize(
    "place",
    [{"q": "恶意"}, {"doc": "demo-hostile", "clause": "demo-hostile.1"}, {"page": "documents"}, {"q": HOSTILE}],
    ids=["answer", "document", "list", "question"],
)
def test_markup_in_texts_is_shown_as_text(page: Page, visit: Visit, place: dict[str, str]) -> None:
    visit(**place)
    page.locator(".kb-card, .kb-open, .kb-refusal").first.wait_for()
    if place != {"q": HOSTILE}:
        page.get_by_text(HOSTILE_TITLE).first.wait_for()
        page.get_by_text("<script>window.hacked=1</script>").first.wait_for()
    assert page.evaluate("window.hacked") is None
    assert page.locator(".stHtml img, .stHtml b, .stHtml em").count() == 0


def test_a_hostile_citation_is_copied_to_the_letter(page: Page, visit: Visit) -> None:
    visit(q="恶意")
    page.get_by_role("button", name="复制引用").click()
    page.get_by_text("已复制").wait_for()
    assert clipboard(page) == f"《{HOSTILE_TITLE}》1<i>"


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"q": "学校必须做什么"},
        {"q": "恶意"},
        {"q": "个人所得税"},
        {"doc": "demo-plan", "clause": "demo-plan.s3.s5.1"},
        {"doc": "demo-hostile"},
        {"doc": "demo-measures", "clause": "demo-measures.a4"},
        {"q": "违反规定怎么办", "asof": "2024-05-01"},
        {"page": "documents"},
        {"q": "What must schools do?", "lang": "en"},
    ],
    ids=lambda place: "-".join(place.values()) or "start",
)
def test_nothing_is_wider_than_the_window(page: Page, visit: Visit, place: dict[str, str]) -> None:
    visit(**place)
    page.locator(".kb-card, .kb-clause, .kb-refusal, .kb-holdings").first.wait_for()
    spill = """() => Array.from(document.querySelectorAll('.stMain, .stHtml, .stHtml *'))
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
            && getComputedStyle(each).position !== 'absolute' && !each.closest('.kb-hero-small'))
        .map((each) => each.className)"""
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(spill) == []
        assert page.evaluate("document.querySelector('.stMain').scrollWidth <= innerWidth")


def test_streamlits_own_buttons_are_out_of_sight(page: Page, visit: Visit) -> None:
    visit()
    page.locator(".kb-holdings").wait_for()
    for name in ("stToolbar", "stHeader", "stAppDeployButton", "stMainMenu", "stStatusWidget"):
        found = page.get_by_test_id(name)
        assert not found.count() or not found.first.is_visible()
    assert not re.search("Deploy|Made with Streamlit", page.locator("body").inner_text())


def test_a_reference_opens_the_clause_that_it_means(page: Page, visit: Visit) -> None:
    visit(doc="demo-measures", clause="demo-measures.a4")
    page.locator(".kb-open .kb-reference").click()
    page.locator(".kb-open[data-clause='demo-measures.a3']").wait_for()
    assert params(page)["clause"] == ["demo-measures.a3"]
    page.locator(".kb-open .kb-referrers a", has_text="第四条").click()
    page.locator(".kb-open[data-clause='demo-measures.a4'] mark").wait_for()
    assert page.locator(".kb-open mark").inner_text() == "本办法第三条"


def test_the_day_is_chosen_on_the_page_and_kept_in_the_address(page: Page, visit: Visit) -> None:
    visit(q="学校必须做什么")
    page.locator(".kb-badge-outdated").first.wait_for()
    page.get_by_text("按哪一天有效：今天").click()
    day = page.get_by_test_id("stDateInput").locator("input")
    day.fill("2020-01-01")
    day.press("Enter")
    page.get_by_role("button", name="查询").click()
    page.locator(".kb-badge-in-force").wait_for()
    assert params(page) == {"q": ["学校必须做什么"], "asof": ["2020-01-01"]}
    assert page.locator(".kb-badge-outdated").count() == 0
    page.reload()
    page.get_by_text("按哪一天有效：2020-01-01").wait_for()
    page.get_by_text("按 2020-01-01 有效的文件回答。").wait_for()


def test_what_is_not_in_force_is_shown_as_no_ground(page: Page, visit: Visit) -> None:
    visit(q="违反规定怎么办")
    page.get_by_role("heading", name="有效的文件里没有回答这个问题的条款").wait_for()
    assert page.locator(".kb-not-answer").inner_text() == "并非有效"
    page.get_by_role("link", name="《示范区民族团结进步创建活动行动方案》").click()
    page.locator(".kb-document-head").wait_for()
    assert params(page)["doc"] == ["demo-plan"]
