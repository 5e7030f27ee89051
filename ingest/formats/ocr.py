"""Text from pictures of pages, through RapidOCR on the processor; its models come with its wheel.

OCR is an optional part (``requirements-ocr.txt``). A ``Recogniser`` serves one document: it counts pages and time,
keeps the confidence of every line, and tells both as notices.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.formats.layout_records import Glyph, PageMarks
from ingest.formats.memory import give_back_large_blocks
from ingest.progress import Progress, part_progress
from ingest.records import Notice

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES = 300  # of one document
MOST_SECONDS = 1200.0  # for one document
LONGEST_SIDE = 2000  # pixels of a page: 170 dots an inch of A4, larger pictures are scaled down
MOST_BYTES = 105_000_000  # of an unpacked picture (35 megapixels in colour): it is unpacked before it is scaled down
FEW = 20  # visible characters beside a picture: a stamp or the mark of a scanning app
FULL_PICTURE = 0.5  # of the page: what a scan covers
SOME_PICTURE = 0.05  # of a page without any text: what may be a scanned letter; less is an ornament
INSTALL = "请安装文字识别组件（pip install -r requirements-ocr.txt）后再试，或换用带文字的文件"
_FINDING_SIDE = 960  # pixels: 475 MB at most, of a square picture
_THREADS = 2
_UNSURE = 0.8  # confidence of a line below which a person should look
_MOST_UNSURE = 30  # notices of single lines
_SAME_SIZE = 0.3  # heights of boxes that differ less are one size of type
_TYPE_SHARE = 0.8  # of a box's height that is type
_UPRIGHT = 1.5  # boxes so much higher than wide: the page lies on its side


@dataclass(slots=True)
class Recogniser:
    """OCR for one document, within its limits; ``count`` is how many pages the document has, where that is known."""

    name: str
    count: int | None = None
    pages: list[int] = field(default_factory=list)  # recognised
    unread: list[int] = field(default_factory=list)  # over a limit
    lines: list[tuple[int, str, float]] = field(default_factory=list)  # page, words, confidence
    _until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)
    _progress: Progress = field(default_factory=part_progress)

    def has_room(self, page: int) -> bool:
        """Whether ``page`` is within the limits; it is noted as unread where not."""
        if len(self.pages) < MOST_PAGES and time.monotonic() < self._until:
            return True
        self.unread.append(page)
        return False

    def recognise(self, picture: Image, page: int, width: float | None = None) -> PageMarks:
        """The lines on ``picture``, with places in points where the page is ``width`` points wide."""
        if not self.pages:  # seconds a page: the reader should see why it takes long
            self._progress.begin("没有可用的文字，正在识别图片", self.count, "页")
            self._progress.advance(page - 1)
        picture = shrink(picture)
        boxes = _boxes(picture)
        upright = sum(bottom - top > _UPRIGHT * (x1 - x0) and len(text) > 2 for x0, top, x1, bottom, text, _ in boxes)
        if upright * 2 > len(boxes):
            picture = picture.rotate(90, expand=True)
            boxes = _boxes(picture)
        self._progress.advance(page - max(self.pages, default=page - 1))
        self.pages.append(page)
        self.lines += [(page, text, score) for *_, text, score in boxes]
        scale = (width or 595.0) / max(picture.width, 1)
        glyphs = _with_even_sizes(boxes, scale)
        return PageMarks(picture.width * scale, picture.height * scale, tuple(glyphs))

    def close(self) -> None:
        """End the line that tells how far the recognition is."""
        self._progress.end()

    def notices(self) -> tuple[Notice, ...]:
        """How sure the recognition is, line by line where it is not, and what was left unread."""
        told: list[Notice] = []
        if self.lines:
            scores = [score for _, _, score in self.lines]
            mean = sum(scores) / len(scores)
            message = (
                f"{name_pages(self.pages)}的文字由图片识别（OCR）得来，共 {len(scores)} 行，"
                f"平均置信度 {mean:.2f}。引用前请核对原件。"
            )
            told.append(Notice("guess", message))
        unsure = [line for line in self.lines if line[2] < _UNSURE]
        for page, text, score in unsure[:_MOST_UNSURE]:
            message = f"第 {page} 页有一行识别不清（置信度 {score:.2f}），请核对原件。"
            told.append(Notice("guess", message, context=text))
        if len(unsure) > _MOST_UNSURE:
            told.append(Notice("guess", f"另有 {len(unsure) - _MOST_UNSURE} 行识别不清，请核对原件。"))
        if self.unread:
            limit = f"一份文件最多识别 {MOST_PAGES} 页、{MOST_SECONDS / 60:.0f} 分钟"
            message = f"{name_pages(self.unread)}是图片，没有识别（{limit}）。请把文件拆分后再收录。"
            told.append(Notice("truncated", message))
        return tuple(told)


def is_available() -> bool:
    """Whether the optional part is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def name_pages(pages: Sequence[int]) -> str:
    """Pages as people write them: "第 1、3 页", "第 1 至 9 页"."""
    first, last = min(pages), max(pages)
    if len(pages) > 2 and last - first + 1 == len(pages):
        return f"第 {first} 至 {last} 页"
    shown = "、".join(map(str, sorted(pages)[:10]))
    return f"第 {shown} 页" if len(pages) <= 10 else f"第 {shown} 等 {len(pages)} 页"


def is_too_large(width: int, height: int, channels: int = 3) -> bool:
    """Whether a picture would take too much memory to unpack; ``channels`` are 1 for grey, 3 for colour."""
    return width * height * channels > MOST_BYTES


def shrink(picture: Image) -> Image:
    """``picture`` in colour, its longest side at most ``LONGEST_SIDE``."""
    longest = max(picture.size)
    if longest > 2 * LONGEST_SIDE:
        picture = picture.reduce(longest // LONGEST_SIDE) if picture.mode in ("L", "RGB", "RGBA") else picture
    if max(picture.size) > LONGEST_SIDE:
        scale = LONGEST_SIDE / max(picture.size)
        size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
        picture = picture.convert("L" if picture.mode == "1" else picture.mode).resize(size)
    return picture if picture.mode == "RGB" else picture.convert("RGB")


_Box = tuple[float, float, float, float, str, float]


def _boxes(picture: Image) -> list[_Box]:
    """Each recognised line: left, top, right, bottom, words, confidence."""
    import numpy

    result = _engine()(numpy.asarray(picture)[:, :, ::-1])
    if result.txts is None or result.boxes is None or result.scores is None:
        return []
    boxes = []
    for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        if text.strip():
            boxes.append((min(xs), min(ys), max(xs), max(ys), text.strip(), float(score)))
    return boxes


@lru_cache(maxsize=1)
def _engine() -> Any:
    import logging

    from rapidocr import RapidOCR

    give_back_large_blocks()
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": LONGEST_SIDE,
            "Det.limit_type": "max",  # finding lines needs less detail than reading them, and memory grows with it
            "Det.limit_side_len": _FINDING_SIDE,
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _with_even_sizes(boxes: Sequence[_Box], scale: float) -> list[Glyph]:
    """Lines whose boxes differ a little in height are of one size: a box depends on the letters in it."""
    heights = [(bottom - top) * _TYPE_SHARE for _, top, _, bottom, _, _ in boxes]
    usual = median(heights) if heights else 0.0
    glyphs = []
    for (x0, top, x1, bottom, text, _), height in zip(boxes, heights, strict=True):
        size = usual if abs(height - usual) <= _SAME_SIZE * usual else height
        glyphs.append(Glyph(x0 * scale, top * scale, x1 * scale, bottom * scale, text, size * scale))
    return glyphs
