"""Document numbers (文号) of drafts in one form, and the documents of a base that carry them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.records import Document
from qa.changes import bare
from qa.drafts.patterns import DOCUMENT_NUMBER, PROPER_BRACKETS
from qa.drafts.records import Source


@dataclass(frozen=True, slots=True)
class Number:
    """Agency, year ("" of an order) and number; the agency is "" where the draft leaves it out."""

    agency: str
    year: str
    number: int


def read_number(words: str) -> Number | None:
    """The parts of a document number in any spelling; ``None`` where it is none."""
    found = DOCUMENT_NUMBER.search(words)
    if found is None:
        return None
    if found["order"]:
        return Number(bare(found["order"]).removeprefix("中华人民共和国"), "", int(found["order_number"]))
    return Number(bare(found["agency"]), bare(found["year"]), int(found["number"]))


def is_well_written(words: str) -> bool:
    """Whether the year stands in 〔〕 and the number without 第 and blanks, as GB/T 9704 asks; orders always do."""
    found = DOCUMENT_NUMBER.search(words)
    return found is None or bool(found["order"]) or PROPER_BRACKETS.search(words) is not None


def agree(one: Number, other: Number) -> bool:
    """Whether two numbers are the same, an agency that is left out aside."""
    same_agency = one.agency == other.agency or not one.agency or not other.agency
    return same_agency and (one.year, one.number) == (other.year, other.number)


def documents_numbered(number: Number, sources: Iterable[Source]) -> list[Document]:
    """The documents that carry the number, each once."""
    found: dict[str, Document] = {}
    for source in sources:
        known = read_number(source.document.doc_number or "")
        if known is not None and agree(number, known):
            found.setdefault(source.document.doc_id, source.document)
    return list(found.values())
