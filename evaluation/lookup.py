"""Every article of a collection asked for by law and number: is the first clause found the one that was named?

Takes a BEIR folder, whose passage ids end in the article's number ("刑法|120-1" is 第一百二十条之一), or a knowledge
base; asks in the spellings that people use, and lists what another clause, or none, was found for. What has no number
cannot be named and is counted apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evaluation.beir import Passage, load_passages
from evaluation.ranking import documents_of
from evaluation.report import table
from index.directory import Directory
from index.lookup import NamedLookup, find_named
from ingest.errors import InputError
from ingest.home import Home
from ingest.markers import ARTICLE
from ingest.numerals import to_chinese
from ingest.progress import Progress, track
from ingest.records import Clause, Document, Step
from ingest.storage import Store

_NUMBER_AT_END = re.compile(r"\D(?P<number>[1-9]\d{0,3})(?:-(?P<suffix>[1-9]\d?))?$")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SHOWN_FAILURES = 20  # of each reason, in the text for people


@dataclass(frozen=True, slots=True)
class Named:
    """An article with its law's title."""

    title: str
    clause: Clause

    @property
    def step(self) -> Step:
        """Its number."""
        return self.clause.path[-1]


@dataclass(frozen=True, slots=True)
class Collection:
    """What is asked for, what it is looked up in, and how many clauses have no number of their own."""

    articles: tuple[Named, ...]
    directory: Directory
    unnumbered: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A question whose first clause is not the named one; ``reason`` as in ``REASONS``."""

    question: str
    spelling: str
    clause_id: str
    reason: str
    found: str


@dataclass(frozen=True, slots=True)
class LookupMeasured:
    """First places by spelling: ``{spelling: hits}`` of ``asked`` articles each."""

    asked: int
    suffixed: int
    unnumbered: int
    first: dict[str, int]
    first_suffixed: dict[str, int]
    failures: tuple[Failure, ...]


def _suffix(step: Step) -> str:
    return f"之{to_chinese(step.suffix)}" if step.suffix else ""


# How people write the place; the law's title is put before it.
SPELLINGS: dict[str, Callable[[str, Step], str]] = {
    "中文数字": lambda title, step: f"《{title}》第{to_chinese(step.number)}条{_suffix(step)}",
    "阿拉伯数字": lambda title, step: f"{title}第{step.number}条{_suffix(step)}",
    "全角数字": lambda title, step: f"{title}第{str(step.number).translate(_FULL_WIDTH)}条{_suffix(step)}",
    "不写“第”": lambda title, step: f"{title}{step.number}条{_suffix(step)}",
}


def read_collection(folder: Path) -> Collection:
    """The articles of a BEIR folder or of a knowledge base.

    Raises:
        InputError: the folder holds neither, or no article with a number.
    """
    if (folder / "kb.sqlite").is_file():
        with Store.open(Home(folder)) as store:
            documents = list(store.documents())
            clauses = [clause for document in documents for clause in store.clauses(document.doc_id)]
    else:
        documents, clauses = _numbered(load_passages(folder))
    titles = {document.doc_id: document.title for document in documents}
    articles = tuple(
        Named(titles[clause.doc_id], clause) for clause in clauses if clause.path and clause.path[-1].code == ARTICLE
    )
    if not articles:
        raise InputError(
            f"{folder} 里没有带条号的条文。应为：知识库里有按“第…条”编号的文件，"
            "或 BEIR 的段落编号以条号结尾，例如“刑法|120-1”。请检查文件夹。"
        )
    searched = sum(clause.kind == "clause" for clause in clauses)
    numbered = sum(article.clause.kind == "clause" for article in articles)
    return Collection(articles, Directory(documents, clauses), searched - numbered)


def _numbered(corpus: Sequence[Passage]) -> tuple[list[Document], list[Clause]]:
    """Passages as clauses whose step is the article that their id ends in."""
    documents, clauses = [], []
    for parsed, names in documents_of(corpus):
        documents.append(parsed.document)
        clauses += [_as_article(clause, names[clause.clause_id]) for clause in parsed.clauses]
    return documents, clauses


def _as_article(clause: Clause, passage_id: str) -> Clause:
    match = _NUMBER_AT_END.search(passage_id)
    if match is None:
        return clause
    number, suffix = int(match["number"]), int(match["suffix"] or 0)
    step = Step(ARTICLE, number, suffix, f"第{number}条", "")
    return replace(clause, path=(replace(step, label=f"第{to_chinese(number)}条{_suffix(step)}"),))


def measure_lookup(collection: Collection, progress: Progress) -> LookupMeasured:
    """Ask for every article in every spelling."""
    first: Counter[str] = Counter()
    first_suffixed: Counter[str] = Counter()
    failures = []
    for named in track(collection.articles, progress, "按条号查找", "条"):
        for spelling, spell in SPELLINGS.items():
            question = spell(named.title, named.step)
            lookup = find_named(question, collection.directory)
            reason = _fault(named.clause, lookup)
            if reason:
                found = lookup.clauses[0].clause_id if lookup and lookup.clauses else ""
                failures.append(Failure(question, spelling, named.clause.clause_id, reason, found))
                continue
            first[spelling] += 1
            first_suffixed[spelling] += bool(named.step.suffix)
    return LookupMeasured(
        asked=len(collection.articles),
        suffixed=sum(bool(named.step.suffix) for named in collection.articles),
        unnumbered=collection.unnumbered,
        first={spelling: first[spelling] for spelling in SPELLINGS},
        first_suffixed={spelling: first_suffixed[spelling] for spelling in SPELLINGS},
        failures=tuple(failures),
    )


def _fault(clause: Clause, lookup: NamedLookup | None) -> str:
    """Why the look-up missed ``clause``; "" where it comes first, or the first below it where it is a heading."""
    if lookup is None:
        return "没有当作按条号查找"
    if not lookup.clauses:
        return "说没有这份文件" if lookup.document is None else "说没有这一条"
    found = lookup.clauses[0].clause_id
    if found == clause.clause_id or (clause.kind == "heading" and found.startswith(f"{clause.clause_id}.")):
        return ""
    same = any(other.clause_id == clause.clause_id for other in lookup.clauses)
    return "同号的另一条在前" if same else "找到的是另一条"


def lookup_record(measured: LookupMeasured) -> dict[str, Any]:
    """The measurement as one JSON object."""
    return asdict(measured)


def lookup_text(measured: LookupMeasured) -> str:
    """A line a spelling, then the failures by reason."""
    rows = [
        (spelling, _share(hits, measured.asked), _share(measured.first_suffixed[spelling], measured.suffixed))
        for spelling, hits in measured.first.items()
    ]
    head = f"{measured.asked} 条有条号，每条问 {len(SPELLINGS)} 次；{measured.unnumbered} 条没有自己的条号，没有问。"
    return "\n".join([head, table(("写法", "第一个就是", "其中“条之几”"), rows), *_failure_lines(measured.failures)])


def _share(hits: int, asked: int) -> str:
    return f"{hits}/{asked} = {hits / asked:.4f}" if asked else "没有"


def _failure_lines(failures: Iterable[Failure]) -> Iterator[str]:
    by_reason: dict[str, list[Failure]] = {}
    for failure in failures:
        by_reason.setdefault(failure.reason, []).append(failure)
    for reason, group in by_reason.items():
        yield f"\n{reason}：{len(group)} 次"
        yield from (
            f"  {failure.question}（应为 {failure.clause_id}，{failure.found or '没有找到'}）"
            for failure in group[:SHOWN_FAILURES]
        )
        if len(group) > SHOWN_FAILURES:
            yield f"  另有 {len(group) - SHOWN_FAILURES} 次，--json 里全有"
