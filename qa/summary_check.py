"""What a language model wrote, sentence by sentence, held against the clauses that it cites.

Takes the reply and the citations it was given, numbered from 1, and gives the sentences that stand: each cites clauses
that were given; what it quotes is verbatim in one of them, white space aside; its numbers, dates and article numbers
stand in them with the same unit, or are their place; the documents it names are theirs; its words for duty, penalty
and frequency (``summary.toml``) are theirs. Any other is left out. A sentence may still misread a clause that it cites,
so the clauses always stand below.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ingest.numerals import parse_numeral
from ingest.references import title_key
from qa.records import Citation, Written

MOST_SENTENCES = 12
LONGEST_REPLY = 20_000  # characters
LONGEST_SENTENCE = 300  # characters; what is longer is no summary
_MARK = re.compile(r"\s*[\[［【]\s*(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\s*[\]］】]")
_BULLET = re.compile(r"^\s*(?:[-*•·#>]+|\d{1,2}[.)、．]|[（(]\d{1,2}[）)])\s*")
_EMPTY_BRACKETS = re.compile(r"（\s*）|\(\s*\)")
_BLANK_BEFORE_END = re.compile(r"\s+(?=[。！？，；：.!?,;:])")
_TITLE = re.compile(r"《([^》]*)(》?)")
_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+")
_UNIT = r"[\u3400-\u9fff%‰]?"
# A number with its unit, and those that go on from it: 2025年12月31日, 第十条第二款, 第十条之一, 三(五)1.
_CHAIN = re.compile(rf"第?⟨[^⟩]*⟩{_UNIT}(?:[().之第-]*⟨[^⟩]*⟩{_UNIT})*")
_OWN_NUMBER = re.compile(r"^(?:[(]?⟨[^⟩]*⟩[).、]+|第⟨[^⟩]*⟩[编章节条])")
_LONGEST_NUMERAL = 12
_ENDS = "。！？!?"


def checked(reply: str, citations: Sequence[Citation]) -> tuple[Written, ...]:
    """The sentences of ``reply`` that the clauses they cite bear out, in order, each once."""
    if len(reply) > LONGEST_REPLY:
        return ()
    kept: dict[str, Written] = {}
    for sentence in sentences(reply):
        written = _written(sentence, citations)
        if written is not None:
            kept.setdefault(written.text, written)
    return tuple(kept.values())[:MOST_SENTENCES]


def sentences(reply: str) -> Iterator[str]:
    """The sentences with the marks that follow them; an end within quotation marks does not end one."""
    for line in reply.splitlines():
        rest = _BULLET.sub("", line.replace("**", "")).strip()
        while rest:
            end = _end_of_sentence(rest)
            yield rest[:end].strip()
            rest = rest[end:].strip()


def _end_of_sentence(text: str) -> int:
    waiting: list[str] = []  # the closing marks of the quotations that are open
    closing = {pair[0]: pair[1] for pair in summary_table()["check"]["quotation_marks"]}
    for at, character in enumerate(text):
        if waiting and character == waiting[-1]:
            waiting.pop()
            # “…。”，并且… goes on
            ended = text[at - 1] in _ENDS and (not text[at + 1 :] or _MARK.match(text, at + 1) is not None)
        elif character in closing and not _is_apostrophe(text, at):
            waiting.append(closing[character])
            continue
        else:
            ended = character in _ENDS or (character == "." and not text[at + 1 : at + 2].strip(" ［[【"))
        if ended and not waiting:
            end = at + 1
            while mark := _MARK.match(text, end):
                end = mark.end()
            return end + (text[end : end + 1] in ("。", "."))
    return len(text)


def _is_apostrophe(text: str, at: int) -> bool:
    return text[at] == "‘" and "’" not in text[at:]


def _written(sentence: str, citations: Sequence[Citation]) -> Written | None:
    """The sentence without its marks, ``None`` where its clauses do not bear it out."""
    if len(sentence) > 2 * LONGEST_SENTENCE:
        return None
    numbers = [int(number) for marks in _MARK.findall(sentence) for number in re.split("[,，、]", marks)]
    unmarked = " ".join(_EMPTY_BRACKETS.sub("", _MARK.sub("", sentence)).split())
    text = _BLANK_BEFORE_END.sub("", unmarked)
    if not numbers or not all(1 <= number <= len(citations) for number in numbers):
        return None
    readable = text.isprintable() and len(text) <= LONGEST_SENTENCE and any(map(str.isalpha, text))
    cited = [citations[number - 1] for number in dict.fromkeys(numbers)]
    if not readable or not all(holds(text, cited) for holds in (_quotes, _names, _counts, _binds)):
        return None
    return Written(text, tuple(citation.clause.clause_id for citation in cited))


def _quotes(text: str, cited: Sequence[Citation]) -> bool:
    """Whether every quotation is closed, is not empty, and stands in a clause."""
    sources = ["".join(citation.clause.text.split()) for citation in cited]
    for opening, closing in summary_table()["check"]["quotation_marks"]:
        parts = re.findall(f"{opening}([^{closing}]*)({closing}?)", text)
        for quoted, end in parts:
            if not end and opening == "‘":
                continue  # an apostrophe
            words = "".join(quoted.split())
            if not end or not words or not any(words in source for source in sources):
                return False
        if opening not in ("‘", closing) and text.count(opening) != text.count(closing):
            return False
    return True


def _names(text: str, cited: Sequence[Citation]) -> bool:
    """Whether every 《title》 is that of a cited document, or stands in a clause."""
    known = {title_key(citation.document.title) for citation in cited}
    return all(
        bool(end) and (title_key(title) in known or any(f"《{title}》" in citation.clause.text for citation in cited))
        for title, end in _TITLE.findall(text)
    )


def _counts(text: str, cited: Sequence[Citation]) -> bool:
    """Whether every number stands in a clause with its unit, or is a clause's place."""
    for citation in cited:
        text = text.replace(f"《{citation.document.title}》", "《》")
    for word in summary_table()["check"]["not_numbers"]:
        text = text.replace(word, "")
    bodies = [_OWN_NUMBER.sub("", numbered(citation.clause.text)) for citation in cited]
    places = {
        chain
        for citation in cited
        for place in (citation.place, citation.clause.locator)
        for chain in (numbered(place), *_CHAIN.findall(numbered(place)))
    }
    words = summary_table()["check"]["number_words"]
    spelled = re.sub(r"[A-Za-z]+", lambda word: str(words.get(word[0].lower(), word[0])), text)
    return all(_stands(chain, places, bodies) for chain in _CHAIN.findall(numbered(spelled)))


