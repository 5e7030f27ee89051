"""What long work says of itself."""

from __future__ import annotations

import io

import pytest

from ingest.progress import (
    CallbackProgress,
    ConsoleProgress,
    ProgressState,
    Silent,
    cells,
    duration,
    line_of,
    part_progress,
    progress_for,
    track,
    watching,
)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("state", "fraction", "rate", "left"),
    [
        (ProgressState("", "份", 3, 12, 6.0), 3 / 12, 3 / 6, (12 - 3) / (3 / 6)),
        (ProgressState("", "份", 0, 12, 6.0), 0.0, 0.0, None),
        (ProgressState("", "份", 3, None, 6.0), None, 3 / 6, None),
        (ProgressState("", "份", 0, 0, 0.0), 1.0, 0.0, None),
        (ProgressState("", "份", 13, 12, 1.0), 1.0, 13.0, 0.0),
    ],
)
def test_rate_and_time_left(state: ProgressState, fraction: float | None, rate: float, left: float | None) -> None:
    assert (state.fraction, state.rate, state.seconds_left) == (fraction, rate, left)


@pytest.mark.parametrize(
    ("state", "line"),
    [
        (
            ProgressState("收录文件", "份", 5, 20, 10.0),
            "收录文件 [#####---------------] 5/20 份 · 0.5 份/秒 · 还需 30 秒",
        ),
        (ProgressState("收录文件", "份", 0, 20, 0.0), "收录文件 [--------------------] 0/20 份"),
        (ProgressState("下载模型", "MB", 7, None, 2.0), "下载模型 7 MB · 3.5 MB/秒"),
    ],
)
def test_the_line_says_only_what_is_known(state: ProgressState, line: str) -> None:
    assert line_of(state) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "0 秒"), (59.4, "59 秒"), (59.6, "1 分 00 秒"), (185, "3 分 05 秒"), (7800, "2 小时 10 分")],
)
def test_duration(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_callback_gets_the_first_and_the_last_state_and_few_between() -> None:
    seen: list[ProgressState] = []
    clock = Clock()
    progress = CallbackProgress(seen.append, clock=clock)
    progress.begin("编码", 100, "条")
    for _ in range(100):
        clock.now += 0.03
        progress.advance()
    progress.end()
    assert (seen[0].done, seen[-1].done) == (0, 100)
    assert seen[-1].seconds == pytest.approx(100 * 0.03)
    assert 20 < len(seen) < 35


def test_advance_outside_of_work_says_nothing() -> None:
    seen: list[ProgressState] = []
    progress = CallbackProgress(seen.append)
    progress.advance()
    progress.end()
    assert seen == []


def test_beginning_anew_ends_the_work_before() -> None:
    seen: list[ProgressState] = []
    progress = CallbackProgress(seen.append)
    progress.begin("一", 1, "份")
    progress.advance()
    progress.begin("二", 2, "份")
    assert [(state.label, state.done) for state in seen] == [("一", 0), ("一", 1), ("二", 0)]


def test_the_terminal_line_is_wiped() -> None:
    terminal = Terminal()
    for _ in track([1, 2], ConsoleProgress(terminal, clock=Clock()), "收录文件", "份"):
        pass
    drawn = terminal.getvalue().split("\r")
    assert drawn[1].startswith("收录文件 [")
    assert drawn[-2] == " " * max(cells(line) for line in drawn[1:-2])
    assert drawn[-1] == ""


def test_the_line_ends_when_the_work_fails() -> None:
    terminal = Terminal()
    with pytest.raises(ValueError, match="bad"):
        for _ in track([1, 2], ConsoleProgress(terminal), "收录文件", "份"):
            raise ValueError("bad")
    assert terminal.getvalue().endswith("\r")


def test_track_counts_a_generator_without_a_total() -> None:
    seen: list[ProgressState] = []
    assert list(track(iter("abc"), CallbackProgress(seen.append), "读", "份")) == ["a", "b", "c"]
    assert (seen[-1].done, seen[-1].total) == (3, None)


def test_silence_where_nobody_looks() -> None:
    assert isinstance(progress_for(io.StringIO()), Silent)
    assert isinstance(progress_for(Terminal()), ConsoleProgress)


def test_a_part_of_the_work_shows_itself_in_the_same_place() -> None:
    clock, states = Clock(), []
    whole = CallbackProgress(states.append, clock=clock)
    assert isinstance(part_progress(), Silent)
    for _ in track([1], whole, "收录文件", "份"):
        with watching(whole):
            part = part_progress()
        part.begin("正在识别图片", 3, "页")
        clock.now += 4
        part.advance(2)
        part.end()
    shown = [(state.label, state.done, state.total) for state in states]
    assert shown == [
        ("收录文件", 0, 1), ("正在识别图片", 0, 3), ("正在识别图片", 2, 3), ("正在识别图片", 2, 3),
        ("收录文件", 1, 1), ("收录文件", 1, 1),
    ]  # fmt: skip
    assert isinstance(part_progress(), Silent)
