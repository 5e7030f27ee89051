"""What is to be done and to what: the verb of each part of a sentence, and the words that it governs.

Takes a sentence and where its doers and modal words end, gives verb and object of each part between commas, by the
tables ``actions.toml`` and ``verbs.txt``. It reads patterns, not grammar: an object is what 把 and 将 place before the
verb ("把…纳入…"), what stands between 对 and a verb that says only that something is done ("对学生进行检查"), else what
follows the verb; where that is a person who is to do something, it ends with his name ("引导居民|养成…").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ingest import tables
from ingest.errors import TableError
from ingest.records import Span

_PART = re.compile(r"[^，,；;。：:\n]+")
_TRIM = " \u3000。；;，,：:“”\n\t"
_GOES_ON = "的、和及或与（(等以之所特"  # after these a person's name is not over yet
_LIGHT_FOR = re.compile(r"^(?:对于?|就)(?P<object>.{2,}?)$")
_TAIL_ADVERBS = re.compile(r"(?:依法|定期|分别|全面|及时|每年|适当|统一|严格|有针对性地|进行)+$")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Action:
    """A verb, or several that share an object, and what it governs (``None`` where it governs nothing)."""

    verb: Span
    object: Span | None


@dataclass(frozen=True, slots=True)
class _Tables:
    patterns: dict[str, re.Pattern[str]]
    examples: tuple[tuple[str, str], ...]


def actions_in(
    sentence: str, demanded: Sequence[int], doers: Sequence[int] = (), word: Span | None = None
) -> list[Action]:
    """The actions of ``sentence``, in order.

    Args:
        sentence: with what binds nobody (case, exception) replaced by other characters.
        demanded: where modal words end; what stands before them in their part is no action.
        doers: where the names of doers end, likewise.
        word: the modal word; where only a noun follows it, it is the action itself ("倡导现代文明").
    """
    found: list[Action] = []
    waiting: Span | None = None  # "对…，" whose verb stands in the next part
    for part in _PART.finditer(sentence):
        inside = [at for at in (*demanded, *doers) if part.start() < at <= part.end()]
        begin = max(inside, default=part.start())
        action = _action(sentence, begin, part.end(), bare=not inside, ends=begin not in demanded)
        if action is None and word and part.start() <= word.start < part.end():
            action = _governing(sentence, word, part.end())
        if action is None:
            waiting = _awaited(sentence, begin, part.end()) or waiting
            continue
        if waiting and _table("light").fullmatch(sentence, action.verb.start, action.verb.end):
            action = Action(action.verb, waiting)
        waiting = None
        found.append(action)
    return found


def _governing(sentence: str, word: Span, end: int) -> Action | None:
    if not _table("governing").fullmatch(sentence, word.start, word.end):
        return None
    governed = _trimmed(sentence, word.end, end)
    return Action(word, governed) if governed else None


def _awaited(sentence: str, begin: int, end: int) -> Span | None:
    match = _LIGHT_FOR.match(sentence[begin:end])
    return _trimmed(sentence, begin + match.start("object"), end) if match else None


def _action(sentence: str, begin: int, end: int, *, bare: bool, ends: bool = False) -> Action | None:
    """The action between two places.

    ``bare`` says that no doer or modal word stands before it in its part, ``ends`` that no modal word does.
    """
    at = _past(sentence, begin, end, "adverbs")
    if (bare and _table("adjuncts").match(sentence[at:end])) or (ends and _table("tails").search(sentence[at:end])):
        return None
    way = _table("ways").match(sentence, at, end)
    if way and (later := _action(sentence, way.end(), end, bare=False)):
        return later
    if sentence[at : at + 1] in ("把", "将") and (placed := _placed(sentence, at, end)):
        return placed
    if governed := _table("prepositions").match(sentence, at, end):
        return _governed(sentence, at, governed, end)
    verb = _verb(sentence, at, end, heads=True) or _next_verb(sentence, at, end)
    return _with_object(sentence, verb, end) if verb else None


def _placed(sentence: str, at: int, end: int) -> Action | None:
    for match in _table("disposals").finditer(sentence, at + 1 + _SHORTEST, end):
        if sentence[match.end() : match.end() + 1] != "的" and sentence[match.start() - 1] != "的":
            verb = Span(*match.span()) if match.end() - match.start() > 1 else None
            verb = verb or _next_verb(sentence, match.start(), end) or Span(*match.span())
            return Action(verb, _without_tail(sentence, at + 1, match.start()))
    return None


def _governed(sentence: str, at: int, preposition: re.Match[str], end: int) -> Action | None:
    """The action after a preposition and the noun that it governs."""
    start = preposition.end()
    kind = preposition.group()
    if kind.startswith(("对", "就")):
        for light in _table("light").finditer(sentence, start + _SHORTEST, end):
            if sentence[light.end() : light.end() + 1] not in "的、":
                return Action(Span(*light.span()), _without_tail(sentence, start, light.start()))
    if kind == "在":
        closed = re.compile(
            "(?:过程|活动|工作|领域|基础|方面|期间|范围)?(?:中|上|下|内|时|期间|方面|前|后|里)(?![级小学心央国华])"
        )
        last = closed.search(sentence, start + 1, end)
        start = last.end() if last else start
        if last:
            return _action(sentence, start, end, bare=False)
    giving = _table("giving").search(sentence, start + 1, end) if kind == "为" else None
    if giving:
        return _with_object(sentence, Span(*giving.span()), end)
    if kind.startswith("对") and sentence[end : end + 1] in "，,":
        return None  # "对…的地区，" only names whom the next part is about
    verb = _next_verb(sentence, start + 1, end, heads=kind == "由")
    while verb and kind in ("就", "为") and (later := _next_verb(sentence, verb.end, end)):
        verb = later
    return _with_object(sentence, verb, end) if verb else None


def _next_verb(sentence: str, at: int, end: int, *, heads: bool = False) -> Span | None:
    """The first verb behind ``at`` that is no attribute and no part of a title."""
    depth = 0
    for place in range(at, end):
        depth += (sentence[place] in "《“（(") - (sentence[place] in "》”）)")
        if depth > 0 or (place and sentence[place - 1] == "的" and not heads):
            continue
        verb = _verb(sentence, place, end, heads=heads)
        if verb and not _is_attribute(sentence, verb, end):
            return verb
    return None


def _is_attribute(sentence: str, verb: Span, end: int) -> bool:
    after = sentence[verb.end : min(verb.end + 1, end)]
    return after in ("的", "者") and after != ""


def _verb(sentence: str, at: int, end: int, *, heads: bool) -> Span | None:
    """The verb that begins at ``at``, with those that share its object."""
    first = _single(sentence, at, end, heads=heads)
    if first is None:
        return None
    last = first
    while last < end:
        chained = _table("chained").match(sentence, last, end)
        if chained:
            last = chained.end()
            continue
        joined = _table("joiners").match(sentence, last, end)
        following = _single(sentence, joined.end(), end, heads=True) if joined else None
        if following is None:
            break
        last = following
    return Span(at, last)


def _single(sentence: str, at: int, end: int, *, heads: bool) -> int | None:
    """Where the verb that begins at ``at`` ends, the longest there is."""
    for size in range(min(_longest(), end - at), 1, -1):
        if (words := sentence[at : at + size]) in _verbs() or (heads and words in _expected()):
            return at + size
    if heads and (match := _table("heads").match(sentence, at, end)):
        return match.end()
    light = _table("light").match(sentence, at, end)
    return light.end() if light else None


def _with_object(sentence: str, verb: Span, end: int) -> Action:
    start = verb.end
    if sentence[start : start + 1] in ("了", "过", "好"):
        start += 1
    if start >= end or _table("destinations").match(sentence, start, end):
        return Action(verb, None)
    if _table("personal").fullmatch(sentence, verb.start, verb.end) or _is_personal(sentence, verb):
        return Action(verb, _trimmed(sentence, start, _person_end(sentence, start, end)))
    cut = _table("cuts").search(sentence, start + 1, end)
    return Action(verb, _trimmed(sentence, start, cut.start() if cut else end))


def _is_personal(sentence: str, verb: Span) -> bool:
    words = re.split("[、和或及与者]+", sentence[verb.start : verb.end])
    return len(words) > 1 and all(_table("personal").fullmatch(word) for word in words if word)


def _person_end(sentence: str, start: int, end: int) -> int:
    """Where the name of the person who is to do something ends: at the end, or before the verb of what he is to do."""
    for match in _persons().finditer(sentence, start, end):
        after = match.end() + (sentence[match.end() : match.end() + 1] == "等")
        if after >= end:
            return after
        at = _past(sentence, after, end, "adverbs")
        if at > after or _single(sentence, at, end, heads=False) or sentence[at] in "把将对按在根与到结依":
            return after
    return end


def _past(sentence: str, at: int, end: int, name: str) -> int:
    while at < end:
        if sentence[at] in " \u3000“":
            at += 1
            continue
        match = _table(name).match(sentence, at, end)
        if not match or match.end() == at:
            break
        at = match.end()
    return at


def _without_tail(sentence: str, start: int, end: int) -> Span | None:
    tail = _TAIL_ADVERBS.search(sentence[start:end])
    return _trimmed(sentence, start, start + tail.start() if tail else end)


def _trimmed(sentence: str, start: int, end: int) -> Span | None:
    while start < end and sentence[start] in " \u3000，,\n":
        start += 1
    while end > start and sentence[end - 1] in " \u3000，,。；;\n□":
        end -= 1
    return Span(start, end) if end - start >= _SHORTEST and "□" not in sentence[start:end] else None


@cache
def _verbs() -> frozenset[str]:
    return frozenset(word for line in tables.text_lines("verbs.txt") for word in line.split())


@cache
def _expected() -> frozenset[str]:
    return frozenset(word for line in tables.text_lines("verbs_expected.txt") for word in line.split())


@cache
def _persons() -> re.Pattern[str]:
    return re.compile(f"(?:{tables.subject_patterns()['actors'].pattern}|{_table('persons').pattern})")


@cache
def _longest() -> int:
    return max(map(len, _verbs() | _expected()), default=0)


def _table(name: str) -> re.Pattern[str]:
    return action_tables().patterns[name]


@cache
def action_tables() -> _Tables:
    """``actions.toml``, compiled.

    Raises:
        TableError: a list is missing, or a regular expression is wrong.
    """
    table: dict[str, Any] = tables.read_toml("actions.toml")
    names = ("adverbs", "adjuncts", "disposals", "light", "personal", "chained", "joiners", "cuts", "destinations",
             "ways", "prepositions", "heads", "governing", "tails", "giving",
             "persons")  # fmt: skip
    if missing := [name for name in (*names, "examples") if name not in table]:
        raise TableError(f"词表 actions.toml 缺少 {'、'.join(missing)}。")
    patterns = {
        name: tables.compile_pattern("|".join(f"(?:{r})" for r in table[name]), "actions.toml") for name in names
    }
    return _Tables(patterns, tuple((sentence, expected) for sentence, expected in table["examples"]))
