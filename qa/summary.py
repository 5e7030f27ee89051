"""The summary that an optional language model writes from the found clauses, beside the ordinary one.

Takes an answer and gives it with ``written``, or as it was: without the variables of ``language_model``, where the
answer is a refusal or a look-up, where the server fails, or where no sentence stands (``summary_check``). Nothing but
the prompt, the question and the found clauses with their place is sent. An answer is shown first and summarised then:
the wait is the server's, and whoever asked reads meanwhile.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, replace

from ingest.errors import NoReply
from qa.language_model import Messages, complete, read_settings
from qa.records import Answer
from qa.summary_check import checked, summary_table
from qa.wording import Wording

ROUTES = frozenset({"search", "case", "register"})
MOST_CITATIONS = 20  # a longer list is read as a list
LONGEST_MATERIAL = 24_000  # characters of the question and the clauses; clauses are never sent cut
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Summarised:
    """An answer, and why it has no summary of the language model: "" where it has one or none was due."""

    answer: Answer
    reason: str = ""


def is_due(answer: Answer) -> bool:
    """Whether the language model is asked for a summary of ``answer``, so that its reader may have to wait.

    Raises:
        InputError: the variables that name the language model do not fit together.
    """
    due = read_settings(os.environ) is not None and answer.answered and answer.route in ROUTES
    return due and 0 < len(answer.citations) <= MOST_CITATIONS and len(_material(answer)) <= LONGEST_MATERIAL


def summarised(answer: Answer, wording: Wording) -> Summarised:
    """``answer`` with the sentences of the language model that its clauses bear out, if there is one.

    Raises:
        InputError: the variables that name the language model do not fit together.
    """
    settings = read_settings(os.environ)
    if settings is None or not is_due(answer):
        return Summarised(answer)
    messages: Messages = (("system", summary_table()["prompt"][wording.language]), ("user", _material(answer)))
    try:
        reply = complete(settings, messages)
    except NoReply as error:
        _log.warning("没有用语言模型归纳：%s", error)
        return Summarised(answer, str(error))
    return Summarised(replace(answer, written=checked(reply, answer.citations)))


def _material(answer: Answer) -> str:
    """The question and the numbered clauses, as JSON, so that no text can end its own field."""
    clauses = [
        {"number": number, "source": each.reference, "lead_in": each.clause.lead_in, "text": each.clause.text}
        for number, each in enumerate(answer.citations, 1)
    ]
    return json.dumps({"question": answer.question, "clauses": clauses}, ensure_ascii=False)
