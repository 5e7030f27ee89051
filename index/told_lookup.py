"""Clauses that a question names by document and number while it asks something about them.

"教育法第三十条的处罚是什么", "未保法第39条和教师法第8条": more than a look-up, but no question for a search, which
would find clauses of other numbers. Only a number that directly follows the document's name is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from index.directory import Directory
from index.english import is_english
from index.english_reference import english_told
from index.law_names import nicknames
from index.lookup import NamedLookup, find_named
from index.lookup_reading import NUMBER, Headings, folded

_ARTICLE = rf"第?{NUMBER}条(?:之{NUMBER})?(?:第?{NUMBER}款)?(?:第?\(?{NUMBER}\)?项)?"
_NEXT = re.compile(rf"》?(?:\([^()]*\))?的?{_ARTICLE}(?:[、,和与及]{_ARTICLE})*")


def find_told(query: str, directory: Directory, doc_ids: Collection[str] = ()) -> list[NamedLookup]:
    """What each named clause came to, in the order of the question; [] where none is named.

    Args:
        query: a question that is no mere look-up.
        directory: the places of the collection.
        doc_ids: the documents to look in, all where none is given.
    """
    if not is_english(query):
        named = (find_named(each, directory, doc_ids) for each in _mentions(folded(query), directory))
        return [found for found in named if found is not None]
    tried = [find_named(each, directory, doc_ids) for each in english_told(query)]
    found = next((each for each in tried if each and each.clauses), next(filter(None, tried), None))
    return [found] if found is not None else []


def _mentions(text: str, directory: Directory) -> list[str]:
    """The names with their numbers, as they stand in the folded question."""
    titles = sorted({*directory.titles.within(text), *_nicknames().within(text)}, key=lambda at: (at[0], -len(at[1])))
    found: list[str] = []
    end = 0
    for start, title in titles:
        following = _NEXT.match(text, start + len(title)) if start >= end else None
        if following is not None:
            end = following.end()
            found.append(text[start:end].replace("》", ""))
    return list(dict.fromkeys(found))


@cache
def _nicknames() -> Headings:
    return Headings(nicknames())
