"""Runs in TREC format: one line a hit, ``query-id Q0 passage-id rank score tag``, as trec_eval and its kin read it."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path

from evaluation.beir import BeirFolder
from evaluation.metrics import Run
from evaluation.reading import read_lines
from ingest.errors import InputError
from ingest.system_errors import reason

COLUMNS = 6
EXPECTED = "应为：六列，问题编号、Q0、段落编号、名次、分、名称，用空白分开"
_BLANK = re.compile(r"\s")


def check_writable(path: Path, folder: BeirFolder) -> None:
    """Refuse before the work what could not be written after it.

    Raises:
        InputError: the folder of ``path`` is missing, or an id holds a blank, which separates columns in this format.
    """
    if not path.parent.is_dir():
        raise InputError(f"没有文件夹 {path.parent}，写不了 {path.name}。请先建立文件夹，或改正 --trec。")
    if path.is_dir():
        raise InputError(f"{path} 是文件夹。应为：要写的文件。请改正 --trec。")
    names = [*folder.judged_queries, *(passage.passage_id for passage in folder.corpus)]
    if spaced := next((name for name in names if _BLANK.search(name)), None):
        raise InputError(f"编号“{spaced}”里有空白，TREC 格式用空白分列，写不了。请不用 --trec，或改掉编号里的空白。")


def write_trec(path: Path, run: Run, tag: str) -> None:
    """Write ``run``, best first, whole or not at all; ``tag`` names the method."""
    lines = [
        f"{query_id} Q0 {passage_id} {place} {score:g} {tag}\n"
        for query_id, found in run.items()
        for place, (passage_id, score) in enumerate(sorted(found.items(), key=lambda hit: -hit[1]), start=1)
    ]
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.write_text("".join(lines), encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"不能写入 {path}（{reason(error)}）。请检查磁盘空间和权限。") from error


def read_trec(path: Path, folder: BeirFolder) -> Run:
    """A saved run over ``folder``; queries without a judgement are left out, they count nowhere.

    Raises:
        InputError: a line is malformed, names an unknown query or passage, or repeats one.
    """
    if not path.is_file():
        raise InputError(f"没有这个文件：{path}。请检查路径。")
    known = frozenset(passage.passage_id for passage in folder.corpus)
    run: Run = {}
    for line, text in read_lines(path):
        query_id, passage_id, score = _hit(path, line, text.split())
        if query_id not in folder.queries:
            raise InputError(f"{path} 第 {line} 行：问题编号 {query_id} 不在这套问题里。请确认是同一套问题的结果。")
        if passage_id not in known:
            raise InputError(f"{path} 第 {line} 行：段落编号 {passage_id} 不在这个语料里。请确认是同一语料的结果。")
        found = run.setdefault(query_id, {})
        if passage_id in found:
            raise InputError(f"{path} 第 {line} 行：问题 {query_id} 的段落 {passage_id} 重复。请只留一行。")
        found[passage_id] = score
    if not run:
        raise InputError(f"{path} 里没有结果。{EXPECTED}。请检查文件。")
    return {query_id: found for query_id, found in run.items() if query_id in folder.qrels}


def _hit(path: Path, line: int, cells: list[str]) -> tuple[str, str, float]:
    if len(cells) != COLUMNS:
        raise InputError(f"{path} 第 {line} 行有 {len(cells)} 列。{EXPECTED}。请改正这一行后重试。")
    try:
        score = float(cells[4])
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise InputError(f"{path} 第 {line} 行（问题 {cells[0]}）：分是“{cells[4]}”。{EXPECTED}。请改正后重试。")
    return cells[0], cells[2], score
