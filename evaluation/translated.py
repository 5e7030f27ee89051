"""The same questions in another language: how much of the Chinese questions' recall is left.

A file of translations is JSON lines, ``{"_id": "…", "text": "…"}``, where ``_id`` is a query of the BEIR folder. It
holds no Chinese text, so that it may be given away where the questions may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evaluation.beir import BeirFolder
from evaluation.metrics import Values, interval, score_queries
from evaluation.ranking import RunMode, rank
from evaluation.reading import Row, read_json_lines
from ingest.errors import InputError
from ingest.home import Home
from ingest.progress import Progress

if TYPE_CHECKING:
    from index.searcher import Searcher

MEASURE = "recall@5"


@dataclass(frozen=True, slots=True)
class Translated:
    """One mode on the translated questions; ``ratio`` is ``translation / original``, with its bootstrap interval.

    ``ratio`` and its interval are ``None`` where the originals find nothing.
    """

    mode: RunMode
    queries: int
    original: float
    translation: float
    ratio: float | None
    low: float | None
    high: float | None


def read_translations(path: Path, folder: BeirFolder) -> dict[str, str]:
    """``{query_id: translated text}``, checked against the folder.

    Raises:
        InputError: the file is missing or malformed, an id is used twice, unknown or without a judgement.
    """
    if not path.is_file():
        raise InputError(f"没有这个文件：{path}。请检查 --translated。")
    seen: dict[str, Row] = {}
    for row in read_json_lines(path):
        query_id = row.identifier("_id")
        if query_id in seen:
            raise row.fault(f"编号重复，第 {seen[query_id].line} 行已用过", "每个问题一个译文")
        if query_id not in folder.qrels:
            raise row.fault("这个编号没有评判过的问题", "_id 是问题文件里评判过的一个编号")
        seen[query_id] = row
    if not seen:
        raise InputError(f'{path} 里一行也没有。应为：每行 {{"_id": …, "text": …}}。请检查文件。')
    return {query_id: row.identifier("text") for query_id, row in seen.items()}


def measure_translated(
    searcher: Searcher,
    home: Home,
    folder: BeirFolder,
    names: Mapping[str, str],
    mode: RunMode,
    translations: Mapping[str, str],
    progress: Progress,
) -> Translated:
    """Ask the originals and their translations in one mode."""
    qrels = {query_id: folder.qrels[query_id] for query_id in translations}
    values = []
    for queries in ({query_id: folder.queries[query_id] for query_id in translations}, translations):
        ranked = rank(searcher, home, queries, names, mode, progress)
        values.append(list(score_queries(qrels, ranked.run)[MEASURE].values()))
    return _translated(mode, np.array(values).T)


def _translated(mode: RunMode, values: Values) -> Translated:
    """``values`` has a row for each question: its original's measure, its translation's."""
    original, translation = (float(mean) for mean in values.mean(axis=0))
    if not original:
        return Translated(mode, len(values), original, translation, None, None, None)
    low, high = interval(values, _ratios)
    return Translated(mode, len(values), original, translation, translation / original, low, high)


def _ratios(drawn: Values) -> Values:
    sums = drawn.sum(axis=1)
    return np.asarray(np.divide(sums[:, 1], sums[:, 0], out=np.zeros(len(sums)), where=sums[:, 0] > 0))
