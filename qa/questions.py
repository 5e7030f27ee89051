"""How a question is read: its language, whom it asks about, what it expects, whether it wants a list.

Takes the question's words and the tables ``corpus/tables/{questions,audiences}.toml``; searches nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

from ingest import tables
from ingest.errors import BadQuery, TableError
from ingest.records import Modality

MAX_QUESTION = 2_000  # characters; longer text is a document to check, not a question
SHORT = 100  # characters of a text whose folded form is remembered: a title, a sentence
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[\u3400-\u9fffA-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a question expects to be told, and how a sentence shows that it tells it."""

    kind: str
    asks: re.Pattern[str]
    shows: re.Pattern[str]
    missing_zh: str
    missing_en: str


@dataclass(frozen=True, slots=True)
class QuestionTables:
    """``questions.toml``, compiled."""

    expectations: tuple[Expectation, ...]
    lists: re.Pattern[str]
    soft_lists: re.Pattern[str]
    complete: re.Pattern[str]
    releases: re.Pattern[str]
    stated: re.Pattern[str]
    stated_english: tuple[tuple[str, re.Pattern[str]], ...]  # the Chinese word, and English ones
    things: tuple[str, ...]
    no_things: re.Pattern[str]
    duties: tuple[str, ...]  # regexes with {audience}
    facts: tuple[tuple[str, re.Pattern[str]], ...]
    list_words: frozenset[str]
    list_nouns: tuple[str, ...]
    text_words: tuple[str, ...]
    topics: re.Pattern[str]
    topic_words: frozenset[str]
    modalities: tuple[tuple[Modality, re.Pattern[str]], ...]
    breach_asked: re.Pattern[str]
    breach_said: re.Pattern[str]
    definitions: re.Pattern[str]
    units: tuple[tuple[str, ...], ...]  # names of one unit
    defining: tuple[str, ...]  # regexes of a defining sentence, with {term}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    ``audiences`` are the keys it names, in the table's order; ``audience_words`` the words that named them.
    ``modality`` narrows a list ("禁止做什么"); ``expectations`` say what an answer must state, ``stated`` are the
    periods that it must repeat ("每周"), ``things`` what its clause must name ("补贴").
    ``asks_duty`` says that the audience is the doer ("学校要成立办公室吗").
    ``list_part`` is the part that asks for a list, ``wants_all`` says that completeness is asked for in so many
    words, ``soft_list`` that a list may be meant ("怎么做").
    ``fact`` names the fact of a document that is asked for ("issuer").
    """

    text: str
    searched: str  # the text without control characters
    folded: str
    english: bool
    audiences: tuple[str, ...]
    audience_words: tuple[str, ...]
    wants_list: bool
    list_part: str
    wants_all: bool
    soft_list: bool
    wants_topic: bool
    modality: Modality | None
    expectations: tuple[Expectation, ...]
    stated: tuple[str, ...]
    things: tuple[str, ...]
    asks_meaning: bool
    asks_duty: bool
    fact: str | None

    @property
    def asks_penalty(self) -> bool:
        """Whether what follows a breach is asked for."""
        return any(expectation.kind in ("penalty", "consequence") for expectation in self.expectations)

    @property
    def demands(self) -> bool:
        """Whether an answering sentence must say something particular."""
        return bool(self.expectations or self.stated)


def fold(text: str) -> str:
    """``text`` with full-width forms, case and runs of blanks folded (NFKC), for matching only."""
    return _remembered(text) if len(text) <= SHORT else _folded(text)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().lower()


# Every question is held against every document's title: a fifth of the time of an answer in a large collection.
_remembered = lru_cache(maxsize=16_384)(_folded)


def language_of(text: str) -> str:
    """The language to answer in: "en" for words without a Chinese character, else "zh"."""
    return "en" if re.search(r"[A-Za-z]{2}", text) and not _CJK.search(text) else "zh"


def read_question(text: str, *, longest: int = MAX_QUESTION) -> Question:
    """``text`` understood; a case may be longer than a question.

    Raises:
        BadQuery: nothing in it can be searched (empty, punctuation, control characters), or it is too long.
    """
    if len(text) > longest:
        raise BadQuery(f"问题有 {len(text)} 个字，最多 {longest} 个字。请缩短，或把材料拆成几个问题。")
    searched = _simplified("".join(c for c in text if unicodedata.category(c)[0] != "C" or c.isspace()).strip())
    folded = fold(searched)
    if not _WORD.search(folded):
        raise BadQuery("没有读到可以查询的文字。请输入一个问题，例如“学校必须做什么”。")
    known = question_tables()
    english = not _CJK.search(folded)
    released = known.releases.search(folded)
    hard = known.lists.search(folded) and not released
    soft = known.soft_lists.search(folded) and not released and not hard
    listed = bool(hard or soft)
    named = audiences_named(folded, english=english)
    words = tuple(word for found in named.values() for word in found)
    return Question(
        text=text,
        searched=searched,
        folded=folded,
        english=english,
        audiences=tuple(named),
        audience_words=words,
        wants_list=listed,
        list_part=_list_part(folded, known),
        wants_all=bool(known.complete.search(folded)),
        soft_list=bool(soft),
        wants_topic=bool(known.topics.search(folded)),
        modality=next((m for m, pattern in known.modalities if pattern.search(folded)), None),
        expectations=() if listed else tuple(e for e in known.expectations if e.asks.search(folded)),
        stated=() if listed else _stated(folded, known),
        things=_things(folded, known),
        asks_meaning=bool(known.definitions.search(folded)),
        asks_duty=_asks_duty(folded, words, known),
        fact=next((name for name, pattern in known.facts if pattern.search(folded)), None),
    )


def _things(folded: str, known: QuestionTables) -> tuple[str, ...]:
    """The things that a question names, those within other words aside ("主任" in "班主任")."""
    bare = known.no_things.sub("、", folded)
    return tuple(thing for thing in known.things if thing in bare)


def _stated(folded: str, known: QuestionTables) -> tuple[str, ...]:
    """The periods of a question, in Chinese."""
    english = (period for period, words in known.stated_english if words.search(folded))
    return (*known.stated.findall(folded), *english)


def _simplified(text: str) -> str:
    """``text`` in simplified characters; the texts on hand are."""
    return str(_converter().convert(text)) if _CJK.search(text) else text


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _list_part(folded: str, known: QuestionTables) -> str:
    """The parts between commas that ask for the list; what stands before and after is talk."""
    parts = re.split(r"[，,。；;？?！!]", folded)
    return "，".join(p for p in parts if known.lists.search(p) or known.soft_lists.search(p)) or folded


def _asks_duty(folded: str, words: tuple[str, ...], known: QuestionTables) -> bool:
    if not words:
        return False
    names = "|".join(map(re.escape, words))
    return any(re.search(shape.replace("{audience}", names), folded) for shape in known.duties)


def audiences_named(folded: str, *, english: bool) -> dict[str, list[str]]:
    """Audience keys with the words that named them; a longer word wins over one inside it."""
    spellings = sorted(
        (
            (fold(word), audience.key)
            for audience in tables.audiences().values()
            for word in (audience.english if english else (*audience.words, *audience.people))
        ),
        key=lambda pair: -len(pair[0]),
    )
    taken = [False] * len(folded)
    named: dict[str, list[str]] = {}
    for word, key in spellings:
        pattern = rf"(?<![a-z]){re.escape(word)}(?![a-z])" if english else re.escape(word)
        for match in re.finditer(pattern, folded):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                named.setdefault(key, []).append(match.group())
    return {key: named[key] for key in tables.audiences() if key in named}


@cache
def question_tables() -> QuestionTables:
    """``questions.toml``, read once.

    Raises:
        TableError: a field is missing, or a regular expression is wrong.
    """
    table = tables.read_toml("questions.toml")
    try:
        return _tables_from(table)
    except KeyError as error:
        raise TableError(f"词表 questions.toml 缺少字段 {error}。") from error


def _tables_from(table: dict[str, Any]) -> QuestionTables:
    return QuestionTables(
        expectations=tuple(
            Expectation(row["kind"], _any(row["asks"]), _any(row["shows"]), row["missing"][0], row["missing"][1])
            for row in table["expects"]
        ),
        lists=_any(table["lists"]["asks"]),
        soft_lists=_any(table["lists"]["soft"]),
        complete=_any(table["lists"]["complete"]),
        releases=_any(table["lists"]["releases"]),
        stated=_any(table["stated"]["words"]),
        stated_english=tuple((period, _any([words])) for period, words in table["stated"]["english"].items()),
        things=tuple(table["stated"]["things"].split()),
        no_things=_any(table["stated"]["no_things"].split()),
        duties=tuple(table["duties"]["asks"]),
        facts=tuple((name, _any(asks)) for name, asks in table["facts"].items()),
        list_words=frozenset(table["lists"]["words"].split()),
        list_nouns=tuple(table["lists"]["nouns"].split()),
        text_words=tuple(table["lists"]["texts"].split()),
        topics=_any(table["topics"]["asks"]),
        topic_words=frozenset(table["topics"]["words"].split()),
        modalities=tuple((cast(Modality, row["modality"]), _any(row["asks"])) for row in table["modality"]),
        breach_asked=_any(table["breaches"]["asks"]),
        breach_said=_any(table["breaches"]["says"]),
        definitions=_any(table["definitions"]["asks"]),
        units=tuple(tuple(row.split()) for row in table["units"]["same"]),
        defining=tuple(table["definitions"]["shows"]),
    )


def _any(regexes: list[str]) -> re.Pattern[str]:
    return tables.compile_pattern("|".join(f"(?:{regex})" for regex in regexes), "questions.toml")
