"""The sentences of answers and refusals, from ``wording.toml``, in Chinese or English."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ingest import tables
from ingest.errors import InputError
from qa.records import Citation

LANGUAGES = ("zh", "en")
MOST_DOCUMENTS = 5  # whose places are named one by one
MOST_NAMED = 8  # places of one document named in a summary


class Wording:
    """Sentences in one language.

    Args:
        language: "zh" or "en".

    Raises:
        InputError: another language.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise InputError(f"界面语言只有 zh 和 en，没有“{language}”。")
        self.language = language
        self._sentences = _read()[language]

    def say(self, key: str, **names: object) -> str:
        """The sentence ``key`` with its names filled in."""
        return str(self._sentences[key]).format(**names)

    def modality(self, modality: str) -> str:
        """The word for a modality."""
        return str(self._sentences["modality"][modality])

    def effect(self, effect: str) -> str:
        """The words for what a clause does to a case."""
        return str(self._sentences["effect"][effect])

    def rank(self, rank: str) -> str:
        """The word for a document's rank."""
        return str(self._sentences["rank"][rank])

    def fact(self, name: str) -> str:
        """The word for a fact of a document."""
        return str(self._sentences["fact"][name])

    def status(self, status: str) -> str:
        """The word for a document's status on a day."""
        return str(self._sentences["status"][status])

    def field(self, name: str) -> str:
        """The word for a field of a requirement."""
        return str(self._sentences["field"][name])

    def column(self, name: str) -> str:
        """The heading of a column of a list of requirements."""
        known = self._sentences["column"]
        return str(known[name]) if name in known else self.field(name)

    def refusal(self, reason: str) -> str:
        """Why a correction was refused, in this language.

        The reasons are kept in Chinese with the document's notices, so they are turned when they are shown, by the
        patterns of ``refusals``; one that no pattern knows is given as it is.
        """
        for row in self._sentences.get("refusals", ()):
            if match := re.fullmatch(row["zh"], reason, re.S):
                names = {name: self.refusal(words) for name, words in match.groupdict("").items()}
                return str(row["says"]).format(**names)
        return reason

    def rate(self, name: str) -> str:
        """The words for a number of occasions a year that has a name."""
        return str(self._sentences["rate"][name])

    def joined(self, words: Iterable[str]) -> str:
        """Words as a list of this language."""
        return str(self._sentences["separator"]).join(words)

    def audience(self, keys: Iterable[str]) -> str:
        """The names of audiences."""
        table = tables.audiences()
        return self.joined(table[key].zh if self.language == "zh" else table[key].en for key in keys)

    def sentences(self, parts: Iterable[str]) -> str:
        """Sentences one after the other, as this language joins them; empty ones are left out."""
        return ("" if self.language == "zh" else " ").join(part for part in parts if part)

    def locators(self, citations: Sequence[Citation]) -> str:
        """The places cited, by document: 《方案》三（五）1、三（五）2；《教育法》第十条; of many only how many."""
        by_document: dict[str, list[str]] = {}
        for citation in citations:
            by_document.setdefault(citation.document.title, []).append(citation.place)
        many = len(by_document) > MOST_DOCUMENTS
        places = (
            self.say("counted", document=title, count=len(locators))
            if many
            else self.say("in_document", document=title, locators=self._shortened(locators))
            for title, locators in by_document.items()
        )
        return ("；" if self.language == "zh" else "; ").join(places)

    def _shortened(self, locators: Sequence[str]) -> str:
        """The first places by name and the number of all; a summary of a hundred is no summary."""
        if len(locators) <= MOST_NAMED:
            return self.joined(locators)
        return self.say("and_more", locators=self.joined(locators[:MOST_NAMED]), count=len(locators))


@cache
def _read() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))
