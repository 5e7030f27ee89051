from __future__ import annotations

import importlib.util

import pytest

from ingest.formats import ocr
from ingest.formats.layout import compose
from ingest.formats.ocr import Recogniser, name_pages

PIL_Image = pytest.importorskip("PIL.Image")


def recognise(monkeypatch: pytest.MonkeyPatch, *boxes: ocr._Box) -> Recogniser:
    monkeypatch.setattr(ocr, "_boxes", lambda picture: list(boxes))
    return Recogniser("a.png")


def test_lines_of_a_scan_become_paragraphs(monkeypatch: pytest.MonkeyPatch) -> None:
    full = "各单位应当按照本办法的规定落实责任并依照职责"
    lines = [
        (160, 100, full[2:], 0.99),
        (100, 150, "办理。", 0.98),
        (160, 201, full[2:], 0.97),
        (100, 250, "开展。", 0.6),
    ]
    boxes = [(x, y, x + 30.0 * len(text), y + 34.0 + y % 3, text, score) for x, y, text, score in lines]
    recogniser = recognise(monkeypatch, *boxes)
    marks = recogniser.recognise(PIL_Image.new("RGB", (900, 1200)), 1)
    assert compose([marks]).text == f"{full[2:]}办理。\n{full[2:]}开展。\n"
    messages = [notice.message for notice in recogniser.notices()]
    assert messages[0].startswith("第 1 页的文字由图片识别（OCR）得来，共 4 行，平均置信度 0.8")
    assert [notice.context for notice in recogniser.notices()[1:]] == ["开展。"]


def test_a_page_on_its_side_is_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []

    def boxes(picture: ocr.Image) -> list[ocr._Box]:
        seen.append(picture.size)
        upright = picture.width > picture.height
        return [(10, 10, 400, 40, "第一条正文", 1.0)] if upright else [(10, 10, 40, 400, "误识别", 0.6)]

    monkeypatch.setattr(ocr, "_boxes", boxes)
    marks = Recogniser("a.png").recognise(PIL_Image.new("RGB", (600, 900)), 1)
    assert seen == [(600, 900), (900, 600)]
    assert [glyph.text for glyph in marks.glyphs] == ["第一条正文"]


def test_limits_of_pages_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "MOST_PAGES", 1)
    recogniser = recognise(monkeypatch, (0, 0, 90, 30, "第一条", 1.0))
    picture = PIL_Image.new("RGB", (100, 100))
    for number in (1, 2, 3):
        if recogniser.has_room(number):
            recogniser.recognise(picture, number)
    assert recogniser.unread == [2, 3]
    assert recogniser.notices()[-1].kind == "truncated"
    monkeypatch.setattr(ocr, "MOST_SECONDS", -1.0)
    assert not Recogniser("a.png").has_room(1)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([1], "第 1 页"),
        ([1, 3], "第 1、3 页"),
        ([2, 3, 4], "第 2 至 4 页"),
        ([*range(1, 40, 2)], "第 1、3、5、7、9、11、13、15、17、19 等 20 页"),
    ],
)
def test_names_of_pages(pages: list[int], expected: str) -> None:
    assert name_pages(pages) == expected


@pytest.mark.parametrize(
    ("mode", "size"),
    [("1", (9000, 500)), ("L", (300, 9000)), ("RGB", (2500, 100)), ("P", (10, 10)), ("I;16", (20, 20))],
)
def test_pictures_are_brought_to_size(mode: str, size: tuple[int, int]) -> None:
    small = ocr.shrink(PIL_Image.new(mode, size))
    assert small.mode == "RGB"
    assert max(small.size) <= ocr.LONGEST_SIDE


@pytest.mark.ocr
@pytest.mark.skipif(not ocr.is_available(), reason="text recognition is not installed")
def test_the_models_are_in_the_wheel_and_nothing_is_fetched() -> None:
    spec = importlib.util.find_spec("rapidocr")
    assert spec is not None and spec.submodule_search_locations
    from pathlib import Path

    models = {path.name for path in (Path(spec.submodule_search_locations[0]) / "models").glob("*.onnx")}
    assert len(models) >= 3
