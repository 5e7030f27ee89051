import threading
from pathlib import Path

import pytest
from demo import DemoReader

from ingest.errors import KnowledgeBaseError, ModelUnavailable
from ingest.progress import Progress, ProgressState
from views.loading import Opening, Reader, state_words
from views.texts import texts_in

PROJECT = Path(__file__).parents[2]
STAGES = [key.removeprefix("stage.") for key in texts_in("zh").entries if key.startswith("stage.")]
PATIENCE = 5.0


def test_an_opening_goes_on_beside_its_caller() -> None:
    may_finish, told = threading.Event(), threading.Event()
    reader = DemoReader()

    def opener(progress: Progress) -> Reader:
        progress.begin("计算向量", 12, "条")
        told.set()
        may_finish.wait(PATIENCE)
        return reader

    opening = Opening(opener)
    assert told.wait(PATIENCE)
    assert not opening.finished
    assert not opening.wait(0.02)
    assert opening.state == ProgressState("计算向量", "条", 0, 12, 0.0)
    may_finish.set()
    assert opening.wait(PATIENCE)
    assert opening.reader() is reader


def test_a_failure_reaches_the_page() -> None:
    def opener(progress: Progress) -> Reader:
        raise ModelUnavailable("没有取到语言模型。")

    opening = Opening(opener)
    assert opening.wait(PATIENCE)
    with pytest.raises(ModelUnavailable, match="没有取到语言模型"):
        opening.reader()


def test_a_fault_of_the_program_reaches_the_page_and_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def opener(progress: Progress) -> Reader:
        raise ModuleNotFoundError("No module named 'faiss'")

    opening = Opening(opener)
    assert opening.wait(PATIENCE)
    with pytest.raises(KnowledgeBaseError, match="程序内部出错（ModuleNotFoundError：No module named 'faiss'）"):
        opening.reader()
    assert "did not open" in caplog.text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ProgressState("下载向量模型", "MB", 25, 100, 10.0), "获取语言模型 · 25% · 大约还要 30 秒"),
        (ProgressState("计算向量", "条", 1, 41, 6.0), "整理条款，供查询用 · 2% · 大约还要 4 分钟"),
        (ProgressState("收录自带文件", "份", 0, 4, 30.0), "读入文件，分出条款 · 0%"),
        (ProgressState("下载向量模型", "MB", 50, 100, 1.0), "获取语言模型 · 50%"),
        (ProgressState("下载向量模型", "MB", 100, 100, 9.0), "正在打开知识库"),
        (ProgressState("下载向量模型", "MB", 5, None, 9.0), "获取语言模型"),
        (ProgressState("生成向量模型", "个", 0, 1, 9.0), "准备语言模型"),
        (ProgressState("别的工作", "个", 0, None, 9.0), "正在打开知识库"),
        (ProgressState("下载向量模型", "MB", 99, 100, 10.0), "获取语言模型 · 99% · 大约还要 5 秒"),
    ],
)
def test_state_words(state: ProgressState, words: str) -> None:
    assert state_words(state, texts_in("zh")) == words


def test_the_work_of_a_first_start_has_plain_names() -> None:
    rooms = [*(PROJECT / "ingest").glob("*.py"), *(PROJECT / "index").glob("*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in rooms)
    # What is fetched is named by its package: "下载" and the package's title.
    titles = {label: label.removeprefix("下载") for label in STAGES}
    assert [label for label in STAGES if f'"{label}"' not in code and f'"{titles[label]}"' not in code] == []
