"""A folder of judged queries in BEIR format, checked.

``corpus.jsonl`` and ``queries.jsonl`` (``_id``, ``text``, ``title``), ``qrels/NAME.tsv`` (query-id, corpus-id, score
with a head line), each plain or ``.gz``. Nothing is dropped in silence: an empty text, an id that is used twice or
that nothing defines stops the reading, with its file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.reading import Row, read_json_lines, read_lines
from ingest.errors import InputError

Qrels = dict[str, dict[str, int]]  # {query_id: {passage_id: grade}}
ENDINGS = ("", ".gz")
QRELS_COLUMNS = ("query-id", "corpus-id", "score")
USUAL_CATEGORY = "category"
UNCATEGORISED = "未分类"
USUAL_QRELS = "test"  # the half that BEIR reports


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of the corpus."""

    passage_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class BeirFolder:
    """The checked content; ``qrels`` is ``{query_id: {passage_id: grade}}`` and names only what is there."""

    corpus: tuple[Passage, ...]
    queries: dict[str, str]
    qrels: Qrels
    qrels_file: Path
    categories: dict[str, str] = field(default_factory=dict)  # {query_id: category}; empty where no query has one

    @property
    def judged_queries(self) -> dict[str, str]:
        """The queries that the qrels judge, in the order of the qrels: the denominator of every measure."""
        return {query_id: self.queries[query_id] for query_id in self.qrels}


def load_beir(
    folder: Path,
    *,
    corpus: Path | None = None,
    queries: Path | None = None,
    qrels: Path | None = None,
    category_field: str | None = None,
) -> BeirFolder:
    """Read and check a BEIR folder; each file can be named apart from it.

    Args:
        folder: holds the files that are not named apart.
        corpus: the passages.
        queries: the queries.
        qrels: the judgements.
        category_field: the field of a query, or of its ``metadata``, that names its category; ``category`` where it
            is not given, and then it may be absent.

    Raises:
        InputError: a file is missing or malformed, a text is empty, an id is used twice or unknown.
    """
    corpus_file = corpus or _find(folder, "corpus.jsonl")
    queries_file = queries or _find(folder, "queries.jsonl")
    qrels_file = qrels or _find_qrels(folder)
    for path in (corpus_file, queries_file, qrels_file):
        if not path.is_file():
            raise InputError(f"没有这个文件：{path}。请检查路径。")
    passages = _passages(corpus_file)
    rows = dict(_rows(queries_file))
    texts = {query_id: row.identifier("text") for query_id, row in rows.items()}
    known = frozenset(passage.passage_id for passage in passages)
    judged = _read_qrels(qrels_file, queries=texts, passages=known, sources=(queries_file, corpus_file))
    categories = _categories({query_id: rows[query_id] for query_id in judged}, category_field, queries_file)
    return BeirFolder(passages, texts, judged, qrels_file, categories)


def load_passages(folder: Path) -> tuple[Passage, ...]:
    """The corpus of a BEIR folder alone, checked as in ``load_beir``.

    Raises:
        InputError: the file is missing or malformed, a text is empty, an id is used twice.
    """
    return _passages(_find(folder, "corpus.jsonl"))


def _passages(path: Path) -> tuple[Passage, ...]:
    rows = _rows(path)
    return tuple(Passage(name, row.text("title", default=""), row.identifier("text")) for name, row in rows)


def _categories(rows: Mapping[str, Row], named: str | None, path: Path) -> dict[str, str]:
    """The category of each judged query; of one that states none, ``UNCATEGORISED``."""
    found = {query_id: _category(row, named or USUAL_CATEGORY) for query_id, row in rows.items()}
    if not any(found.values()):
        if named is None:
            return {}
        raise InputError(
            f"{path} 里没有一个评判过的问题有“{named}”。应为：问题的 metadata 里有这个字段。请改正 --category-field。"
        )
    return {query_id: category or UNCATEGORISED for query_id, category in found.items()}