def _stands(chain: str, places: set[str], bodies: Sequence[str]) -> bool:
    if any(chain in body for body in bodies):
        return True
    # "三（五）1要求", "第十条规定": what follows a place is not its unit.
    bare = re.sub(r"(?<=⟩)[\u3400-\u9fff]$", "", chain)
    return chain in places or (chain.count("⟨") > 1 and bare in places)


def numbered(text: str) -> str:
    """``text`` without white space, every number as its value in ⟨⟩: "第十 条" is "第⟨10⟩条", "3次" is "⟨3⟩次"."""
    plain = unicodedata.normalize("NFKC", text).replace("⟨", "(").replace("⟩", ")")
    return "".join(_NUMBER.sub(lambda found: f"⟨{_value(found[0])}⟩", plain).split())


def _value(number: str) -> str:
    if number[0].isdigit():
        whole, point, part = number.replace(",", "").partition(".")
        return (whole.lstrip("0") or "0") + point + part
    return str(parse_numeral(number)) if len(number) <= _LONGEST_NUMERAL else number


def _binds(text: str, cited: Sequence[Citation]) -> bool:
    """Whether the words for duty, penalty and frequency are those of the clauses or of what leads into them."""
    sources = "\n".join(citation.clause.lead_in + citation.clause.text for citation in cited)
    held = (found for word in summary_table()["check"]["held_words"] for found in re.findall(f"不?{word}", text))
    return all(re.search(f"(?<!不){found}", sources) for found in held)  # "不可以" does not hold "可以"


@cache
def summary_table() -> dict[str, Any]:
    """The prompt and the words of the check (``summary.toml``)."""
    return tomllib.loads(Path(__file__).with_name("summary.toml").read_text(encoding="utf-8"))
