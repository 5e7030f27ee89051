"""What a new installation starts with: what ``corpus/sources.toml`` lists, taken into the store once.

Each start compares the list with what the store remembers of it, without writing. A delivered text that changed
becomes a new version, unless the user replaced or removed the document: then the user's choice stands.

A newer program reads better, and a table that somebody edited reads otherwise. So delivered texts are read again
when the program or a table changed, and the requirements of all documents are found again when their rules changed;
both without a new version, since the text is the same.

Laws come out of a package that may have to be fetched. Where it cannot be had, the start goes on without them and says
so; a later start tries again.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest import statutes
from ingest.errors import InputError, PackageError, StoreMissing, TableError
from ingest.home import CORPUS_DIR, TABLES_DIR, Home
from ingest.intake import Read, ingest_file, read_file
from ingest.packages import is_kept
from ingest.progress import Progress, Silent, track
from ingest.records import ParsedDocument
from ingest.requirements import extract
from ingest.sources import INGEST_DIR, Source, hash_of, read_sources
from ingest.statute_text import parse_statute
from ingest.statutes import Library
from ingest.storage import Added, Shipped, Store, with_doc_id

__all__ = ["BootstrapReport", "ensure_corpus", "ingest_file", "missing_laws", "read_sources"]

WAIT_SECONDS = 60.0  # two programs started at once: the second waits until the first has read the texts
FETCH_SECONDS = 45.0  # the longest that a start waits for the package of laws
RETRY_SECONDS = 1800.0  # until a start tries again to fetch it
# What decides which requirements are found in given clauses; a test holds it to what requirements.py imports.
REQUIREMENT_RULES = (
    *(
        INGEST_DIR / name
        for name in (
            *("requirements.py", "actions.py", "doers.py", "measures.py", "modality.py"),
            *("sentences.py", "tables.py"),
        )
    ),
    *(
        TABLES_DIR / name
        for name in (
            "actions.toml",
            "audiences.toml",
            "measures.toml",
            "modality.toml",
            "subjects.toml",
            "verbs.txt",
            "verbs_expected.txt",
        )
    ),
)
RULES_SETTING = "requirement_rules"
REFUSED_SETTING = "laws_refused"  # when and why the package of laws could not be had
SWITCH = "KB_STATUTES"  # environment: "off" starts without laws and never asks for the package

Kept = Literal["removed", "replaced"]


@dataclass(frozen=True, slots=True)
class BootstrapReport:
    """What a start did: documents taken in or renewed, those left as the user had made them, laws it could not have."""

    added: tuple[Added, ...] = ()
    refreshed: tuple[Added, ...] = ()  # documents whose requirements are others than before
    kept: tuple[tuple[str, Kept], ...] = ()  # doc_id, and whether the user removed or replaced the document
    missing: tuple[str, ...] = ()  # listed laws that are not there yet
    notice: str = ""  # what to tell of them


def ensure_corpus(
    home: Home, *, progress: Progress | None = None, corpus_dir: Path = CORPUS_DIR, read: Read = read_file
) -> BootstrapReport:
    """Create the store where it is missing and take in what is new in ``corpus/``; otherwise only look.

    Safe when several programs start at once: the second waits, then finds the work done.

    Raises:
        TableError: ``sources.toml`` or a file it lists is missing or malformed.
        StoreError: the store cannot be opened or is damaged.
    """
    progress = progress or Silent()
    sources = _wanted(corpus_dir)
    changed = _pending(home, sources)
    if changed is None:
        return _report(home, sources)
    with _library(home, progress, needed=any(source.law for source in changed)) as (library, refusal):
        added: list[Added] = []
        kept: list[tuple[str, Kept]] = []
        with Store.open(home, write=True, wait=WAIT_SECONDS) as store, store.transaction():
            refreshed = _refresh_requirements(store, progress)
            if refusal:
                store.remember(REFUSED_SETTING, json.dumps([time.time(), refusal]))
            waiting = [source for source in _changed(store, sources) if library is not None or not source.law]
            for source in track(waiting, progress, "收录自带文件", "份"):
                outcome = _take_in(store, source, read, library)
                if not isinstance(outcome, Added):
                    kept.append((source.doc_id, outcome))
                elif outcome.outcome != "unchanged":
                    added.append(outcome)
    return replace(_report(home, sources), added=tuple(added), refreshed=tuple(refreshed), kept=tuple(kept))


def missing_laws(home: Home, corpus_dir: Path = CORPUS_DIR) -> BootstrapReport:
    """Which listed laws are not there yet, and what to tell of them; looks only."""
    return _report(home, _wanted(corpus_dir))


def _wanted(corpus_dir: Path) -> tuple[Source, ...]:
    off = os.environ.get(SWITCH, "").strip().lower() == "off"
    return tuple(source for source in read_sources(corpus_dir) if not (off and source.law))


def _report(home: Home, sources: Sequence[Source]) -> BootstrapReport:
    """What is missing."""
    if not any(source.law for source in sources):
        return BootstrapReport()
    with Store.open(home) as store:
        remembered, refused = store.shipped(), _refused(store)
    missing = tuple(source.law for source in sources if source.law and source.name not in remembered)
    if not missing:
        return BootstrapReport()
    notice = (
        f"清单里的 {len(missing)} 部法律还没有收录：{'、'.join(missing)}。{refused[1]}"
        f"以后启动时会再试；要马上再试，请执行“python -m ingest statutes --name {missing[0]}”。"
    )
    return BootstrapReport(missing=missing, notice=notice)


@contextmanager
def _library(home: Home, progress: Progress, *, needed: bool) -> Iterator[tuple[Library | None, str]]:
    """The laws, or why they cannot be had; neither where they are not needed."""
    library, refusal = None, ""
    with ExitStack() as stack:
        if needed:
            try:
                wheel = statutes.fetch(home, progress, seconds=FETCH_SECONDS)
                library = stack.enter_context(statutes.open_library(wheel))
            except PackageError as error:
                refusal = str(error)
        yield library, refusal


def _pending(home: Home, sources: Sequence[Source]) -> list[Source] | None:
    """What has to be taken in now, ``None`` where there is nothing at all to do."""
    try:
        with Store.open(home) as store:
            changed = _changed(store, sources)
            if not _is_due(home, store):
                changed = [source for source in changed if not source.law]
            stale = store.setting(RULES_SETTING) != hash_of(*REQUIREMENT_RULES)
            return changed if changed or stale else None
    except StoreMissing:
        return list(sources)


def _is_due(home: Home, store: Store) -> bool:
    """Whether to ask for the package: it is at hand, or the last failure is long enough ago."""
    return is_kept(statutes.PACKAGE, home) or not 0 <= time.time() - _refused(store)[0] < RETRY_SECONDS


def _refused(store: Store) -> tuple[float, str]:
    """When and why the package could not be had the last time."""
    known = store.setting(REFUSED_SETTING)
    if known is None:
        return 0.0, ""
    at, message = json.loads(known)
    return float(at), str(message)


def _changed(store: Store, sources: Sequence[Source]) -> list[Source]:
    remembered = store.shipped()
    return [
        source
        for source in sources
        if source.name not in remembered or remembered[source.name].fingerprint != source.fingerprint
    ]


def _refresh_requirements(store: Store, progress: Progress) -> list[Added]:
    """Find the requirements of all documents again if their rules changed."""
    rules = hash_of(*REQUIREMENT_RULES)
    if store.setting(RULES_SETTING) == rules:
        return []
    refreshed = []
    for document in track(store.documents(), progress, "更新要求", "份"):
        parsed = store.parsed(document.doc_id)
        found = extract(parsed.clauses, document, parsed.facts)
        refreshed.append(store.replace(document.doc_id, replace(parsed, requirements=found)))
    store.remember(RULES_SETTING, rules)
    return [added for added in refreshed if added.outcome != "unchanged"]


def _take_in(store: Store, source: Source, read: Read, library: Library | None) -> Added | Kept:
    """Take in one new or changed text, unless its document is now the user's."""
    before, current = store.shipped().get(source.name), store.find(source.doc_id)
    if current is None and before is not None:
        store.remember_shipped(source.name, replace(before, fingerprint=source.fingerprint))
        return "removed"
    parsed = _read_law(source, library) if library is not None and source.law else read(source.path)
    sha256 = parsed.document.sha256
    store.remember_shipped(source.name, Shipped(source.doc_id, source.fingerprint, sha256))
    if current is None:
        return store.add(with_doc_id(parsed, source.doc_id))
    if current.sha256 not in (sha256, before.sha256 if before else None):
        return "replaced"
    return store.replace(source.doc_id, parsed)


def _read_law(source: Source, library: Library) -> ParsedDocument:
    try:
        statute = statutes.choose(library.statutes, source.law).statute
    except InputError as error:
        raise TableError(f"自带文件清单 sources.toml 的一项不对：{error}") from error
    return parse_statute(statute, library.articles(statute), library.others(statute))
