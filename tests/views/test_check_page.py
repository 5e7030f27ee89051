"""The page that checks a draft, in a browser."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Visit = Callable[..., None]
TEXT = (
    "工作汇报\n\n按照《示范市学校安全管理办法》（示教〔2019〕7号）第三条第（一）项办理，该办法第九条另有规定。\n"
    "《示范区民族团结进步创建活动行动方案》要求“每学期至少组织两次主题班会”。\n"
    "《某法》第二条<script>window.hacked=1</script>规定“无论如何也要把这件事情做好做实”。\n"
)


def choose(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


@pytest.fixture
def checked(page: Page, demo_address: str) -> Page:
    page.goto(f"{demo_address}?page=check")
    choose(page, "汇报.txt", TEXT.encode())
    page.locator(".kb-findings").wait_for()
    return page


def test_findings_stand_by_severity_with_links(checked: Page) -> None:
    heads = checked.locator(".kb-severity > h2, .kb-severity > summary").all_inner_texts()
    assert heads == ["有误（2）", "需要核实（1）", "无法核对（2）", "无误（2）"]
    wrong = checked.locator(".kb-severity-wrong .kb-card").first
    assert "没有第九条" in wrong.inner_text()
    assert wrong.get_by_role("link", name="打开原文").get_attribute("href") is not None
    assert checked.evaluate("window.hacked") is None


def test_changed_words_are_struck_out_and_put_in(page: Page, demo_address: str) -> None:
    text = "汇报\n《示范市学校安全管理办法》第三条第（一）项规定“每月至少开展三次安全演练”。\n"
    page.goto(f"{demo_address}?page=check")
    choose(page, "a.txt", text.encode())
    page.locator(".kb-changes").first.wait_for()
    assert page.locator(".kb-changes del").all_inner_texts() == ["每月", "三次"]
    assert page.locator(".kb-changes ins").all_inner_texts() == ["每年", "两次"]


def test_the_word_file_is_handed_out(checked: Page) -> None:
    with checked.expect_download() as download:
        checked.get_by_role("button", name="下载带批注的 Word 文件").click()
    assert download.value.suggested_filename == "汇报-核对.docx"
    content = download.value.path().read_bytes()
    assert len(list(docx.Document(io.BytesIO(content)).comments)) == 6


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(page: Page, demo_address: str) -> None:
    page.goto(f"{demo_address}?page=check&lang=en")
    choose(page, "x.pdf", b"%PDF-1.4")
    page.get_by_role("heading", name="The draft was not checked").wait_for()


def test_the_bar_leads_there(page: Page, demo_address: str) -> None:
    page.goto(demo_address)
    page.get_by_role("link", name="核对文稿").click()
    page.get_by_role("heading", name="核对文稿").wait_for()
    assert page.title() == "核对文稿 · 政策条款查询"
