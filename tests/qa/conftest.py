"""Small invented texts read by the product's own parser, and a toy searcher whose ranking can be worked out by hand."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from index.english import EnglishReader, Reading
from index.packed_model import Matrix
from index.records import Filters, Hit, ScoreParts, Spread
from index.searcher import Searcher
from ingest import tables
from ingest.home import Home
from ingest.parsing import parse_text
from ingest.records import Clause, ParsedDocument
from ingest.requirements import extract
from ingest.storage import Store
from qa.answerable import FEATURES as ANSWERABILITY_FEATURES
from qa.answerable import Answerability
from qa.base import Base, read_base
from qa.engine import Engine
from qa.evidence import FEATURES, Calibration
from qa.questions import question_tables

LIBRARY = """星河区图书馆服务行动方案

一、总体目标
让居民在家门口读到好书。本方案所称的“三馆”，是指图书馆、文化馆、博物馆。三馆实行通借通还。

二、具体要求
深入开展图书服务“进学校、进社区、进乡镇、进连队”活动。
（一）进学校
1.开放书库。学校应当每周开放书库不少于3次。严禁向读者收取押金。
2.培训教师。各学校要把阅读指导纳入教师培训。
（二）进社区
1.建设书屋。社区要设置书屋，鼓励居民捐赠图书。
2.接待读者。严禁以衣着为由拒绝读者入馆。
（三）进乡镇
1.流动服务。乡镇要安排流动书车，定期进村。
"""
GARDEN = """星河区公园管理通知

一、绿化
各社区要在春季补种树木。

二、开放
学校应当在周末开放操场，并安排专人值守，做好记录和
"""
WORDS = (
    "图书馆",
    "三馆",
    "书库",
    "押金",
    "教师",
    "培训",
    "阅读",
    "书屋",
    "图书",
    "衣着",
    "读者",
    "拒绝",
    "书车",
    "树木",
    "绿化",
    "操场",
    "开放",
    "社区",
    "学校",
    "乡镇",
    "居民",
    "捐赠",
    "收取",
    "鼓励",
    "设置",
    "通借通还",
)
_KNOWN = {*WORDS, *tables.stopwords(), *question_tables().list_words, *question_tables().topic_words}
_WORD = re.compile("|".join(map(re.escape, sorted(_KNOWN, key=len, reverse=True))) + "|[a-z0-9]+")
_OTHER = re.compile("[\u3400-\u9fff]+")
DIMENSION = 64


def parsed(doc_id: str, text: str) -> ParsedDocument:
    """``text`` as the product reads it, requirements included."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    found = parse_text(text, source_file=f"{doc_id}.txt", sha256=digest, doc_id=doc_id)
    return replace(found, requirements=extract(found.clauses, found.document))


class ToySegmenter:
    """The words of ``WORDS`` and of the question tables, and whole runs of other characters between them."""

    def tokens(self, text: str) -> list[str]:
        words: list[str] = []
        at = 0
        for match in _WORD.finditer(text.lower()):
            words += [*_OTHER.findall(text[at : match.start()]), match.group()]
            at = match.end()
        return words + _OTHER.findall(text[at:])


class ToySearcher:
    """BM25 is the number of shared words; vectors are counts of words beside one constant axis."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.segmenter = ToySegmenter()
        self.clauses: list[Clause] = []
        self.refreshed = 0
        self.asked: list[tuple[str, int, Filters]] = []

    def refresh(self) -> bool:
        self.refreshed += 1
        with Store.open(self.home) as store:
            self.clauses = [clause for clause in store.clauses() if clause.kind == "clause"]
        return True

    def search(self, query: str, *, top_k: int, filters: Filters) -> list[Hit]:
        self.asked.append((query, top_k, filters))
        words = set(self.segmenter.tokens(query))
        (vector,) = self.embed_queries([query])
        hits = []
        for clause in self.clauses:
            if filters.doc_ids and clause.doc_id not in filters.doc_ids:
                continue
            lexical = float(len(words & set(self.segmenter.tokens(" ".join((*clause.breadcrumb, clause.text))))))
            dense = float(self.embed_passages([clause.text])[0] @ vector)
            hits.append(Hit(clause, lexical + dense, ScoreParts(lexical, dense, lexical + dense), ()))
        return sorted(hits, key=lambda hit: -hit.score)[:top_k]

    def spread(self, query: str, *, filters: Filters) -> Spread:
        hits = self.search(query, top_k=10, filters=filters)
        cosines = sorted((hit.parts.dense for hit in hits), reverse=True) or [0.0]
        self.asked.pop()
        return Spread(sum(cosines) / len(cosines), cosines[0], cosines[-1], 0)

    def readings(self, query: str) -> tuple[Reading, ...]:
        return EnglishReader(dict, dict).readings(query)

    def query_vector(self, query: str) -> Matrix:
        vector: Matrix = self.embed_queries([query])[0]
        return vector

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 2.0
            for word in self.segmenter.tokens(text):
                if word in WORDS:
                    row[1 + WORDS.index(word)] = 1.0
            row /= np.linalg.norm(row)
        return rows


def weights(**named: float) -> tuple[float, ...]:
    """Calibration weights in the order of ``FEATURES``, 0 where not named."""
    assert set(named) <= set(FEATURES)
    return tuple(named.get(name, 0.0) for name in FEATURES)


# Confidence = logistic(2 * 3 * clause coverage - 3): from half the question's terms on, a clause is cited.
BY_COVERAGE = Calibration(weights(clause_coverage=2.0), bias=-3.0, threshold=0.5, companion=0.9)

# A question is answered where its best clause may be cited.
BY_THE_BEST = Answerability(tuple(float(name == "best") for name in ANSWERABILITY_FEATURES), bias=0.0, threshold=0.5)


@pytest.fixture
def by_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    """The confidence is a plain function of the coverage, whatever was fitted last."""
    monkeypatch.setattr("qa.evidence.read_calibration", lambda: BY_COVERAGE)
    monkeypatch.setattr("qa.finding.read_calibration", lambda: BY_COVERAGE)
    monkeypatch.setattr("qa.answerable.read_answerability", lambda: BY_THE_BEST)
    monkeypatch.setattr("qa.finding.read_answerability", lambda: BY_THE_BEST)


@pytest.fixture(scope="session")
def shipped_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A knowledge base that holds the library's plan and the park's notice; nobody writes into it."""
    home = Home(tmp_path_factory.mktemp("qa") / "kb")
    with Store.open(home, write=True) as store:
        store.add(parsed("library", LIBRARY))
        store.add(parsed("garden", GARDEN))
    return home


@pytest.fixture
def home(shipped_home: Home, tmp_path: Path) -> Home:
    """A copy of it for one test."""
    shutil.copytree(shipped_home.root, tmp_path / "kb")
    return Home(tmp_path / "kb")


@pytest.fixture(scope="session")
def base(shipped_home: Home) -> Base:
    return read_base(shipped_home)


@pytest.fixture
def toy(home: Home) -> ToySearcher:
    return ToySearcher(home)


@pytest.fixture
def searcher(toy: ToySearcher) -> Searcher:
    toy.refresh()
    return cast(Searcher, toy)


@pytest.fixture
def engine(home: Home, toy: ToySearcher, by_coverage: None) -> Engine:
    return Engine(home, cast(Searcher, toy))


@pytest.fixture
def put(home: Home) -> Callable[[str, str], None]:
    """Puts a document into the knowledge base, as another process would."""

    def add(doc_id: str, text: str) -> None:
        with Store.open(home, write=True) as store:
            store.add(parsed(doc_id, text))

    return add
