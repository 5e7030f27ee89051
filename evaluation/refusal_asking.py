"""Groups of questions for the refusal measurement, each asked of the product once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.answers import documents_of
from evaluation.beir import BeirFolder
from evaluation.judged import JudgedQuestion
from evaluation.ranking import fill, open_searcher
from evaluation.refusal import ANSWERABLE, Group, Kind
from index.lookup_reading import bare_title
from ingest.errors import BadQuery
from ingest.home import Home
from ingest.progress import Progress, track

if TYPE_CHECKING:
    from index.encoder import Encoder
    from qa.engine import Engine

# Unanswerable categories of the judged sets that are of another field; the others are near the texts, and unstated.
FAR_CATEGORIES = frozenset({"unanswerable_far", "nonsense"})
# A question of these names no law, so that it can be asked without its law.
OF_A_LAW = frozenset({"fact", "case", "topic", "english"})
_TITLE = re.compile(r"《(.+?)》")

Scored = tuple[float, tuple[float, ...]]  # the answerability of a question, and its features


@dataclass(frozen=True, slots=True)
class FarQuestion:
    """A question of another field, and the titles of the documents that answer it (none where they are unknown)."""

    text: str
    titles: frozenset[str] = frozenset()


def weighed_question(engine: Engine, question: str, doc_ids: Sequence[str] = ()) -> Scored:
    """The number on which the product decides to answer; 1 or 0 where it does not search, or cannot."""
    try:
        weighed = engine.evidence(question, doc_ids=doc_ids)
    except BadQuery:
        return 0.0, ()
    if weighed is None:
        return float(engine.ask(question, doc_ids=doc_ids).answered), ()
    return weighed.answerable, weighed.features


def sampled(queries: Mapping[str, str], size: int) -> dict[str, str]:
    """At most ``size`` queries, the same ones on every machine: those whose ids have the smallest hashes."""
    chosen = sorted(queries, key=lambda query_id: hashlib.sha256(query_id.encode()).digest())[:size]
    return {query_id: queries[query_id] for query_id in chosen}


def far_questions(folder: BeirFolder, sample: int) -> list[FarQuestion]:
    """A sample of a folder's questions, to be asked of other bases."""
    return [
        FarQuestion(text, frozenset(map(bare_title, _titles(folder, query_id))))
        for query_id, text in sampled(folder.judged_queries, sample).items()
    ]


def measure_folders(
    folders: Mapping[str, BeirFolder],
    everyday: Sequence[JudgedQuestion],
    *,
    sample: int,
    homes: Path,
    encoder: Encoder,
    progress: Progress,
) -> list[Group]:
    """Each folder's own questions, the other folders' questions, daily life, and its questions without their law."""
    from qa.engine import Engine

    asked = {name: sampled(folder.judged_queries, sample) for name, folder in folders.items()}
    groups = []
    for name, folder in folders.items():
        home = Home((homes / name).resolve())
        fill(home, folder.corpus)
        engine = Engine(home, open_searcher(home, encoder, progress))
        others = [text for other, queries in asked.items() if other != name for text in queries.values()]
        parts: dict[Kind, list[Scored]] = {
            ANSWERABLE: _scores(engine, asked[name].values(), progress, f"{name}：自己的问题"),
            "law_missing": _without_law(engine, folder, asked[name], progress, f"{name}：拿掉所问的法"),
            "out_of_domain": _scores(engine, others, progress, f"{name}：别的领域"),
            "everyday": _scores(engine, (each.question for each in everyday), progress, f"{name}：日常问题"),
        }
        groups += _groups(name, parts)
    return groups


def measure_judged(
    engine: Engine,
    name: str,
    judged: Sequence[JudgedQuestion],
    everyday: Sequence[JudgedQuestion],
    others: Iterable[FarQuestion],
    progress: Progress,
) -> list[Group]:
    """Judged questions on the texts they were judged for, and questions of other fields and of daily life.

    Where the texts are several, each question is asked once more without the texts that may answer it.

    Raises:
        InputError: a document that the questions were judged on is not in the knowledge base.
    """
    held = documents_of(judged[0], engine) if judged else []
    titles = {d.doc_id: bare_title(d.title) for d in engine.documents() if not held or d.doc_id in held}
    far = [each.text for each in others if not each.titles & set(titles.values())]
    found: dict[Kind, list[Scored]] = {
        ANSWERABLE: [],
        "law_missing": [],
        "out_of_domain": _scores(engine, far, progress, f"{name}：别的领域", held),
        "unstated": [],
        "everyday": _scores(engine, (each.question for each in everyday), progress, f"{name}：日常问题", held),
    }
    for each in track(judged, progress, f"{name}：评判过的问题", "题"):
        other: Kind = "out_of_domain" if each.category in FAR_CATEGORIES else "unstated"
        found[ANSWERABLE if each.answered else other].append(weighed_question(engine, each.question, held))
        left = _left_without(each, titles)
        if left:
            found["law_missing"].append(weighed_question(engine, each.question, left))
    return _groups(name, found)


def _left_without(judged: JudgedQuestion, titles: Mapping[str, str]) -> list[str]:
    """The documents without those that may answer; none where the question is not to be asked so."""
    named = {bare_title(title) for place in (*judged.locators, *judged.also_ok) for title in _TITLE.findall(place)}
    if not judged.answered or judged.category not in OF_A_LAW or not named:
        return []
    return [doc_id for doc_id, title in titles.items() if title not in named]


def _groups(base: str, parts: Mapping[Kind, Sequence[Scored]]) -> list[Group]:
    return [
        Group(base, kind, tuple(score for score, _ in scored), tuple(row for _, row in scored))
        for kind, scored in parts.items()
        if scored
    ]


def _scores(
    engine: Engine, texts: Iterable[str], progress: Progress, label: str, doc_ids: Sequence[str] = ()
) -> list[Scored]:
    return [weighed_question(engine, text, doc_ids) for text in track(list(texts), progress, label, "题")]


def _without_law(
    engine: Engine, folder: BeirFolder, queries: Mapping[str, str], progress: Progress, label: str
) -> list[Scored]:
    """Each question with the documents of its judged passages taken out; none where the corpus has no titles."""
    if not any(passage.title for passage in folder.corpus):
        return []
    documents = engine.documents()
    scores = []
    for query_id, text in track(list(queries.items()), progress, label, "题"):
        laws = _titles(folder, query_id)
        left = tuple(document.doc_id for document in documents if document.title not in laws)
        scores.append(weighed_question(engine, text, left))
    return scores


def _titles(folder: BeirFolder, query_id: str) -> set[str]:
    """The titles of the passages that answer a query."""
    wanted = {passage_id for passage_id, grade in folder.qrels[query_id].items() if grade > 0}
    return {passage.title for passage in folder.corpus if passage.passage_id in wanted and passage.title}
