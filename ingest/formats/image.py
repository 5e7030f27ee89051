"""Pictures of documents (PNG, JPEG, TIFF, BMP, GIF, WebP): every frame is a page, read by OCR."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.formats.layout import compose
from ingest.formats.layout_records import PageMarks
from ingest.formats.limits import check_pages
from ingest.formats.ocr import INSTALL, LONGEST_SIDE, MOST_BYTES, Recogniser, is_available, is_too_large, shrink
from ingest.formats.reading import Reading

if TYPE_CHECKING:
    from PIL.Image import Image

# Without a frame near its beginning a JPEG is none, and Pillow would step through it byte by byte to find that out.
_JPEG_FRAME = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]")
_JPEG_HEAD = 4 * 1024 * 1024  # bytes: room for a preview and a colour profile
_DAMAGED = "文件“{name}”的图片损坏或不完整，打不开。请重新扫描或下载后再试。"


def read(content: bytes, name: str) -> Reading:
    """The text of the picture ``content``.

    Raises:
        UnreadableFile: OCR is not installed, or the picture is damaged, too large, or without text.
    """
    if not is_available():
        raise UnreadableFile(f"文件“{name}”是图片，可能是扫描件，文字识别（OCR）没有安装。{INSTALL}。")
    with closing(Recogniser(name)) as recogniser:
        composed = compose(_pages(content, name, recogniser))
    if not composed.text.strip():
        raise UnreadableFile(f"文件“{name}”是图片，没有识别出文字。请换一张清晰、端正的图片后再试。")
    notices = (*composed.notices, *recogniser.notices())
    return Reading(composed.text, "image", composed.page_starts, tables=composed.tables, notices=notices)


def open_picture(content: bytes, name: str) -> Image:
    """The picture in ``content``, not yet unpacked.

    Raises:
        UnreadableFile: not a picture, damaged, or over the limit of pixels.
    """
    import PIL.Image

    if content.startswith(b"\xff\xd8") and _JPEG_FRAME.search(content, 0, _JPEG_HEAD) is None:
        raise UnreadableFile(_DAMAGED.format(name=name))
    with _pillow(name):
        picture = PIL.Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"))
    if picture.format == "JPEG":
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # unpacks no more than is needed
    _check_size(picture, name)
    return picture


def unpack(picture: Image, name: str) -> Image:
    """``picture`` unpacked and turned the way it was taken.

    Raises:
        UnreadableFile: damaged.
    """
    from PIL import ImageOps

    with _pillow(name):
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
    return picture


@contextmanager
def _pillow(name: str) -> Iterator[None]:
    """Pillow at work: its errors become ours, its warnings about odd tags are no use to the reader."""
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except PIL.Image.DecompressionBombError as error:
        raise UnreadableFile(f"文件“{name}”的图片过大。请降低分辨率后再试。") from error
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, TypeError, KeyError, IndexError) as error:
        raise UnreadableFile(_DAMAGED.format(name=name)) from error


def _check_size(picture: Image, name: str) -> None:
    width, height = picture.size
    if is_too_large(width, height, len(picture.getbands())):
        allowed = MOST_BYTES // 3 // 10_000
        raise UnreadableFile(
            f"文件“{name}”的图片有 {width}×{height} 像素，彩色图片最多可读 {allowed} 万像素。请降低分辨率后再试。"
        )


def _pages(content: bytes, name: str, recogniser: Recogniser) -> Iterator[PageMarks]:
    with open_picture(content, name) as picture:
        with _pillow(name):
            frames = getattr(picture, "n_frames", 1)
        check_pages(frames, name)
        for number in range(1, frames + 1):
            if number > 1:
                with _pillow(name):
                    picture.seek(number - 1)
                _check_size(picture, name)
            if not recogniser.has_room(number):
                continue
            shown = shrink(unpack(picture, name))
            if frames == 1 and shown is not picture:
                picture.close()  # gives its memory back before the recognition takes its own
            yield recogniser.recognise(shown, number)
