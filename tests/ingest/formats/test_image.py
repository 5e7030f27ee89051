from __future__ import annotations

import io

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import image, ocr

PIL_Image = pytest.importorskip("PIL.Image")


@pytest.fixture(autouse=True)
def with_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "is_available", lambda: True)
    monkeypatch.setattr(ocr, "_boxes", lambda picture: [(10, 10, 180, 40, "第一条应当办理。", 0.9)])


def stored(kind: str, frames: int = 1, size: tuple[int, int] = (200, 100)) -> bytes:
    pictures = [PIL_Image.new("RGB", size, (n * 40, 255, 255)) for n in range(frames)]
    into = io.BytesIO()
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    pictures[0].save(into, kind, **more)
    return into.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_a_picture_is_a_page(kind: str) -> None:
    reading = image.read(stored(kind), "a")
    assert (reading.text, reading.file_type, reading.page_starts) == ("第一条应当办理。\n", "image", (0,))
    assert reading.notices[0].kind == "guess"


def test_every_frame_of_a_tiff_is_a_page() -> None:
    reading = image.read(stored("TIFF", frames=3), "a.tif")
    assert reading.text == "第一条应当办理。\n" * 3
    assert len(reading.page_starts) == 3


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated_pictures_are_refused(kind: str, share: float) -> None:
    content = stored(kind, size=(400, 400))
    with pytest.raises(UnreadableFile, match="图片"):
        image.read(content[: int(len(content) * share)], "a")


def test_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    content = bytearray(stored("BMP"))
    content[18:26] = (40_000).to_bytes(4, "little") * 2
    with pytest.raises(UnreadableFile, match="图片.*(像素|过大)"):
        image.read(bytes(content), "a.bmp")


def test_a_picture_without_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_boxes", lambda picture: [])
    with pytest.raises(UnreadableFile, match="没有识别出文字"):
        image.read(stored("PNG"), "a.png")


def test_without_ocr_the_way_to_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "is_available", lambda: False)
    with pytest.raises(UnreadableFile, match="可能是扫描件.*requirements-ocr.txt"):
        image.read(stored("PNG"), "a.png")
