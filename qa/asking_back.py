"""What cannot be answered as it stands and is asked back: a refusal that says what is missing and what to type.

Every question stands alone here, nothing of an earlier one is kept. "那学生呢" or "上一条的处罚是什么" would be
answered at random; so would a greeting, a question on the program, a bare number of a clause where there are many
documents, the bare name of a document, and a question that names no matter ("可以拒绝吗"). The patterns are data
(``corpus/tables/asking_back.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest import tables
from ingest.errors import TableError
from ingest.records import Document
from ingest.references import title_key
from qa.questions import Question, fold
from qa.records import Answer
from qa.terms import Term
from qa.wording import Wording

TABLE = "asking_back.toml"
KINDS = ("back_greeting", "back_product", "back_writing", "back_follow_up", "back_matter", "back_comparing")
NAMED = 3  # documents named in the sentence
_AND = re.compile(r"(?:(?<!共)和|[与及、,，;；\s])+")  # not that of 共和国
_COUNT = re.compile(r"(?:一共|总共|共)?有?(?:多少|几)[条章节]$")  # of the document: the outline shows it
_END = re.compile(r"[\s?？!！。.,，、~…]+$")


@dataclass(frozen=True, slots=True)
class AskingBack:
    """``asking_back.toml``, compiled."""

    kinds: tuple[tuple[str, re.Pattern[str]], ...]
    place: re.Pattern[str]
    bare: frozenset[str]


def ask_back(question: Question, documents: Sequence[Document], wording: Wording) -> Answer | None:
    """The refusal of a text that needs more words, ``None`` for any other. ``documents`` are those asked."""
    known, text = asking_back(), _END.sub("", question.folded)
    kind = next((key for key, pattern in known.kinds if pattern.fullmatch(text)), None)
    if kind is not None:
        return _refused(question, wording.say(kind, words=_END.sub("", question.text.strip())))
    titles = [document.title for document in _named(text, documents)]
    if titles:
        names = {"documents": wording.joined(f"《{title}》" for title in titles), "first": titles[0]}
        return _refused(question, wording.say("back_title", **names))
    if len(documents) > 1 and known.place.fullmatch(text):
        return _refused(question, wording.say("back_place", words=text, document=documents[0].title))
    return None


def ask_matter(question: Question, terms: Sequence[Term], wording: Wording) -> Answer | None:
    """The refusal of a question that nothing is left of but words that name no matter."""
    if question.english:
        return None
    if not terms and len(question.folded) < 2:
        return _refused(question, wording.say("refused_unreadable"))
    left = [term for term in terms if term.word not in asking_back().bare and term.word not in question.audience_words]
    asks = bool(terms) and not question.wants_topic and not question.wants_list
    return _refused(question, wording.say("back_matter", words=question.folded)) if asks and not left else None


def _named(text: str, documents: Sequence[Document]) -> list[Document]:
    """The documents where the text is their names and nothing else."""
    parts = [title_key(part.strip("《》")) for part in _AND.split(_COUNT.sub("", text)) if part]
    found = {fold(title_key(document.title)): document for document in documents}
    keys = [fold(part) for part in parts]
    return [found[key] for key in keys][:NAMED] if keys and all(key in found for key in keys) else []


def _refused(question: Question, reason: str) -> Answer:
    return Answer(question.text, False, reason, reason, "refused")


@cache
def asking_back() -> AskingBack:
    """``asking_back.toml``, read once.

    Raises:
        TableError: a field is missing, or a regular expression is wrong.
    """
    table = tables.read_toml(TABLE)
    try:
        return _table_from(table)
    except KeyError as error:
        raise TableError(f"词表 {TABLE} 缺少字段 {error}。") from error


def _table_from(table: dict[str, Any]) -> AskingBack:
    odd = [row["key"] for row in table["kind"] if row["key"] not in KINDS]
    if odd:
        raise TableError(f"词表 {TABLE} 里有不认识的 key：{'、'.join(odd)}。只用 {'、'.join(KINDS)}。")
    return AskingBack(
        kinds=tuple(
            (row["key"], tables.compile_pattern("|".join(f"(?:{regex})" for regex in row["asks"]), TABLE))
            for row in table["kind"]
        ),
        place=tables.compile_pattern(table["place"]["asks"], TABLE),
        bare=frozenset(table["bare"]["words"].split()),
    )
