"""How a case is read: whether a question tells one, its facts, and the official words for what happens in it.

Takes a question and the table ``corpus/tables/cases.toml``; gives a ``Case``. Searches nothing (see ``applying.py``).
A case is told in sentences ("房东听说我们是少数民族就不肯租房了。这样可以吗？"); an ordinary question asks.
What is told is cut into facts, each with the matters (拒租, 歧视) that the table recognises in it, and the parties that
take part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ingest import tables
from ingest.errors import TableError
from qa.cases_english import english_cases, told_in_english
from qa.questions import MAX_QUESTION, fold, question_tables

MAX_CASE = 20_000  # characters; more is a file to check, not a case to judge
TABLE = "cases.toml"
_STOPS = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]?")
_COMMAS = re.compile(r"[，,：:。！？!?；;\s]+")
_CJK = re.compile(r"[\u3400-\u9fff]")
_LONG_FACT = 60  # characters; a longer sentence is cut at its commas
_LONGEST_FACT = 160  # characters; words without any stop are cut here
_LONGEST_ENGLISH = 400  # characters of an English fact
_SHORT_PART = 10  # characters; a shorter part goes with its neighbour


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that happens: how people tell it, and the words that official texts use (regexes, each by itself)."""

    spoken: re.Pattern[str]
    official: tuple[re.Pattern[str], ...]
    words: tuple[str, ...]  # the official words as plain text, to search with


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody or something that takes part, in spoken and in official words."""

    key: str
    spoken: re.Pattern[str]
    official: re.Pattern[str]
    specific: bool  # a clause about this party is about nobody else


@dataclass(frozen=True, slots=True)
class Need:
    """A condition of a clause, and what in a case meets it."""

    condition: re.Pattern[str]
    met_by: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class CaseTables:
    """``cases.toml``, compiled."""

    asking: re.Pattern[str]
    telling: re.Pattern[str]
    requests: re.Pattern[str]
    breach: re.Pattern[str]
    shortest_breach: int
    shortest: int
    parts: int
    parts_of_one: int
    most_facts: int
    parties: tuple[Party, ...]
    matters: tuple[Matter, ...]
    disputes: tuple[str, ...]
    penalty: re.Pattern[str]
    continues: re.Pattern[str]
    needs: tuple[Need, ...]
    needs_shown: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its words as told, and the matters in it."""

    text: str
    matters: tuple[Matter, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A case as understood.

    ``told`` is what is told without the asking part, folded; ``facts`` are its pieces in order, ``left_out`` the
    number of further pieces of a long text that say less; ``disputes`` are the words that name the matter of a
    dispute ("退货").
    """

    told: str
    facts: tuple[Fact, ...]
    left_out: int
    parties: tuple[Party, ...]
    disputes: tuple[str, ...]

    @property
    def matters(self) -> tuple[Matter, ...]:
        """The matters of all facts, each once."""
        return tuple({id(matter): matter for fact in self.facts for matter in fact.matters}.values())


def tells_case(text: str) -> bool:
    """Whether ``text`` tells a case: enough of it is told and not asked, and something happens in it."""
    if len(text) > MAX_CASE:
        return False
    known = case_tables()
    folded = fold(text)
    if not _CJK.search(folded):
        return bool(told_in_english(text))
    if known.requests.search(folded):
        return False
    told = "".join(_told_sentences(text, known))
    parts = [part for part in _COMMAS.split(told) if len(part) > 1]
    sentences = [sentence for sentence in _STOPS.findall(text) if _bare(sentence)]
    if known.breach.search(folded):
        return len(_bare(told)) >= known.shortest_breach
    whole = len(sentences) > 1 or (text.rstrip()[-1:] in "。.！!" and _bare(told) == _bare(text))
    fewest = known.parts if whole else known.parts_of_one
    enough = len(_bare(told)) >= known.shortest and len(parts) >= fewest
    return enough and bool(known.telling.search(fold(told)))


def asks_several(folded: str) -> bool:
    """Whether more than one part between stops or commas asks; no single clause need answer them all."""
    parts = [part for part in _COMMAS.split(folded) if len(part) > 2]
    signs = (case_tables().asking, *(expectation.asks for expectation in question_tables().expectations))
    asking = [part for part in parts if part.endswith("呢") or any(sign.search(part) for sign in signs)]
    return len(asking) > 1


def longest_allowed(text: str) -> int:
    """How many characters may be asked: more for a case than for a question."""
    return MAX_CASE if len(text) > MAX_CASE or tells_case(text) else MAX_QUESTION


def read_case(text: str) -> Case | None:
    """The case that ``text`` tells, ``None`` where it tells none."""
    if not tells_case(text):
        return None
    folded = fold(text)
    if not _CJK.search(folded):
        known, told = _english_tables(), told_in_english(text)
        facts = [_fact(sentence[at : at + _LONGEST_ENGLISH], known) for sentence in told for at in _starts(sentence)]
        return _case_of(facts, folded, known)
    known = case_tables()
    facts = [_fact(piece, known) for sentence in _told_sentences(text, known) for piece in _pieces(sentence)]
    return _case_of(facts, folded, known)


def _case_of(facts: list[Fact], folded: str, known: CaseTables) -> Case:
    chosen = _most_telling(facts, known.most_facts)
    joiner = "" if _CJK.search(folded) else " "
    return Case(
        told=fold(joiner.join(fact.text for fact in chosen)),
        facts=tuple(chosen),
        left_out=len(facts) - len(chosen),
        parties=tuple(party for party in known.parties if party.spoken.search(folded)),
        disputes=tuple(word for word in known.disputes if word in folded),
    )


def _starts(sentence: str) -> range:
    return range(0, len(sentence), _LONGEST_ENGLISH)


def _told_sentences(text: str, known: CaseTables) -> list[str]:
    """The sentences that tell; of one that tells and asks, the parts before the asking one."""
    told = []
    for sentence in filter(str.strip, _STOPS.findall(text)):
        if not known.asking.search(fold(sentence)):
            told.append(sentence)
            continue
        parts = re.findall(r"[^，,]*[，,]?", sentence)
        first = next((n for n, part in enumerate(parts) if known.asking.search(fold(part))), len(parts))
        before = _before_breach(parts[first], known) if first < len(parts) else ""
        told += ["".join((*parts[:first], before)).rstrip("，, ")] if first or before else []
    return [sentence for sentence in told if _bare(sentence)]


def _before_breach(part: str, known: CaseTables) -> str:
    """What is told in "店里不接待外地人违反哪一条" before the asking words; "这" and the like tell nothing."""
    breach = known.breach.search(part)
    before = part[: breach.start()] if breach else ""
    return before if len(_bare(before)) >= known.shortest_breach else ""


def _pieces(sentence: str) -> list[str]:
    """A sentence, or the parts of a long one, short ones put to their neighbours."""
    if len(sentence) <= _LONG_FACT:
        return [sentence.strip()]
    pieces: list[str] = []
    for part in re.findall(r"[^，,]+[，,]?", sentence):
        if pieces and (len(pieces[-1]) < _SHORT_PART or len(pieces[-1]) + len(part) <= _LONG_FACT // 2):
            pieces[-1] += part
        else:
            pieces.append(part)
    cut = [piece[at : at + _LONGEST_FACT] for piece in pieces for at in range(0, len(piece), _LONGEST_FACT)]
    return [piece.strip() for piece in cut if _bare(piece)]


def _fact(piece: str, known: CaseTables) -> Fact:
    folded = fold(piece)
    return Fact(piece, tuple(matter for matter in known.matters if matter.spoken.search(folded)))


def _most_telling(facts: Sequence[Fact], most: int) -> list[Fact]:
    """Of a long text the facts with most matters, in the order of the text; talk beside them is left out."""
    if len(facts) <= most:
        return list(facts)
    telling = [n for n, fact in enumerate(facts) if fact.matters] or list(range(len(facts)))
    seen: set[int] = set()
    new: list[int] = []
    more: list[int] = []
    for n in sorted(telling, key=lambda n: (-len(facts[n].matters), n)):
        matters = {id(matter) for matter in facts[n].matters}
        (more if matters <= seen else new).append(n)  # what was told before comes last
        seen |= matters
    return [facts[n] for n in sorted((new + more)[:most])]


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


@cache
def case_tables() -> CaseTables:
    """``cases.toml``, read once.

    Raises:
        TableError: a field is missing, or a regular expression is wrong.
    """
    table = tables.read_toml(TABLE)
    try:
        return _tables_from(table)
    except (KeyError, ValueError) as error:
        raise TableError(f"词表 {TABLE} 的字段不全或写错了：{error}。") from error


@cache
def _english_tables() -> CaseTables:
    """``cases.toml`` with the parties and matters in English words."""
    known, english = case_tables(), english_cases()
    if unknown := set(english.parties) - {party.key for party in known.parties}:
        raise TableError(f"词表 cases_en.toml 的 [parties]：不认识的当事方 {'、'.join(sorted(unknown))}。")
    return replace(
        known,
        parties=tuple(replace(p, spoken=english.parties[p.key]) for p in known.parties if p.key in english.parties),
        matters=tuple(_matter(told, official.split()) for told, official in english.matters),
        disputes=(),
    )


def _tables_from(table: dict[str, Any]) -> CaseTables:
    signs, specific = table["signs"], set(table["parties"]["specific"])
    return CaseTables(
        asking=_compiled(signs["asking"]),
        telling=_compiled(signs["telling"]),
        requests=_compiled(signs["requests"]),
        breach=_compiled(signs["breach"]),
        shortest_breach=int(signs["shortest_breach"]),
        shortest=int(signs["shortest"]),
        parts=int(signs["parts"]),
        parts_of_one=int(signs["parts_of_one"]),
        most_facts=int(signs["most_facts"]),
        parties=tuple(
            Party(key, _compiled(spoken), _compiled(official), key in specific)
            for key, spoken, official in table["parties"]["rows"]
        ),
        matters=tuple(_matter(spoken, official.split()) for spoken, official in table["matters"]["rows"]),
        disputes=tuple(dict.fromkeys(table["disputes"]["words"].split())),
        penalty=_compiled(table["effects"]["penalty"]),
        continues=_compiled(table["effects"]["continues"]),
        needs=tuple(
            Need(_compiled(condition), _compiled(met) if met else None) for condition, met in table["needs"]["rows"]
        ),
        needs_shown=int(table["needs"]["shown"]),
    )


def _matter(spoken: str, official: Iterable[str]) -> Matter:
    words = tuple(official)
    plain = tuple(re.sub(r"\.\{\d+,\d+\}|[?()]", " ", word).strip() for word in words)
    return Matter(_compiled(spoken), tuple(map(_compiled, words)), plain)


def _compiled(regex: str) -> re.Pattern[str]:
    return tables.compile_pattern(regex, TABLE)
