"""Questions that people have judged: which clauses must be cited, which may be, or that there is no answer.

One JSON object a line::

    {"id": "p-001", "question": "…", "category": "frequency", "answered": true,
     "locators": ["三（一）2"], "also_ok": ["三（一）1"], "quote_contains": ["每年至少安排一次"]}

``locators`` must all be cited, ``also_ok`` may be. Where ``answered`` is false the right behaviour is refusal, and
``also_ok`` names the clauses that the refusal may well show as the nearest. A locator may carry its document, as in
"《…方案》三（五）1", and must where two documents have the same one.

``documents.txt`` beside the questions lists the titles of the texts that they were judged on, one a line. They are
asked within those texts; without the file, within the whole collection.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from evaluation.reading import Row, read_json_lines
from ingest.errors import InputError

UNCATEGORISED = "uncategorised"
DOCUMENTS = "documents.txt"
KNOWN_FIELDS = frozenset({"id", "question", "category", "answered", "locators", "also_ok", "quote_contains"})
REMARK_FIELDS = frozenset({"judged_by", "note", "source"})  # read by people only


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what a right answer to it holds."""

    question_id: str
    question: str
    category: str
    answered: bool
    locators: tuple[str, ...] = ()
    also_ok: tuple[str, ...] = ()
    quote_contains: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # titles of the texts it was judged on, () for the whole collection


def load_judged(paths: Iterable[Path]) -> tuple[JudgedQuestion, ...]:
    """The judged questions of files, or of all ``.jsonl`` files in folders, in order.

    Raises:
        InputError: nothing there, a malformed line, or an id used twice.
    """
    seen: dict[str, Row] = {}
    questions = []
    for path in _files(paths):
        documents = _documents_beside(path)
        for row in read_json_lines(path):
            question = replace(_judged(row), documents=documents)
            if question.question_id in seen:
                first = seen[question.question_id]
                raise row.fault(f"编号重复，{first.path} 第 {first.line} 行已用过", "每个问题一个自己的编号")
            seen[question.question_id] = row
            questions.append(question)
    if not questions:
        raise InputError(f"没有读到任何问题：{'、'.join(map(str, paths))}。应为：每行一个问题的 .jsonl 文件。")
    return tuple(questions)


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files.extend(sorted(path.glob("*.jsonl")))
        elif path.is_file():
            files.append(path)
        else:
            raise InputError(f"没有这个文件或文件夹：{path}。请检查路径。")
    return files


def _documents_beside(path: Path) -> tuple[str, ...]:
    listed = path.parent / DOCUMENTS
    if not listed.is_file():
        return ()
    return tuple(title for line in listed.read_text(encoding="utf-8").splitlines() if (title := line.strip()))


def _judged(row: Row) -> JudgedQuestion:
    unknown = sorted(set(row.fields) - KNOWN_FIELDS - REMARK_FIELDS)
    if unknown:
        raise row.fault(
            f"有不认识的字段 {'、'.join(unknown)}", f"只用 {'、'.join(sorted(KNOWN_FIELDS | REMARK_FIELDS))}"
        )
    question = JudgedQuestion(
        question_id=row.identifier("id"),
        question=row.text("question"),
        category=row.text("category", default=UNCATEGORISED),
        answered=row.truth("answered"),
        locators=row.texts("locators"),
        also_ok=row.texts("also_ok"),
        quote_contains=row.texts("quote_contains"),
    )
    if question.answered and not question.locators:
        raise row.fault("“answered”为 true 而“locators”是空的", "至少写出一个必须引用的条款")
    if not question.answered and (question.locators or question.quote_contains):
        raise row.fault("“answered”为 false，却有“locators”或“quote_contains”", "应当拒答的问题不写这两项")
    return question
