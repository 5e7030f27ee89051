"""Generations are written whole, switched at once, and refused when they do not belong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index import building, generations
from index.building import ensure_index, identity_of, load_generation, read_holdings, verify_index
from index.segmentation import Segmenter, character_pairs
from ingest.errors import IndexMismatch, IndexMissing, StoreError
from ingest.home import Home
from ingest.storage import Store

from .conftest import ToyEncoder, article_law, changed, plan


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


@pytest.fixture
def identity(home: Home, encoder: ToyEncoder, segmenter: Segmenter) -> generations.Identity:
    ensure_index(home, encoder, segmenter)
    return identity_of(read_holdings(home).revision, encoder, segmenter)


def current(home: Home) -> Path:
    return generations.current_folder(home)


def test_nothing_built_is_said(home: Home, encoder: ToyEncoder, segmenter: Segmenter) -> None:
    with pytest.raises(IndexMissing, match="还没有检索索引.*python -m index build"):
        load_generation(home, identity_of("x", encoder, segmenter))


def test_a_built_generation_loads(home: Home, identity: generations.Identity) -> None:
    generation = load_generation(home, identity)
    assert len(generation.clause_ids) == len(generation.dense) == len(generation.lexical) == 4
    manifest = generations.read_manifest(current(home))
    assert set(manifest.files) == {"clauses.json", "lexical.npz", "passages.sha256", "vectors.faiss"}
    assert (manifest.dimension, manifest.clause_count) == (16, 4)


def test_no_pickle_is_written(home: Home, identity: generations.Identity) -> None:
    for path in current(home).iterdir():
        assert not path.read_bytes().startswith(b"\x80"), path


def test_a_second_build_does_nothing(home: Home, identity: generations.Identity, segmenter: Segmenter) -> None:
    encoder = ToyEncoder()
    name = generations.current_name(home)
    assert ensure_index(home, encoder, segmenter)[1] is False
    assert (generations.current_name(home), encoder.encoded) == (name, [])
    assert ensure_index(home, encoder, segmenter, again=True)[1] is True
    assert generations.current_name(home) != name and encoder.encoded == []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("model", "向量模型"),
        ("tokenizer", "分词"),
        ("store_revision", "知识库内容"),
        ("metric", "相似度"),
        ("format", "格式"),
    ],
)
def test_a_generation_of_something_else_is_refused(
    home: Home, identity: generations.Identity, field: str, words: str
) -> None:
    path = current(home) / generations.MANIFEST
    record = json.loads(path.read_text(encoding="utf-8"))
    record["identity"][field] = 0 if field == "format" else "other"
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(IndexMismatch, match=f"{words}是 .*应为.*python -m index build"):
        load_generation(home, identity)


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical.npz", "clauses.json"])
def test_a_missing_file_is_named(home: Home, identity: generations.Identity, name: str) -> None:
    (current(home) / name).unlink()
    with pytest.raises(IndexMismatch, match=f"缺少文件 .*{name}"):
        load_generation(home, identity)


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical.npz", "clauses.json"])
def test_a_cut_file_is_named(home: Home, identity: generations.Identity, name: str) -> None:
    path = current(home) / name
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(IndexMismatch, match=f"{name} 是 .*字节，应为"):
        load_generation(home, identity)


def test_a_changed_byte_is_found_by_verify(
    home: Home, identity: generations.Identity, encoder: ToyEncoder, segmenter: Segmenter
) -> None:
    assert verify_index(home, encoder, segmenter).clause_count == 4
    path = current(home) / "vectors.faiss"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexMismatch, match=r"vectors\.faiss 校验值不符"):
        verify_index(home, encoder, segmenter)


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical.npz", "clauses.json"])
def test_garbage_of_the_right_size_is_refused(home: Home, identity: generations.Identity, name: str) -> None:
    path = current(home) / name
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(IndexMismatch, match="读不出来"):
        load_generation(home, identity)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"identity": {"format": 1}}'])
def test_a_damaged_manifest_is_refused(home: Home, identity: generations.Identity, content: str) -> None:
    (current(home) / generations.MANIFEST).write_text(content, encoding="utf-8")
    with pytest.raises(IndexMismatch, match="清单"):
        load_generation(home, identity)


def test_a_missing_folder_is_said(home: Home, identity: generations.Identity) -> None:
    shutil.rmtree(current(home))
    with pytest.raises(IndexMissing, match="不见了"):
        load_generation(home, identity)


def test_damage_is_repaired_by_the_next_start(home: Home, identity: generations.Identity, segmenter: Segmenter) -> None:
    (current(home) / "vectors.faiss").unlink()
    encoder = ToyEncoder()
    assert ensure_index(home, encoder, segmenter)[1] is True
    assert encoder.encoded == []
    load_generation(home, identity)


def test_an_interrupted_build_leaves_the_old_generation(
    home: Home, identity: generations.Identity, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = generations.current_name(home)

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("index.lexical.np.savez", interrupt)
        ensure_index(home, ToyEncoder(), segmenter, again=True)
    assert generations.current_name(home) == name
    assert [path.name for path in home.generations.iterdir() if path.name.startswith(".draft")] == []
    load_generation(home, identity)


def test_a_full_disk_is_said_and_leaves_the_old_generation(
    home: Home, identity: generations.Identity, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="磁盘已满.*没有改动"):
        patch.setattr("index.lexical.np.savez", full)
        ensure_index(home, ToyEncoder(), segmenter, again=True)
    load_generation(home, identity)


def test_a_killed_builds_leavings_are_removed(home: Home, identity: generations.Identity, segmenter: Segmenter) -> None:
    (home.generations / ".draft-old").mkdir()
    ensure_index(home, ToyEncoder(), segmenter, again=True)
    assert not (home.generations / ".draft-old").exists()


def test_old_generations_go_and_the_last_but_one_stays(
    home: Home, identity: generations.Identity, segmenter: Segmenter
) -> None:
    for _ in range(3):
        ensure_index(home, ToyEncoder(), segmenter, again=True)
    assert generations.names(home) == ["00000003", "00000004"]
    assert generations.current_name(home) == "00000004"


def test_an_open_reader_outlives_its_generation(
    home: Home, identity: generations.Identity, segmenter: Segmenter
) -> None:
    generation = load_generation(home, identity)
    shutil.rmtree(current(home))
    vector = ToyEncoder().encode_queries(["学校"])[0]
    assert len(generation.dense.search(vector, 2)[0]) == 2


def test_a_changed_store_makes_the_generation_stale(
    home: Home, identity: generations.Identity, segmenter: Segmenter, encoder: ToyEncoder
) -> None:
    with Store.open(home, write=True) as store:
        store.add(article_law("law", "某法", [(1, 0)]))
    with pytest.raises(IndexMismatch, match="知识库内容"):
        verify_index(home, encoder, segmenter)
    assert ensure_index(home, encoder, segmenter)[1] is True
    assert verify_index(home, encoder, segmenter).clause_count == 5


def rows_of(home: Home, encoder: ToyEncoder, segmenter: Segmenter) -> list[tuple[str, bytes, list[float], float]]:
    """What a generation says of each row, as far as a reader can tell."""
    generation = load_generation(home, identity_of(read_holdings(home).revision, encoder, segmenter))
    vectors = generation.dense.vectors(np.arange(len(generation.dense)))
    scores = generation.lexical.scores({"学校": 1.0, "段": 1.0, "拒住": 1.0}, {"学校": 1.0, "第二": 1.0})
    return [
        (clause_id, key, [round(float(value), 6) for value in vector], round(float(score), 4))
        for clause_id, key, vector, score in zip(generation.clause_ids, generation.keys, vectors, scores, strict=True)
    ]


def test_a_build_takes_over_what_is_unchanged_and_is_as_one_from_nothing(
    home: Home, identity: generations.Identity, segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, counted = ToyEncoder(), []
    monkeypatch.setattr(building, "character_pairs", lambda text: counted.append(text) or character_pairs(text))
    law = article_law("law-1", "测试法", [(1, 0), (2, 0), (3, 0)])
    steps: list[tuple[Callable[[Store], object], int]] = [
        (lambda store: store.add(law), 3),
        (lambda store: store.add(plan("twin")), 4),  # the same passages as the plan's, under other names
        (lambda store: store.add(changed(law, law.clauses[2].clause_id, "第二条 学校。")), 1),
        (lambda store: store.remove("plan"), 0),
    ]
    for change, fresh in steps:
        with Store.open(home, write=True) as store:
            change(store)
        counted.clear()
        ensure_index(home, encoder, segmenter)
        assert len(counted) == fresh
        taken_over = rows_of(home, encoder, segmenter)
        ensure_index(home, encoder, segmenter, again=True)
        assert rows_of(home, encoder, segmenter) == taken_over


def test_a_damaged_generation_is_not_taken_over(
    home: Home, identity: generations.Identity, encoder: ToyEncoder, segmenter: Segmenter
) -> None:
    path = current(home) / "vectors.faiss"
    content = bytearray(path.read_bytes())
    content[-1] ^= 0x7F
    path.write_bytes(content)
    with Store.open(home, write=True) as store:
        store.add(article_law("law-1", "测试法", [(1, 0)]))
    ensure_index(home, encoder, segmenter)
    built = rows_of(home, encoder, segmenter)
    ensure_index(home, encoder, segmenter, again=True)
    assert rows_of(home, encoder, segmenter) == built
