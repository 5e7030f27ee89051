"""A selection of the register as of a day: from documents in force then; those of unknown validity are kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from ingest.validity import Validity
from qa.as_of import answer_as_of
from qa.base import Base
from qa.records import Answer
from qa.register import answer_selection
from qa.register_questions import described
from qa.selection import Selection
from qa.wording import Wording


def list_as_of(
    selection: Selection, base: Base, validities: Mapping[str, Validity], day: str, wording: Wording, *, chosen: bool
) -> Answer:
    """Every requirement of ``selection`` in the documents in force on ``day``.

    ``chosen`` says that the day was asked for; then the summary names it, and the documents of unknown validity.
    """

    def within(doc_ids: Collection[str]) -> Answer:
        kept = replace(selection, doc_ids=tuple(doc_ids))
        return answer_selection("", kept, described(kept, wording), base, wording)

    found = answer_as_of("", within, selection.doc_ids, base.documents, validities, day, wording)
    return _dated(found, validities, base, wording) if chosen and found.answered else found


def _dated(answer: Answer, validities: Mapping[str, Validity], base: Base, wording: Wording) -> Answer:
    """The answer with what the day leaves in it."""
    unknown = [r for r in answer.requirements if validities[r.doc_id].status == "unknown"]
    titles = dict.fromkeys(f"《{base.documents[row.doc_id].title}》" for row in unknown)
    parts = [answer.summary, wording.say("register_as_of", day=answer.as_of)]
    if titles:
        parts.append(wording.say("register_unknown", requirements=len(unknown), documents=wording.joined(titles)))
    return replace(answer, summary=wording.sentences(parts))
