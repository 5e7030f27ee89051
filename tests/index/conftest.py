"""A toy encoder with known neighbours, and a small knowledge base to search."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.packed_model import Matrix
from ingest.home import Home
from ingest.records import Clause, Document, ParsedDocument, Requirement, Span, Step
from ingest.storage import Store

# Words of one topic point the same way, whatever language or wording; everything else is noise of its own.
TOPICS = (
    ("学校", "课堂", "教师", "school", "teacher"),
    ("宾馆", "拒住", "旅店", "hotel"),
    ("学习", "中心组", "study"),
    ("企业", "公司", "company"),
)
DIMENSION = 16


class ToyEncoder:
    """One axis a topic, plus a small deterministic noise from the text's hash."""

    def __init__(self, name: str = "toy") -> None:
        self.fingerprint = name
        self.dimension = DIMENSION
        self.encoded: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> Matrix:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Matrix:
        self.encoded.extend(texts)
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Matrix:
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            digest = hashlib.sha256(text.encode()).digest()
            vectors[row, len(TOPICS) :] = np.frombuffer(digest, np.uint8)[: DIMENSION - len(TOPICS)] / 2550
            for axis, words in enumerate(TOPICS):
                vectors[row, axis] = sum(word in text for word in words)
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors


STRUCTURE = (
    # clause id tail, kind, steps, text
    ("n1", "heading", (Step("n", 1, 0, "一", "具体要求"),), "一、具体要求"),
    (
        "n1.i1",
        "clause",
        (Step("n", 1, 0, "一", "具体要求"), Step("i", 1, 0, "（一）", "进机关")),
        "（一）进机关党委理论学习中心组每年至少安排一次专题学习。",
    ),
    ("n1.i2", "heading", (Step("n", 1, 0, "一", "具体要求"), Step("i", 2, 0, "（二）", "进学校")), "（二）进学校"),
    (
        "n1.i2.r1",
        "clause",
        (Step("n", 1, 0, "一", "具体要求"), Step("i", 2, 0, "（二）", "进学校"), Step("r", 1, 0, "1", "课堂")),
        "1.课堂。学校应当把民族团结内容纳入课堂教学。",
    ),
    (
        "n1.i2.r2",
        "clause",
        (Step("n", 1, 0, "一", "具体要求"), Step("i", 2, 0, "（二）", "进学校"), Step("r", 2, 0, "2", "校园")),
        "2.校园。鼓励学校设置宣传栏。",
    ),
    (
        "n1.i3",
        "clause",
        (Step("n", 1, 0, "一", "具体要求"), Step("i", 3, 0, "（三）", "进社区")),
        "（三）进社区严禁针对特定少数民族拒住、拒租、拒卖。",
    ),
)
LOCATORS = {
    "n1": "一",
    "n1.i1": "一（一）",
    "n1.i2": "一（二）",
    "n1.i2.r1": "一（二）1",
    "n1.i2.r2": "一（二）2",
    "n1.i3": "一（三）",
}
DUTIES = (
    ("n1.i1", "每年至少安排一次专题学习。", ("party",), "must"),
    ("n1.i2.r1", "学校应当把民族团结内容纳入课堂教学。", ("school",), "must"),
    ("n1.i2.r2", "鼓励学校设置宣传栏。", ("school",), "encouraged"),
    ("n1.i3", "严禁针对特定少数民族拒住、拒租、拒卖。", ("community",), "must_not"),
)


