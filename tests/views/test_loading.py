import threading

import pytest
from demo import DemoReader

from ingest.errors import ModelUnavailable
from views.loading import Opening, Progress, Reader, Stage, stage_words
from views.texts import texts_in

PATIENCE = 5.0


def test_an_opening_goes_on_beside_its_caller() -> None:
    may_finish, told = threading.Event(), threading.Event()
    reader = DemoReader()

    def opener(progress: Progress) -> Reader:
        progress("embed", 3, 12)
        told.set()
        may_finish.wait(PATIENCE)
        return reader

    opening = Opening(opener)
    assert told.wait(PATIENCE)
    assert not opening.finished
    assert not opening.wait(0.02)
    assert (opening.stage.name, opening.stage.done, opening.stage.total) == ("embed", 3, 12)
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


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage("model", 25, 100, 10.0), "获取语言模型 · 25% · 大约还要 30 秒"),
        (Stage("embed", 1, 41, 6.0), "整理条款，供查询用 · 2% · 大约还要 4 分钟"),
        (Stage("corpus", 0, 4, 30.0), "读入文件，分出条款 · 0%"),
        (Stage("model", 50, 100, 1.0), "获取语言模型 · 50%"),
        (Stage("model", 100, 100, 9.0), "获取语言模型 · 100%"),
        (Stage("model", 5, 0, 9.0), "获取语言模型"),
        (Stage("unheard-of", 0, 0, 9.0), "准备中"),
        (Stage("model", 99, 100, 10.0), "获取语言模型 · 99% · 大约还要 5 秒"),
    ],
)
def test_stage_words(stage: Stage, words: str) -> None:
    assert stage_words(stage, texts_in("zh")) == words


def test_share_never_exceeds_the_whole() -> None:
    assert Stage("model", 7, 5, 1.0).share == 1.0
    assert Stage("model", 7, 0, 1.0).share == 0.0
