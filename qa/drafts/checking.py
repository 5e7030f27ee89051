"""A draft against the base: each citation, document number and quotation becomes a ``Finding``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.lookup_reading import short_title
from ingest.markers import ARTICLE
from ingest.records import Document, Span
from qa.drafts import patterns
from qa.drafts.citing import check_citation
from qa.drafts.mentions import Mention, defined_names, find_mentions
from qa.drafts.numbers import agree, documents_numbered, is_well_written, read_number
from qa.drafts.passages import Passages
from qa.drafts.quotations import Quotation, find_quotations
from qa.drafts.quoting import check_quotation
from qa.drafts.reading import Paragraph, paragraphs
from qa.drafts.records import OWN, Draft, DraftCheck, Finding, Kind, Note, Source, Verdict
from qa.drafts.sources import Library, Resolved
from qa.drafts.word_table import words


@dataclass(frozen=True, slots=True)
class Target:
    """What a mention means: the document that it resolves to, and the name it was resolved by."""

    mention: Mention
    name: str
    resolved: Resolved | None  # ``None``: no document is named
    notes: tuple[Note, ...] = ()


def check_draft(draft: Draft, library: Library) -> DraftCheck:
    """Check everything that the draft cites or quotes against ``library``, as of the library's day."""
    text = draft.text
    in_full = frozenset(short_title(found["title"]) for found in patterns.TITLE.finditer(text))
    library = replace(library, defined=defined_names(text), in_full=in_full)
    parts = paragraphs(text)
    marks = frozenset(clause.span.start for clause in draft.own.clauses)
    mentions = find_mentions(text, parts, library.names(), marks)
    targets = _targets(draft, mentions, parts, library)
    quoted = find_quotations(text, parts, mentions)
    findings: list[Finding] = []
    for target in targets.values():
        if _is_of_source(target.mention, quoted.quotations):
            continue
        if target.mention.naming != "number":
            found = check_citation(target.mention, target.name, target.resolved, library.as_of)
            findings.append(_placed(replace(found, notes=(*target.notes, *found.notes)), text, parts))
        findings += [_placed(found, text, parts) for found in _check_number(target, library)]
    passages, terms = Passages(library.sources), quoted.terms
    for quotation in quoted.quotations:
        meant = [(targets[each].name, targets[each].resolved, each.place) for each in quotation.sources]
        verdict = check_quotation(quotation, meant, passages)
        if verdict is None:
            terms += 1
        else:
            findings.append(_placed(verdict, text, parts))
    findings.sort(key=lambda finding: (finding.span.start, finding.span.end))
    return DraftCheck(draft, library.as_of, tuple(findings), terms, quoted.unpaired)


def _is_of_source(mention: Mention, quotations: Sequence[Quotation]) -> bool:
    """Whether 本法第三条 or a bare 第三条 stands in quoted words: it means the quoted document, not the draft's own."""
    if mention.naming in ("title", "name", "number"):
        return False
    return any(each.span.start <= mention.span.start < each.span.end for each in quotations)


def _placed(finding: Finding, text: str, parts: Sequence[Paragraph]) -> Finding:
    """The finding with its words and its paragraph and sentence."""
    span = finding.span
    part = next(part for part in reversed(parts) if part.span.start <= span.start)
    sentence = part.sentence_at(span.start)
    return replace(finding, words=text[span.start : span.end], paragraph=part.number, sentence=sentence)


def _targets(
    draft: Draft, mentions: Sequence[Mention], parts: Sequence[Paragraph], library: Library
) -> dict[Mention, Target]:
    found: dict[Mention, Target] = {}
    named: Target | None = None
    articles = any(step.code == ARTICLE for clause in draft.own.clauses for step in clause.path)
    own = Resolved("found", (draft.own,))
    for mention in mentions:
        if mention.naming in ("title", "name"):
            is_itself = mention.naming == "title" and short_title(mention.name) == short_title(draft.title)
            resolved = library.resolve(mention.name, mention.year)
            if is_itself and resolved.outcome == "absent":
                resolved = own
            named = found[mention] = Target(mention, mention.name, resolved)
        elif mention.naming == "number":
            found[mention] = Target(mention, "", None)
        elif mention.naming == "itself" or (articles and _is_bare(mention, draft, named, parts)):
            found[mention] = Target(mention, draft.title, own)
        elif named is None or mention.naming == "none":
            found[mention] = Target(mention, "", None)
        else:
            note = Note("named_before", (("title", named.name),))
            found[mention] = Target(mention, named.name, named.resolved, (note,))
    return found


def _is_bare(mention: Mention, draft: Draft, named: Target | None, parts: Sequence[Paragraph]) -> bool:
    """In a draft with articles of its own: a number whose sentence names no other document."""
    start = mention.span.start
    if draft.text.startswith(words("pointing_back"), start):
        return False
    if named is None:
        return True
    part = next(part for part in reversed(parts) if part.span.start <= start)
    sentence = next((each for each in part.sentences if each.start <= start < each.end), part.span)
    return not sentence.start <= named.mention.span.start < start


def _check_number(target: Target, library: Library) -> Iterator[Finding]:
    mention = target.mention
    number = read_number(mention.number)
    if number is None:
        return
    span = mention.number_span or mention.span
    notes = () if is_well_written(mention.number) else (Note("number_form"),)
    carrying = documents_numbered(number, library.sources)
    resolved = target.resolved
    if resolved is not None and resolved.outcome == "found" and resolved.versions[0].document.doc_id != OWN:
        document = resolved.versions[0].document
        yield _number_of(document, span, mention.number, library, notes)
    elif not carrying:
        yield _finding("number", "number_unknown", span, notes, number=mention.number)
    elif mention.naming == "title":  # the base has this number for a document of another title
        names = {"number": mention.number, "title": carrying[0].title}
        yield _finding("number", "number_elsewhere", span, notes, document=carrying[0], **names)
    elif len(carrying) > 1:
        candidates = "、".join(f"《{document.title}》" for document in carrying)
        yield _finding("number", "uncertain", span, notes, candidates=candidates)
    else:
        names = {"number": mention.number, "title": carrying[0].title}
        yield _finding("number", "number_exists", span, notes, document=carrying[0], **names)


def _number_of(document: Document, span: Span, words_: str, library: Library, notes: tuple[Note, ...]) -> Finding:
    """The number beside a title against the number of that document, in any of its versions."""
    number = read_number(words_)
    names = {"number": words_, "title": document.title, "right": document.doc_number or ""}
    known = [read_number(each.document.doc_number or "") for each in _versions(document, library)]
    if number is not None and any(each is not None and agree(number, each) for each in known):
        return _finding("number", "number_exists", span, notes, document=document, **names)
    verdict: Verdict = "number_differs" if document.doc_number else "number_unstated"
    return _finding("number", verdict, span, notes, document=document, **names)


def _versions(document: Document, library: Library) -> list[Source]:
    return [each for each in library.sources if each.document.doc_id == document.doc_id]


def _finding(
    kind: Kind, verdict: Verdict, span: Span, notes: tuple[Note, ...], *, document: Document | None = None, **names: str
) -> Finding:
    return Finding(kind, verdict, span, "", 0, 0, tuple(names.items()), document, notes=notes)
