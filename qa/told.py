"""The answer to a question about clauses that it names itself: these, and what follows their breach if asked."""

from __future__ import annotations

from collections.abc import Collection

from index.told_lookup import find_told
from qa.base import Base
from qa.lookup_answers import answer_lookup, shown, whole
from qa.penalties import penalties_for, says_penalty
from qa.questions import Question
from qa.records import Answer
from qa.wording import Wording


def answer_told(question: Question, base: Base, doc_ids: Collection[str], wording: Wording) -> Answer | None:
    """The named clauses word for word, ``None`` where none is named; a missing one refuses, since none may be dropped.

    Nothing is said about what the clauses decide. Where a penalty is asked for and they state none, the clauses of
    the same document that punish their breach stand beside them.
    """
    named = find_told(question.searched, base.directory, frozenset(doc_ids))
    if not named:
        return None
    if (missing := next((each for each in named if not each.clauses), None)) is not None:
        return answer_lookup(question, missing, base, wording)
    citations = {clause.clause_id: whole(clause, base, each.focus) for each in named for clause in each.clauses}
    for each in named if question.asks_penalty else ():
        for clause in each.clauses if not any(map(says_penalty, each.clauses)) else ():
            for penalty in penalties_for(clause, base):
                citations.setdefault(penalty.clause.clause_id, whole(penalty.clause, base, None))
    cited = tuple(citations.values())
    return shown(question, cited, wording.say("answered", clauses=len(cited), locators=wording.locators(cited)), base)
