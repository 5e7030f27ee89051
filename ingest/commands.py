"""What the ingest commands do. Each takes the parsed arguments and the home, prints, and gives the exit status."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ingest import contract, dates, report
from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, REFUSED, print_json, print_text
from ingest.errors import InputError
from ingest.formats.zipped import is_archive
from ingest.home import Home
from ingest.intake import Intake, files_under, ingest_file, ingest_files, read_file, update_file
from ingest.naming import is_doc_id
from ingest.progress import progress_for, watching
from ingest.storage import Store
from ingest.validity import read_validities


def add(arguments: argparse.Namespace, home: Home) -> int:
    """Take files and folders in, all in one transaction, so that Ctrl-C leaves the store as it was."""
    files = files_under(arguments.paths)
    single = len(arguments.paths) == 1 and not arguments.paths[0].is_dir() and not is_archive(files[0])
    if arguments.id is not None:
        _check_id(arguments.id, files)
        if not single:
            raise InputError("--id 只能用于一份文件，不能用于文件夹或压缩包。请分别添加。")
    ensure_corpus(home, progress=progress_for())
    if single:
        return _add_one(arguments, home, files[0])
    with Store.open(home, write=True) as store:
        with store.transaction():
            intakes = list(ingest_files(store, files, progress=progress_for()))
        counts = store.counts()
    if arguments.json:
        print_json(contract.intakes_json(intakes, counts))
    else:
        print_text(report.intakes_text(intakes, counts))
    return REFUSED if contract.tally(intakes)["refused"] else DONE


def preview(arguments: argparse.Namespace, home: Home) -> int:
    """Show what a file would become; the store is neither needed nor touched."""
    with watching(progress_for()):
        parsed = read_file(arguments.file)
    _print(arguments, contract.preview_json(parsed), report.preview_text(parsed))
    return DONE


def list_documents(arguments: argparse.Namespace, home: Home) -> int:
    """List the documents with their status today."""
    notice = ensure_corpus(home, progress=progress_for()).notice
    with Store.open(home) as store, store.snapshot():
        documents, counts, day = store.documents(), store.counts(), dates.today()
        found = read_validities(store, day, day)
    listed = (documents, counts, found, day)
    _print(arguments, contract.list_json(*listed), report.list_text(*listed))
    if notice:
        print(notice, file=sys.stderr)
    return DONE


def show(arguments: argparse.Namespace, home: Home) -> int:
    """Show one document, in force or in an old version."""
    ensure_corpus(home, progress=progress_for())
    with Store.open(home) as store, store.snapshot():
        parsed, versions = store.parsed(arguments.doc_id, version=arguments.version), store.versions(arguments.doc_id)
    _print(arguments, contract.show_json(parsed, versions), report.show_text(parsed, versions))
    return DONE


def remove(arguments: argparse.Namespace, home: Home) -> int:
    """Take a document out with all its versions."""
    ensure_corpus(home, progress=progress_for())
    with Store.open(home, write=True) as store:
        document = store.remove(arguments.doc_id)
        kept = len(store.corrections(arguments.doc_id))
    text = f"已移除《{document.title}》（编号 {document.doc_id}），共 {document.version} 版。"
    if kept:
        text += f"它的 {kept} 项更正仍然保留，再次收录时照用。"
    _print(arguments, {"removed": contract.document_json(document)}, text)
    return DONE


def update(arguments: argparse.Namespace, home: Home) -> int:
    """Put a new file in the place of a document."""
    ensure_corpus(home, progress=progress_for())
    with Store.open(home, write=True) as store:
        with watching(progress_for()):
            added = update_file(store, arguments.doc_id, arguments.file)
        counts = store.counts()[added.doc_id]
    _print(arguments, contract.added_json(added, counts), report.added_text(added, counts))
    return DONE


def _add_one(arguments: argparse.Namespace, home: Home, file: Path) -> int:
    with Store.open(home, write=True) as store:
        with watching(progress_for()):
            added = ingest_file(store, file, doc_id=arguments.id)
        counts = store.counts()
    if arguments.json:
        print_json(contract.intakes_json([Intake(file, added)], counts))
    else:
        print_text(report.added_text(added, counts[added.doc_id]))
    return DONE


def _check_id(doc_id: str, files: list[Path]) -> None:
    if len(files) != 1:
        raise InputError(f"--id 只能用于一份文件，这里有 {len(files)} 份。请分别添加。")
    if not is_doc_id(doc_id):
        raise InputError(f"编号“{doc_id}”不合格式。只能用小写字母和数字，中间可以用“-”连接，例如 guofa-2019-4。")


def _print(arguments: argparse.Namespace, value: Any, text: str) -> None:
    if arguments.json:
        print_json(value)
    else:
        print_text(text)
