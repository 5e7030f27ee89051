"""The page that compares two documents, in a browser."""

from __future__ import annotations

import io

import openpyxl
import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
HOSTILE = "<script>window.hacked=1</script>"
OLD = f"某校管理办法\n\n第一条 学校应当每年至少组织一次消防演练。\n第二条 操场由专人养护。{HOSTILE}\n"
NEW = "某校管理办法\n\n第一条 学校应当每学期至少组织一次消防演练。\n第二条 食堂公示菜谱和价格。\n"


def upload_both(page: Page, before: str, after: str) -> None:
    for side, place, words in (("旧版或上级文件", 0, before), ("新版或落实文件", 1, after)):
        page.get_by_label(side).click()
        page.get_by_role("option", name="自己上传一份").click()
        page.locator("input[type=file]").nth(place).set_input_files(
            {"name": f"{place}.txt", "mimeType": "text/plain", "buffer": words.encode()}
        )
        page.get_by_text(f"{place}.txt").wait_for()
    page.get_by_role("button", name="开始对照").click()


@pytest.fixture
def compared(page: Page, demo_address: str) -> Page:
    page.goto(f"{demo_address}?page=compare")
    upload_both(page, OLD, NEW)
    page.locator(".kb-compare").wait_for()
    return page


def test_two_versions_side_by_side(compared: Page) -> None:
    kinds = compared.locator(".kb-compare > section .kb-card .kb-kind").all_inner_texts()
    assert kinds == ["改动", "删去", "新增"]
    first = compared.locator(".kb-compare > section .kb-card").first
    assert (first.locator("del").inner_text(), first.locator("ins").inner_text()) == ("每年", "每学期")
    assert "频次 加严" in first.locator(".kb-tightened").inner_text()
    assert compared.evaluate("window.hacked") is None


def test_the_workbook_is_handed_out(compared: Page) -> None:
    with compared.expect_download() as download:
        compared.get_by_role("button", name="下载 Excel 对照表").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert download.value.suggested_filename == "对照表.xlsx" and "条款对照" in book.sheetnames


def test_documents_of_the_base_with_links(page: Page, demo_address: str) -> None:
    page.goto(f"{demo_address}?page=compare")
    chosen = {"旧版或上级文件": "示范市学校安全管理办法", "新版或落实文件": "示范区民族团结进步创建活动行动方案"}
    for side, name in chosen.items():
        page.get_by_label(side).click()
        page.get_by_role("option", name=name).click()
    page.get_by_role("button", name="开始对照").click()
    page.locator(".kb-severity-wrong .kb-card").first.wait_for()
    assert page.locator(".kb-severity-wrong a").first.get_attribute("href") == (
        "?doc=demo-measures&clause=demo-measures.a3"
    )


def test_nothing_chosen_is_said(page: Page, demo_address: str) -> None:
    page.goto(f"{demo_address}?page=compare&lang=en")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("heading", name="The comparison failed").wait_for()
