"""How well the answering engine does on judged questions.

Takes an engine and ``JudgedQuestion`` records, gives a ``Verdict`` for each question and a ``Tally`` for each category.
One denominator for each measure: an answerable question that was refused counts 0 for recall, precision and quote,
it is not left out. Reading the files is left to ``judged.py``, printing to ``report.py``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from evaluation.judged import JudgedQuestion
from ingest.errors import BadQuery, InputError
from ingest.records import Document
from qa.records import Answer, Citation

ALL = "all"
_BLANK = re.compile(r"\s+")


class Answering(Protocol):
    """What answers a question: ``qa.engine.Engine``, or a toy in tests."""

    def ask(self, question: str, /, *, doc_ids: Sequence[str] = ()) -> Answer:
        """The answer to one question within some documents, within all where none is named."""
        ...

    def documents(self) -> Sequence[Document]:
        """The documents at hand."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """One question, what came out, and where it differs from the judgement.

    ``missing`` are judged locators that were not cited, ``extra`` are citations outside ``locators`` and ``also_ok``,
    ``unquoted`` are judged words that no quotation holds, ``pointed`` are the judged clauses that a refusal showed.
    """

    judged: JudgedQuestion
    answered: bool
    route: str
    reason: str | None
    cited: tuple[str, ...]
    near: tuple[str, ...]
    quotes: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    unquoted: tuple[str, ...]
    pointed: tuple[str, ...]
    seconds: float

    @property
    def decided_rightly(self) -> bool:
        """Answered where it should be, refused where it should be."""
        return self.answered == self.judged.answered

    @property
    def recall(self) -> float:
        """The share of the judged locators that is cited; 0 for a refusal."""
        if not (self.answered and self.judged.answered):
            return 0.0
        return 1 - len(self.missing) / len(self.judged.locators)

    @property
    def precision(self) -> float:
        """The share of the citations that is judged right; 0 for a refusal and for an answer that cites nothing."""
        if not self.answered or not self.cited:
            return 0.0
        return 1 - len(self.extra) / len(self.cited)

    @property
    def right(self) -> bool:
        """Nothing to complain about."""
        return self.decided_rightly and not (self.missing or self.extra or self.unquoted)


@dataclass(frozen=True, slots=True)
class Tally:
    """The measures of one category; ``None`` where no question of it can show the measure."""

    category: str
    questions: int
    right: int
    answerable: int
    answered_rightly: int
    unanswerable: int
    refused_rightly: int
    recall: float | None  # mean share of judged locators cited
    complete: float | None  # share of answerable questions with every judged locator cited
    precision: float | None
    citations: float | None  # mean number, over the questions that were answered
    quote_hit: float | None  # share of the questions with judged words whose quotations hold all of them
    near_hit: float | None  # share of the unanswerable questions with judged clauses whose refusal shows one of them


def judge(engine: Answering, questions: Iterable[JudgedQuestion]) -> Iterable[Verdict]:
    """Ask every question in turn and compare.

    An empty or senseless question may be refused by raising ``BadQuery``; that counts as a refusal.

    Raises:
        InputError: a document that the questions were judged on is not in the knowledge base.
    """
    for judged in questions:
        doc_ids = documents_of(judged, engine)
        started = time.perf_counter()
        try:
            answer = engine.ask(judged.question, doc_ids=doc_ids)
        except BadQuery as error:
            answer = Answer(judged.question, False, str(error), "", "refused")
        yield verdict(judged, answer, seconds=time.perf_counter() - started)


def documents_of(judged: JudgedQuestion, engine: Answering) -> list[str]:
    """The ids of the documents that a question was judged on, none where it was the whole collection.

    Raises:
        InputError: one of them is not in the knowledge base.
    """
    if not judged.documents:
        return []
    held = engine.documents()
    if missing := set(judged.documents) - {document.title for document in held}:
        titles = "、".join(f"《{title}》" for title in sorted(missing))
        raise InputError(
            f"知识库里没有这些问题所依据的文件：{titles}。请先收录（python -m ingest add 或 statutes），"
            "或加 --everywhere 在现有的全部文件里提问。"
        )
    return [document.doc_id for document in held if document.title in judged.documents]


def verdict(judged: JudgedQuestion, answer: Answer, *, seconds: float = 0.0) -> Verdict:
    """Compare one answer with its judgement."""
    quotes = tuple(citation.quote for citation in answer.citations)
    allowed = judged.locators + judged.also_ok
    said = _bare("\n".join(quotes))
    return Verdict(
        judged=judged,
        answered=answer.answered,
        route=answer.route,
        reason=answer.reason,
        cited=tuple(citation.clause.locator for citation in answer.citations),
        near=tuple(citation.clause.locator for citation in answer.near_misses),
        quotes=quotes,
        missing=tuple(name for name in judged.locators if not _shown(name, answer.citations)),
        extra=tuple(
            citation.clause.locator
            for citation in answer.citations
            if not any(names(name, citation) for name in allowed)
        ),
        unquoted=tuple(words for words in judged.quote_contains if _bare(words) not in said),
        pointed=tuple(name for name in judged.also_ok if _shown(name, answer.near_misses)),
        seconds=seconds,
    )


def tallies(verdicts: Sequence[Verdict]) -> tuple[Tally, ...]:
    """The measures of all questions first, then of each category in the order in which they first appear."""
    categories = dict.fromkeys(verdict.judged.category for verdict in verdicts)
    return (
        _tally(ALL, verdicts),
        *(_tally(name, [verdict for verdict in verdicts if verdict.judged.category == name]) for name in categories),
    )


def _tally(category: str, verdicts: Sequence[Verdict]) -> Tally:
    answerable = [verdict for verdict in verdicts if verdict.judged.answered]
    unanswerable = [verdict for verdict in verdicts if not verdict.judged.answered]
    answered = [verdict for verdict in verdicts if verdict.answered]
    quotable = [verdict for verdict in answerable if verdict.judged.quote_contains]
    placed = [verdict for verdict in unanswerable if verdict.judged.also_ok]
    return Tally(
        category=category,
        questions=len(verdicts),
        right=sum(verdict.right for verdict in verdicts),
        answerable=len(answerable),
        answered_rightly=sum(verdict.answered for verdict in answerable),
        unanswerable=len(unanswerable),
        refused_rightly=sum(not verdict.answered for verdict in unanswerable),
        recall=_mean(answerable, lambda verdict: verdict.recall),
        complete=_mean(answerable, lambda verdict: verdict.answered and not verdict.missing),
        precision=_mean(answerable, lambda verdict: verdict.precision),
        citations=_mean(answered, lambda verdict: len(verdict.cited)),
        quote_hit=_mean(quotable, lambda verdict: verdict.answered and not verdict.unquoted),
        near_hit=_mean(placed, lambda verdict: not verdict.answered and bool(verdict.pointed)),
    )


def _mean(verdicts: Sequence[Verdict], measure: Callable[[Verdict], float]) -> float | None:
    return sum(measure(verdict) for verdict in verdicts) / len(verdicts) if verdicts else None


def names(name: str, citation: Citation) -> bool:
    """Whether a judged locator, with or without its document, means this citation."""
    return name in (citation.clause.locator, citation.place, citation.reference)


def _shown(name: str, citations: Iterable[Citation]) -> bool:
    return any(names(name, citation) for citation in citations)


def _bare(text: str) -> str:
    """Without white space: a source breaks lines where the judged words do not."""
    return _BLANK.sub("", text)
