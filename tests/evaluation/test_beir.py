"""BEIR folders: read, and refused by message with file, line and id."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evaluation.beir import Passage, load_beir
from ingest.errors import InputError

CORPUS = [{"_id": "p1", "title": "办法", "text": "第一条"}, {"_id": "p2", "text": "第二条"}]
QUERIES = [{"_id": "q1", "text": "第一条说什么"}, {"_id": "q2", "text": "没有评判"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\tp1\t1\n"


def folder(root: Path, *, corpus: object = CORPUS, queries: object = QUERIES, qrels: str = QRELS) -> Path:
    for name, rows in (("corpus", corpus), ("queries", queries)):
        assert isinstance(rows, list)
        lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
        (root / f"{name}.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    (root / "qrels").mkdir()
    (root / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return root


def test_a_folder_is_read(tmp_path: Path) -> None:
    beir = load_beir(folder(tmp_path))
    assert beir.corpus == (Passage("p1", "办法", "第一条"), Passage("p2", "", "第二条"))
    assert beir.qrels == {"q1": {"p1": 1}}
    assert beir.judged_queries == {"q1": "第一条说什么"}


def test_packed_files_and_missing_head_lines_are_read(tmp_path: Path) -> None:
    folder(tmp_path, qrels="q1\tp2\t2\r\n")
    plain = tmp_path / "corpus.jsonl"
    with gzip.open(tmp_path / "corpus.jsonl.gz", "wb") as packed:
        packed.write(plain.read_bytes())
    plain.unlink()
    assert load_beir(tmp_path).qrels == {"q1": {"p2": 2}}


def test_a_file_can_be_named_apart(tmp_path: Path) -> None:
    folder(tmp_path)
    other = tmp_path / "other.tsv"
    other.write_text("q2\tp2\t1\n", encoding="utf-8")
    assert load_beir(tmp_path, qrels=other).qrels == {"q2": {"p2": 1}}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"corpus": [*CORPUS, CORPUS[0]]}, r"corpus.jsonl 第 3 行（编号 p1）：编号重复，第 1 行已用过"),
        ({"corpus": [{"_id": "p1"}]}, r"corpus.jsonl 第 1 行（编号 p1）：缺少“text”"),
        ({"corpus": [{"_id": 7, "text": "x"}]}, r"corpus.jsonl 第 1 行：“_id”是 7"),
        ({"corpus": ["{"]}, r"corpus.jsonl 第 1 行第 \d+ 个字符处不是 JSON"),
        ({"corpus": []}, r"corpus.jsonl 里一行也没有"),
        ({"corpus": [{"title": "办法", "text": "第一条"}]}, r"corpus.jsonl 第 1 行：缺少“_id”"),
        ({"corpus": [{"_id": " ", "text": "第一条"}]}, r"corpus.jsonl 第 1 行：“_id”是空的"),
        ({"corpus": [{"_id": "p1", "title": "办法", "text": ""}]}, r"corpus.jsonl 第 1 行（编号 p1）：“text”是空的"),
        ({"corpus": ['["p1", "第一条"]']}, r"corpus.jsonl 第 1 行是 "),
        ({"corpus": ["[" * 100_000]}, r"corpus.jsonl 第 1 行的 JSON 读不了"),
        ({"corpus": ['{"_id": "p1", "text": ' + "9" * 5_000 + "}"]}, r"corpus.jsonl 第 1 行的 JSON 读不了"),
        ({"corpus": ['{"_id": "p1", "text": "\\ud800"}']}, r"corpus.jsonl 第 1 行（编号 p1）：“text”里有半个字符"),
        ({"queries": [*QUERIES, QUERIES[1]]}, r"queries.jsonl 第 3 行（编号 q2）：编号重复，第 2 行已用过"),
        ({"qrels": "query-id\tscore\tcorpus-id\nq1\t1\tp1\n"}, r"test.tsv 第 1 行（问题 query-id）：分是“corpus-id”"),
        ({"qrels": "q1\t0\tp1\t1\n"}, r"test.tsv 第 1 行有 4 列"),
        ({"queries": [{"_id": "q1", "text": " "}]}, r"queries.jsonl 第 1 行（编号 q1）：“text”是空的"),
        ({"qrels": QRELS + "q9\tp1\t1\n"}, r"test.tsv 第 3 行：问题编号 q9 在 .*queries.jsonl 里没有"),
        ({"qrels": QRELS + "q1\tp9\t1\n"}, r"test.tsv 第 3 行：段落编号 p9 在 .*corpus.jsonl 里没有"),
        ({"qrels": QRELS + "q1\tp1\t2\n"}, r"test.tsv 第 3 行：问题 q1 对段落 p1 有两个不同的分，1 和 2"),
        ({"qrels": QRELS + "q1 p1 1\n"}, r"test.tsv 第 3 行有 1 列"),
        ({"qrels": QRELS + "q1\tp2\t0.5\n"}, r"test.tsv 第 3 行（问题 q1）：分是“0.5”"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, r"test.tsv 里没有评判"),
    ],
)
def test_a_malformed_folder_is_refused_with_its_place(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_beir(folder(tmp_path, **change))


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="里没有 corpus.jsonl"):
        load_beir(tmp_path)
    folder(tmp_path)
    with pytest.raises(InputError, match="没有这个文件：.*none.tsv"):
        load_beir(tmp_path, qrels=tmp_path / "none.tsv")
    (tmp_path / "qrels" / "test.tsv").rename(tmp_path / "qrels" / "dev.tsv")
    (tmp_path / "qrels" / "train.tsv").write_text(QRELS, encoding="utf-8")
    with pytest.raises(InputError, match="有 2 个文件：dev.tsv、train.tsv"):
        load_beir(tmp_path)


@pytest.mark.parametrize("name", ["corpus.jsonl.gz", "queries.jsonl.gz"])
def test_a_damaged_archive_is_refused(tmp_path: Path, name: str) -> None:
    folder(tmp_path)
    plain = tmp_path / name.removesuffix(".gz")
    (tmp_path / name).write_bytes(gzip.compress(plain.read_bytes())[:-9])
    plain.unlink()
    with pytest.raises(InputError, match=f"{name} 第 3 行起解压失败"):
        load_beir(tmp_path)


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "queries.jsonl").write_bytes(
        '{"_id": "q0", "text": "x"}\n{"_id": "q1", "text": "条"}\n'.encode("gb18030")
    )
    with pytest.raises(InputError, match="queries.jsonl 第 2 行不是 UTF-8 文字"):
        load_beir(tmp_path)


def categorised(root: Path, *metadata: object, **options: str) -> dict[str, str]:
    queries = [{"_id": f"q{at}", "text": "问", "metadata": each} for at, each in enumerate(metadata)]
    qrels = "".join(f"q{at}\tp1\t1\n" for at in range(len(metadata)))
    return load_beir(folder(root, queries=queries, qrels=qrels), **options).categories  # type: ignore[arg-type]


def test_categories_are_read_where_queries_have_them(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    assert categorised(tmp_path / "a", {"category": "期限"}, {}) == {"q0": "期限", "q1": "未分类"}
    assert categorised(tmp_path / "b", {"answer": "三天"}, {}) == {}
    assert categorised(tmp_path / "c", {"kind": 1}, {"kind": "二"}, category_field="kind") == {"q0": "1", "q1": "二"}


@pytest.mark.parametrize(
    ("metadata", "options", "message"),
    [
        ({"category": ["a"]}, {}, r"queries.jsonl 第 1 行（编号 q0）：“category”是 list"),
        ({"category": "a"}, {"category_field": "kind"}, r"没有一个评判过的问题有“kind”"),
    ],
)
def test_a_category_that_cannot_be_read_is_refused(
    tmp_path: Path, metadata: object, options: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        categorised(tmp_path, metadata, **options)
