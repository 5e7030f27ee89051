"""The summary that an optional language model writes from the found clauses, beside the ordinary one.

Takes an answer and gives it with ``written``, or as it was: without the variables of ``language_model``, where the
answer is a refusal or a look-up, where the server fails, or where no sentence stands (``summary_check``). Nothing but
the prompt, the question and the found clauses with their place is sent.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace

from ingest.errors import NoReply
from qa.language_model import Messages, complete, read_settings
from qa.records import Answer
from qa.summary_check import checked, summary_table
from qa.wording import Wording

ROUTES = frozenset({"search", "case", "register"})
MOST_CITATIONS = 20  # a longer list is read as a list
LONGEST_MATERIAL = 24_000  # characters of the question and the clauses; clauses are never sent cut
_log = logging.getLogger(__name__)


def with_written(answer: Answer, wording: Wording) -> Answer:
    """``answer`` with the sentences of the language model that its clauses bear out, if there is one.

    Raises:
        InputError: the variables that name the language model do not fit together.
    """
    settings = read_settings(os.environ)
    if settings is None or not answer.answered or answer.route not in ROUTES:
        return answer
    material = _material(answer)
    if not 0 < len(answer.citations) <= MOST_CITATIONS or len(material) > LONGEST_MATERIAL:
        return answer
    messages: Messages = (("system", summary_table()["prompt"][wording.language]), ("user", material))
    try:
        reply = complete(settings, messages)
    except NoReply as error:
        _log.warning("没有用语言模型归纳：%s", error)
        return answer
    return replace(answer, written=checked(reply, answer.citations))


def _material(answer: Answer) -> str:
    """The question and the numbered clauses, as JSON, so that no text can end its own field."""
    clauses = [
        {"number": number, "source": each.reference, "lead_in": each.clause.lead_in, "text": each.clause.text}
        for number, each in enumerate(answer.citations, 1)
    ]
    return json.dumps({"question": answer.question, "clauses": clauses}, ensure_ascii=False)
