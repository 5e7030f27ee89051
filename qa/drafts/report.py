"""What checking a draft says: sentences for people, and the JSON for machines.

{"file", "title", "as_of", "counts": {"wrong", "check", "unchecked", "fine"}, "short_quotations", "unpaired",
"notes": [text], "findings": [{"kind", "verdict", "severity", "message", "notes", "words", "span", "paragraph",
"sentence", "doc_id", "document", "version", "clause_id", "locator", "source_words",
"changes": [{"operation", "words"}]}]}

Fields are added, never renamed or removed. Spans count characters of the draft's text; ``source_words`` is verbatim.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.drafts.places import place_words
from qa.drafts.records import SEVERITIES, DraftCheck, Finding, Note
from qa.phrases import Phrases

_WORDING = Path(__file__).with_name("wording.toml")
_MARKS = {"same": "{}", "removed": "［-{}-］", "added": "［+{}+］"}


def phrases(language: str) -> Phrases:
    """The sentences about drafts.

    Raises:
        InputError: an unknown language.
    """
    return Phrases(_WORDING, language)


def message(finding: Finding, words: Phrases) -> str:
    """What became of a citation or quotation, in one or two sentences."""
    names = dict(finding.names)
    if finding.verdict == "no_clause":
        names["last"] = _last(finding, names, words)
    if finding.verdict == "not_in_force":
        names["status"] = words.say(f"status.{names['status']}", version=names["version"])
    return words.say(f"verdict.{finding.verdict}", **names).strip()


def _last(finding: Finding, names: dict[str, str], words: Phrases) -> str:
    """The last clause that there is; of paragraphs and items how many there are."""
    if not names["last"] or any(note.key == "stands_in" for note in finding.notes):
        return ""
    if names["count"]:
        return words.say("last.count", last=names["last"], count=names["count"])
    return words.say("last.clause", last=names["last"])


def note_words(note: Note, words: Phrases) -> str:
    """A remark on a finding."""
    return words.say(f"note.{note.key}", **dict(note.names))


def summary(check: DraftCheck, words: Phrases) -> str:
    """How many findings of each kind there are."""
    if not check.findings:
        return words.say("summary_none", name=check.draft.name)
    return words.say("summary", name=check.draft.name, count=len(check.findings), day=check.as_of, **check.counts)


def remarks(check: DraftCheck, words: Phrases) -> list[str]:
    """What was left aside, and what reading the file changed."""
    found = []
    if check.short_quotations:
        found.append(words.say("short_quotations", count=check.short_quotations))
    if check.unpaired:
        found.append(words.say("unpaired", paragraphs="、".join(map(str, check.unpaired))))
    return [*found, *check.draft.notes]


def check_text(check: DraftCheck, words: Phrases) -> str:
    """The annotated list for people, the most serious first."""
    lines = [summary(check, words), *remarks(check, words)]
    for severity in SEVERITIES:
        found = [finding for finding in check.findings if finding.severity == severity]
        if found:
            lines += ["", f"■ {words.say(f'severity.{severity}')}（{len(found)}）"]
        for number, finding in enumerate(found, 1):
            lines += [f"{number}. {line}" if first else f"   {line}" for first, line in _lines(finding, words)]
    return "\n".join(lines)


def _lines(finding: Finding, words: Phrases) -> Iterator[tuple[bool, str]]:
    place = words.say("place", paragraph=finding.paragraph, sentence=finding.sentence)
    yield True, f"{place} {words.say(f'kind.{finding.kind}')}：{_one_line(finding.words)}"
    for line in explanation(finding, words):
        yield False, line


def explanation(finding: Finding, words: Phrases) -> list[str]:
    """The message, the changes word by word, and the notes, a line each."""
    lines = [message(finding, words)]
    if finding.changes:
        lines.append(f"{words.say('draft_words')}→{words.say('source_words')}：{marked(finding)}")
        lines.append(f"{words.say('source_words')}：“{_one_line(finding.source_words)}”")
    lines += [words.say("remark", note=note_words(note, words)) for note in finding.notes]
    return lines


def marked(finding: Finding) -> str:
    """The draft's words with ［-words that the source lacks-］ and ［+words of the source+］."""
    return "".join(_MARKS[change.operation].format(_one_line(change.words)) for change in finding.changes)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def check_json(check: DraftCheck, words: Phrases) -> dict[str, Any]:
    """The check as JSON, see the head of this file."""
    return {
        "file": check.draft.name,
        "title": check.draft.title,
        "as_of": check.as_of,
        "counts": dict(check.counts),
        "short_quotations": check.short_quotations,
        "unpaired": list(check.unpaired),
        "notes": list(check.draft.notes),
        "findings": [_finding_json(finding, words) for finding in check.findings],
    }


def _finding_json(finding: Finding, words: Phrases) -> dict[str, Any]:
    document, clause = finding.document, finding.clause
    return {
        "kind": finding.kind,
        "verdict": finding.verdict,
        "severity": finding.severity,
        "message": message(finding, words),
        "notes": [note_words(note, words) for note in finding.notes],
        "words": finding.words,
        "span": [finding.span.start, finding.span.end],
        "paragraph": finding.paragraph,
        "sentence": finding.sentence,
        "doc_id": document.doc_id if document else None,
        "document": document.title if document else None,
        "version": document.version if document else None,
        "clause_id": clause.clause_id if clause else None,
        "locator": place_words(clause) if clause else None,
        "source_words": finding.source_words or None,
        "changes": [{"operation": change.operation, "words": change.words} for change in finding.changes],
    }