def _category(row: Row, name: str) -> str:
    metadata = row.fields.get("metadata")
    inner = metadata if isinstance(metadata, dict) else {}
    value = inner.get(name, row.fields.get(name, ""))
    if not isinstance(value, str | int):
        raise row.fault(f"“{name}”是 {type(value).__name__}", f"“{name}”是一个词，例如 deadline")
    return str(value).strip()


def _find(folder: Path, name: str) -> Path:
    for ending in ENDINGS:
        if (path := folder / f"{name}{ending}").is_file():
            return path
    raise InputError(f"{folder} 里没有 {name}（或 {name}.gz）。应为：BEIR 格式的文件夹。请检查路径，或用选项指明文件。")


def _find_qrels(folder: Path) -> Path:
    files = sorted(path for ending in ENDINGS for path in (folder / "qrels").glob(f"*.tsv{ending}"))
    usual = [path for path in files if path.name.split(".")[0] == USUAL_QRELS]
    if len(files) == 1 or usual:
        return (usual or files)[0]
    if not files:
        raise InputError(
            f"{folder / 'qrels'} 里没有 .tsv 文件。应为：qrels/名称.tsv。请检查路径，或用 --qrels 指明文件。"
        )
    names = "、".join(path.name for path in files)
    raise InputError(f"{folder / 'qrels'} 里有 {len(files)} 个文件：{names}。请用 --qrels 指明用哪一个。")


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    seen: dict[str, int] = {}
    for row in read_json_lines(path):
        name = row.identifier("_id")
        if name in seen:
            raise row.fault(f"编号重复，第 {seen[name]} 行已用过", "每行一个自己的编号")
        seen[name] = row.line
        yield name, row
    if not seen:
        raise InputError(f"{path} 里一行也没有。应为：每行一个 JSON 对象。请检查文件。")


def _read_qrels(path: Path, *, queries: dict[str, str], passages: frozenset[str], sources: tuple[Path, Path]) -> Qrels:
    qrels: Qrels = {}
    for line, text in read_lines(path):
        cells = tuple(cell.strip() for cell in text.split("\t"))
        if line == 1 and cells == QRELS_COLUMNS:
            continue
        query_id, passage_id, grade = _judgement(path, line, cells)
        if query_id not in queries:
            raise InputError(
                f"{path} 第 {line} 行：问题编号 {query_id} 在 {sources[0]} 里没有。请改正编号，或补上问题。"
            )
        if passage_id not in passages:
            raise InputError(
                f"{path} 第 {line} 行：段落编号 {passage_id} 在 {sources[1]} 里没有。请改正编号，或补上段落。"
            )
        grades = qrels.setdefault(query_id, {})
        if grades.get(passage_id, grade) != grade:
            raise InputError(
                f"{path} 第 {line} 行：问题 {query_id} 对段落 {passage_id} 有两个不同的分，"
                f"{grades[passage_id]} 和 {grade}。请只留一个。"
            )
        grades[passage_id] = grade
    if not qrels:
        raise InputError(f"{path} 里没有评判。应为：每行“问题编号、段落编号、分”，用制表符分开。请检查文件。")
    return qrels


def _judgement(path: Path, line: int, cells: tuple[str, ...]) -> tuple[str, str, int]:
    expected = "应为：三列，问题编号、段落编号、整数分，用制表符分开，第一行可以是列名 query-id、corpus-id、score"
    if len(cells) != len(QRELS_COLUMNS):
        raise InputError(f"{path} 第 {line} 行有 {len(cells)} 列。{expected}。请改正这一行后重试。")
    try:
        return cells[0], cells[1], int(cells[2])
    except ValueError as error:
        message = f"{path} 第 {line} 行（问题 {cells[0]}）：分是“{cells[2]}”。{expected}。请改正这一行后重试。"
        raise InputError(message) from error
