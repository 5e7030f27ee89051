"""An English question that names a clause, in the Chinese words that look-up reads.

"What does Article 12(2) of the Education Law say?" is 《教育法》第12条第2款. Takes the question and the table
``corpus/tables/law_names_en.tsv``; what stands in the base is left to ``lookup.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index import lookup_words
from index.glosses import stem
from ingest import tables
from ingest.errors import TableError
from ingest.numerals import roman_value

TABLE = "law_names_en.tsv"
# Each unit in the words that may be meant, the likeliest first: a section is 节 in a law, 一、 in a plan.
_UNITS = {
    "article": ("条",), "art": ("条",), "articles": ("条",), "arts": ("条",), "clause": ("条",), "chapter": ("章",),
    "section": ("节", "部分"), "part": ("编", "部分"), "paragraph": ("款",), "para": ("款",), "subparagraph": ("项",),
    "item": ("项",), "point": ("项",), "subitem": ("目",),
}  # fmt: skip
_ORDER = "编部分章节条款项目"
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_SPELLED = "|".join(sorted({*_ONES, *_TENS, *_ORDINALS, "hundred", "thousand"}, key=len, reverse=True))
_WORD_NUMBER = rf"(?:{_SPELLED})(?:th|ieth)?(?:[\s-]+(?:and[\s-]+)?(?:{_SPELLED})(?:th|ieth)?)*\b"
_NUMBER = rf"(?:\d{{1,4}}(?:st|nd|rd|th)?\b|{_WORD_NUMBER}|[ivx]+\b)"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PLACE = re.compile(
    rf"\b(?P<unit>{_UNIT})\b\.?\s*(?:no\.?\s*|number\s+)?\(?(?P<number>{_NUMBER})\)?(?:\s*-\s*(?P<suffix>\d{{1,2}})\b)?"
    rf"(?:\s*\((?P<inner>\d{{1,2}})\))?(?P<more>(?:(?:\s*,\s*|\s+and\s+|\s*&\s*){_NUMBER}(?![\s-]*(?:{_UNIT})\b))*)"
    rf"|\bthe\s+(?P<ordinal>{_NUMBER})\s+(?P<after>{_UNIT})\b"
)
_WORD = re.compile(r"[a-z0-9]+")
_OF = re.compile(r"\b(?:of|in|under|by|from) +(?:the +)?")
_LONGEST_NAME = 14  # words
_KIND = {"act": "law", "regulation": "regulation", "rule": "regulation", "code": "code", "constitution": "constitution"}
_STATE = re.compile(r"\b(?:the )?(?:people'?s republic of china|prc|china'?s|chinese(?= [a-z ]*law\b))")


@dataclass(frozen=True, slots=True)
class EnglishReference:
    """A named clause in Chinese words, in each way that may be meant; ``unknown`` is a name that no row explains."""

    queries: tuple[str, ...]
    unknown: str = ""


def english_reference(query: str) -> EnglishReference | None:
    """The clause that an English question names, ``None`` where it names none or asks about a subject."""
    text = query.replace("’", "'")
    lowered = text.lower()
    places = list(_PLACE.finditer(lowered))
    if not places:
        return None
    rest = _PLACE.sub(" , ", _STATE.sub(" ", lowered))
    words = [word for word in _bare(rest).split() if word not in lookup_words.english_talk()]
    steps = _steps(places)
    if steps is None:
        return None
    if not words:
        return EnglishReference(steps)
    title = law_names().get(_name_key(words))
    if title is not None:
        return EnglishReference(tuple(f"《{title}》{step}" for step in steps))
    named = _title_written(text, words)
    return EnglishReference((), named) if named else None


def english_told(query: str) -> tuple[str, ...]:
    """The clause of a known law that an English question asks something about, in each way that may be meant.

    The law's name must begin where "of the" or the like ends, so that a longer name is not taken for one within it.
    """
    lowered = _STATE.sub(" ", query.replace("’", "'").lower())
    places = list(_PLACE.finditer(lowered))
    steps = _steps(places) if places else None
    titles = {title for match in _OF.finditer(lowered) if (title := _title_at(lowered[match.end() :]))}
    if steps is None or len(titles) != 1:
        return ()
    return tuple(f"《{title}》{step}" for title in titles for step in steps)


def _title_at(text: str) -> str:
    """The law whose English name begins ``text``, "" where there is none; the longest name counts."""
    words = _bare(text).split()
    names = (law_names().get(_name_key(words[:size])) for size in range(min(len(words), _LONGEST_NAME), 1, -1))
    return next((title for title in names if title), "")


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.replace("'s ", "s ").replace("'", "")))


def _steps(places: list[re.Match[str]]) -> tuple[str, ...] | None:
    """The places as Chinese steps, the outermost first, in each way that may be meant; ``None`` for odd numbers."""
    found: list[tuple[tuple[str, ...], list[str]]] = []
    for match in places:
        numbers = [match["number"] or match["ordinal"], *re.findall(_NUMBER, match["more"] or "")]
        read = [_number(number) for number in numbers]
        if not all(read):
            return None
        suffix = f"之{match['suffix']}" if match["suffix"] else ""
        found.append((_UNITS[match["unit"] or match["after"]], [f"{n}{{unit}}{suffix}" for n in read]))
        if match["inner"]:
            found.append((("款", "项"), [f"{match['inner']}{{unit}}"]))
    found.sort(key=lambda step: _ORDER.index(step[0][0]))
    ways = [""]
    for units, numbers in found:
        steps = ["和".join("第" + number.replace("{unit}", unit) for number in numbers) for unit in units]
        ways = [way + step for way in ways for step in steps]
    return tuple(ways)


def _number(text: str) -> int:
    """A number in figures, in words, ordinal or Roman; 0 for none of these."""
    figures = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", text)
    if figures:
        return int(figures.group(1))
    total = 0
    for word in re.findall(r"[a-z]+", text):
        value = _word_value(word)
        if word == "and":
            continue
        if value is None:
            return roman_value(text.upper())
        total = total * value if value >= 100 and total else total + value
    return total


def _word_value(word: str) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS[word]
    word = word.removesuffix("ieth") + "y" if word.endswith("ieth") else word.removesuffix("th")
    if word in _ONES:
        return _ONES.index(word)
    if word in _TENS:
        return 10 * (_TENS.index(word) + 2)
    return {"hundred": 100, "thousand": 1000}.get(word)


def _name_key(words: list[str]) -> tuple[str, frozenset[str]]:
    """What kind of text a name is of, and its words in any order and form."""
    stems = [stem(word) for word in words if word not in lookup_words.english_talk()]
    kinds = {_KIND.get(word, "law") for word in stems if word in _KIND or word == "law"}
    return "+".join(sorted(kinds)), frozenset(word for word in stems if word not in _KIND and word != "law")


def _title_written(text: str, words: list[str]) -> str:
    """A name with its kind ("Maritime Law") as it is written: capital letters, and nothing else is left over."""
    kinds = {"law", *_KIND, "laws", "regulations", "rules", "measures"}
    if not kinds & set(words):
        return ""
    written = [word for word in re.findall(r"[A-Za-z0-9]+(?:['-][A-Za-z]+)*", text) if _bare(word.lower()) in words]
    return " ".join(written) if len(written) == len(words) and all(word[0].isupper() for word in written) else ""


@cache
def law_names() -> dict[tuple[str, frozenset[str]], str]:
    """Kind and words of English names to the short Chinese title.

    Raises:
        TableError: a row lacks its title, or two titles share a name.
    """
    found: dict[tuple[str, frozenset[str]], str] = {}
    for line in tables.text_lines(TABLE):
        english, _, title = line.partition("\t")
        if not title.strip():
            raise TableError(f"词表 {TABLE}：“{line}”缺少制表符后的名称。")
        for name in english.split(" | "):
            if found.setdefault(_name_key(_bare(name.lower()).split()), title.strip()) != title.strip():
                raise TableError(f"词表 {TABLE}：“{name}”出现了两次，意思不同。请改成一个名称。")
    return found
