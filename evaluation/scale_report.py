"""Speed by size and beside others, as text for people."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.clients import CLIENTS, Latency
from evaluation.encode_rate import Rate
from evaluation.report import NOT_MEASURED, number, table
from evaluation.rivals import QUALITY, Rival
from evaluation.scale import Size

SIZE_HEAD = (
    "条款",
    "存入 秒",
    "算向量 秒",
    "建索引 秒",
    "打开 秒",
    "提问 p50/p95 毫秒",
    f"{CLIENTS} 人同时",
    "每秒题数",
    "回答 p50/p95",
    "加 100 条 秒",
    "内存 MiB",
    "建时内存",
    "磁盘 MiB",
)
RIVAL_HEAD = (
    "方式",
    *QUALITY,
    "建索引 秒",
    "倍",
    "提问 p50/p95 毫秒",
    "倍",
    f"{CLIENTS} 人同时",
    "每秒题数",
    "内存 MiB",
)


def rates_text(rates: Sequence[Rate]) -> str:
    """Passages encoded in a second by each backend."""
    rows = [(rate.backend, number(rate.a_second, digits=1), str(rate.passages), rate.failed) for rate in rates]
    return table(("编码方式", "段/秒", "段数", ""), rows)


def sizes_text(sizes: Sequence[Size]) -> str:
    """One line a size; below, why a size has no numbers."""
    rows = [
        (
            f"{size.clauses}{'（向量为合成）' if size.made_vectors else ''}",
            *(number(value, digits=1) for value in (size.store, size.vectors, size.index, size.opened)),
            _waits(size.one_client),
            _waits(size.many_clients),
            _rate(size.many_clients),
            _waits(size.answers),
            number(size.added, digits=1),
            *(number(value, digits=0) for value in (size.memory, size.build_memory, size.disk)),
        )
        for size in sizes
        if not size.failed
    ]
    failed = [f"{size.clauses} 条没有测成。{size.failed}" for size in sizes if size.failed]
    return "\n".join([table(SIZE_HEAD, rows), *failed])


def rivals_text(rivals: Sequence[Rival]) -> str:
    """One line an engine; ratios are its seconds over ours, above 1 it is slower."""
    rows = [
        (
            rival.name,
            number(rival.recall_at_5),
            number(rival.mrr_at_10),
            number(rival.build, digits=1),
            number(rival.build_ratio, digits=2),
            _waits(rival.one_client),
            number(rival.query_ratio, digits=2),
            _waits(rival.many_clients),
            _rate(rival.many_clients),
            number(rival.memory, digits=0),
        )
        for rival in rivals
        if not rival.failed
    ]
    failed = [f"{rival.name} 没有测成。{rival.failed}" for rival in rivals if rival.failed]
    return "\n".join([table(RIVAL_HEAD, rows), "倍：它的秒数除以本程序（ours）的秒数，大于 1 为更慢。", *failed])


def _waits(found: Latency | None) -> str:
    return NOT_MEASURED if found is None else f"{found.p50 * 1000:.1f}/{found.p95 * 1000:.1f}"


def _rate(found: Latency | None) -> str:
    return NOT_MEASURED if found is None else f"{found.a_second:.0f}"
