"""``streamlit run app.py`` from an empty knowledge base with the real model, in a real browser."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from ingest.home import Home
from qa.engine import Engine
from views.texts import LANGUAGES, examples_in

if TYPE_CHECKING:
    from conftest import Serve
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.model]

APP = Path(__file__).parents[2] / "app.py"
PLAN = "《全区深化民族团结进步创建“七进”活动行动方案》"
# On a machine that does other work too, threads that wait for each other are many times slower than one.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
FIRST_START = 180_000  # milliseconds: read the plan and prepare its clauses on a busy machine


@pytest.fixture(scope="module")
def home(model_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A knowledge base that has the model and nothing else; the first start fills it."""
    empty = Home(tmp_path_factory.mktemp("page") / "kb")
    shutil.copytree(model_home.models, empty.models)
    return empty


@pytest.fixture(scope="module")
def address(serve: Serve, home: Home) -> Iterator[str]:
    """The real page, whose first start fills ``home``."""
    with serve(APP, KB_HOME=str(home.root), **ONE_THREAD) as started:
        yield started


def test_the_first_start_reads_the_plan_and_answers_a_question_put_meanwhile(page: Page, address: str) -> None:
    page.goto(f"{address}?{urlencode({'q': '学校必须做什么'})}")
    page.locator(".kb-answer").wait_for(timeout=FIRST_START)
    locators = page.locator(".kb-card .kb-locator").all_inner_texts()
    assert locators == ["三（五）1", "三（五）2"]
    assert "推动中华民族共同体意识教育进学校" in page.locator(".kb-card mark").first.inner_text()
    page.get_by_role("button", name="复制引用").first.click()
    page.get_by_text("已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{PLAN}三（五）1"


def test_from_the_answer_to_the_clause_in_the_document(page: Page, address: str) -> None:
    page.goto(f"{address}?{urlencode({'q': '宾馆以民族为由拒绝客人入住，违反哪一条'})}")
    page.locator(".kb-card").first.get_by_text("打开原文").click()
    page.locator(".kb-open").wait_for()
    assert "拒住" in page.locator(".kb-open mark").first.inner_text()
    assert page.locator(".kb-open .kb-margin").inner_text() == "三（三）2"
    assert "其后内容缺失" in page.locator(".kb-warning").inner_text()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("进连队具体要求是什么", "进连队"),
        ("个人所得税起征点是多少", "知识库中没有"),
        ("asdf qwer zxcv", "知识库中没有"),
    ],
)
def test_what_the_plan_does_not_say_is_refused(page: Page, address: str, question: str, told: str) -> None:
    page.goto(f"{address}?{urlencode({'q': question})}")
    refusal = page.locator(".kb-refusal")
    refusal.wait_for()
    assert told in refusal.inner_text()
    assert page.get_by_text("复制引用").count() == 0


def test_no_word_of_the_machinery_is_on_the_page(page: Page, address: str) -> None:
    for query in ({"q": "学校必须做什么"}, {"q": "个人所得税起征点是多少"}, {"page": "documents"}):
        page.goto(f"{address}?{urlencode(query)}")
        page.locator(".kb-answer").wait_for()
        assert not re.search("向量|索引|切片|得分|chunk|score|embedding", page.locator("body").inner_text())


def test_a_later_start_answers_soon(page: Page, serve: Serve, home: Home, address: str) -> None:
    """Five seconds on a quiet machine, as ``python -m evaluation bench`` measures; here the order of magnitude."""
    page.goto(address)
    page.locator(".kb-holdings").wait_for(timeout=FIRST_START)
    with serve(APP, KB_HOME=str(home.root), **ONE_THREAD) as again:
        started = time.monotonic()
        page.goto(f"{again}?{urlencode({'q': '学校必须做什么'})}")
        page.locator(".kb-card").first.wait_for()
        assert time.monotonic() - started < 15


def test_every_example_question_is_answered(home: Home) -> None:
    engine = Engine.open(home)
    asked = [(language, each.question) for language in LANGUAGES for each in examples_in(language)]
    assert [pair for pair in asked if not engine.ask(pair[1], language=pair[0]).answered] == []