def plan(doc_id: str = "plan", title: str = "民族团结行动方案") -> ParsedDocument:
    source = title + "\n" + "\n".join(text for *_, text in STRUCTURE)
    clauses = []
    for order, (tail, kind, path, text) in enumerate(STRUCTURE):
        start = source.index(text)
        crumbs = tuple(f"{step.label}{'、' if step.code == 'n' else ''}{step.title}" for step in path)
        clauses.append(
            Clause(
                f"{doc_id}.{tail}",
                doc_id,
                order,
                kind,
                path,
                crumbs,
                LOCATORS[tail],
                text,
                "",
                Span(start, start + len(text)),
                0,
            )
        )
    by_tail = {clause.clause_id: clause for clause in clauses}
    requirements = []
    for tail, sentence, audience, modality in DUTIES:
        clause = by_tail[f"{doc_id}.{tail}"]
        start = clause.text.index(sentence)
        requirements.append(
            Requirement(
                f"{clause.clause_id}.q1",
                clause.clause_id,
                doc_id,
                Span(start, start + len(sentence)),
                sentence,
                None,
                audience,
                modality,
                sentence,
            )
        )
    document = Document(
        doc_id,
        title,
        None,
        None,
        None,
        None,
        None,
        "unknown",
        "plan",
        f"{doc_id}.txt",
        hashlib.sha256(source.encode()).hexdigest(),
        1,
    )
    return ParsedDocument(document, source, tuple(clauses), tuple(requirements))


def article_law(doc_id: str, title: str, numbers: Sequence[tuple[int, int]], words: str = "") -> ParsedDocument:
    """A law of one chapter with the given articles (number, suffix), each of two paragraphs and an item."""
    chapter = Step("c", 1, 0, "第一章", "总则")
    texts = ["第一章 总则"]
    steps: list[tuple[Step, ...]] = [(chapter,)]
    for number, suffix in numbers:
        label = f"第{number}条" + (f"之{suffix}" if suffix else "")
        texts.append(f"{label} {words or label}第一段。\n第二段有下列事项：\n（一）甲；\n（二）乙。\n第三段。")
        steps.append((chapter, Step("a", number, suffix, label, "")))
    source = "\n".join([title, *texts])
    clauses = []
    for order, (path, text) in enumerate(zip(steps, texts, strict=True)):
        start = source.index(text)
        tail = ".".join(f"{step.code}{step.number}" + (f"-{step.suffix}" if step.suffix else "") for step in path)
        clauses.append(
            Clause(
                f"{doc_id}.{tail}",
                doc_id,
                order,
                "heading" if order == 0 else "clause",
                path,
                tuple(step.label for step in path),
                "".join(step.label for step in path),
                text,
                "",
                Span(start, start + len(text)),
                0,
            )
        )
    document = Document(
        doc_id,
        title,
        None,
        None,
        None,
        None,
        None,
        "in_force",
        "law",
        f"{doc_id}.txt",
        hashlib.sha256(source.encode()).hexdigest(),
        1,
    )
    return ParsedDocument(document, source, tuple(clauses))


def changed(parsed: ParsedDocument, clause_id: str, text: str) -> ParsedDocument:
    """The reading with one clause's text replaced."""
    source = parsed.source
    clauses = []
    shift = 0
    for clause in parsed.clauses:
        start, end = clause.span.start + shift, clause.span.end + shift
        if clause.clause_id == clause_id:
            source = source[:start] + text + source[end:]
            shift += len(text) - len(clause.text)
            clause = replace(clause, text=text)
            end = start + len(text)
        clauses.append(replace(clause, span=Span(start, end)))
    kept = tuple(part for part in parsed.requirements if part.clause_id != clause_id)
    document = replace(parsed.document, sha256=hashlib.sha256(source.encode()).hexdigest())
    return ParsedDocument(document, source, tuple(clauses), kept)


@pytest.fixture
def encoder() -> ToyEncoder:
    return ToyEncoder()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A knowledge base that holds the plan."""
    home = Home(tmp_path / "kb")
    with Store.open(home, write=True) as store:
        store.add(plan())
    return home


@pytest.fixture
def put(home: Home) -> Callable[[ParsedDocument], None]:
    """Puts a document into the knowledge base."""

    def add(parsed: ParsedDocument) -> None:
        with Store.open(home, write=True) as store:
            store.add(parsed)

    return add


@pytest.fixture(autouse=True)
def no_shipped_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests bring their own documents."""
    monkeypatch.setattr("index.searcher.ensure_corpus", lambda home, progress=None: None)
    monkeypatch.setattr("index.commands.ensure_corpus", lambda home, progress=None: None)
