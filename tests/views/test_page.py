"""The page through Streamlit's own test harness, over the demo knowledge base."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from test_answer import shown

from qa.language_model import forget_failures
from views.texts import examples_in


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def _script() -> None:
    from demo import DemoReader

    from views.page import show_page

    show_page(lambda progress: DemoReader())


def page(**params: str) -> AppTest:
    app = AppTest.from_function(_script, default_timeout=20)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return shown(" ".join(each.proto.body for each in app.get("html")))


def test_start_page_offers_the_examples() -> None:
    app = page()
    assert len(app.button) == len(examples_in("zh")) + 1
    assert "查政策条款" in words(app)
    assert "现有 3 份文件" in words(app)


def test_an_example_is_asked_and_becomes_the_address() -> None:
    app = page()
    app.button(key="学校必须做什么").click().run()
    assert app.query_params["q"] == "学校必须做什么"
    assert app.text_area[0].value == "学校必须做什么"
    assert "对学校的要求共有 4 项" in words(app)


def test_a_typed_question_is_asked() -> None:
    app = page()
    app.text_area[0].set_value("  宾馆以民族为由拒绝客人入住，违反哪一条 ")
    next(each for each in app.button if each.label == "查询").click().run()
    assert app.query_params["q"] == "宾馆以民族为由拒绝客人入住，违反哪一条"
    assert "三（三）2" in words(app)


def test_a_shared_question_answers_at_once() -> None:
    assert "知识库中没有回答这个问题的条款" in words(page(q="个人所得税起征点是多少"))


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"page": "documents"}, "示范市学校安全管理办法"),
        ({"doc": "demo-plan", "clause": "demo-plan.s3.s5.1"}, "每学期至少组织一次主题班会。"),
        ({"doc": "gone"}, "没有编号为“gone”的文件"),
        ({"doc": "demo-plan", "clause": "gone"}, "没有编号为“gone”的条款"),
        ({"q": "学校必须做什么", "in": "gone"}, "已改为在全部文件里查"),
        ({"q": "学校必须做什么", "in": "demo-plan"}, "只查了：《示范区民族团结进步创建活动行动方案》"),
        ({"q": "What must schools do?", "lang": "en"}, "Requirements: 4 · clauses: 2"),
        ({"lang": "en"}, "Find the clause"),
        ({"q": ""}, "知识库中没有"),
    ],
)
def test_addresses(params: dict[str, str], told: str) -> None:
    assert told in words(page(**params))


def test_a_filter_goes_into_the_address() -> None:
    app = page(q="学校必须做什么")
    app.multiselect[0].set_value(["demo-plan"])
    next(each for each in app.button if each.label == "查询").click().run()
    assert app.query_params["in"] == "demo-plan"


def _failing() -> None:
    from ingest.errors import ModelUnavailable
    from views.page import show_page

    def opener(progress: object) -> None:
        raise ModelUnavailable("没有取到语言模型：请检查网络后再试。")

    show_page(opener)  # type: ignore[arg-type]


def test_a_failed_start_is_told_with_another_try() -> None:
    app = AppTest.from_function(_failing, default_timeout=20).run()
    assert not app.exception
    assert "没有取到语言模型：请检查网络后再试。" in words(app)
    app.button[-1].click().run()
    assert app.button[-1].label == "再试一次"


def _opening_slowly() -> None:
    import threading

    from views.page import show_page

    def opener(progress: object) -> None:
        progress.begin("收录自带文件", 12, "份")  # type: ignore[attr-defined]
        threading.Event().wait(30)

    show_page(opener)  # type: ignore[arg-type]


@pytest.mark.parametrize("params", [{}, {"q": "学校必须做什么"}, {"doc": "demo-plan"}, {"page": "documents"}])
def test_while_opening_the_page_stands_and_says_how_far_it_is(params: dict[str, str]) -> None:
    app = AppTest.from_function(_opening_slowly, default_timeout=20)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    assert "读入文件，分出条款 · 0%" in words(app)
    assert len(app.text_area) == (0 if params.keys() & {"doc", "page"} else 1)


def test_a_dead_language_model_leaves_the_answer_and_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("KB_LLM_MODEL", "toy")
    forget_failures()
    app = page(q="学校必须做什么")
    assert "对学校的要求共有 4 项" in words(app)
    assert "没有语言模型的归纳：" in words(app)
    forget_failures()
