"""A retrieval measurement as text for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from evaluation.comparing import SWAPS, Comparison
from evaluation.metrics import MEASURES, Measured
from evaluation.report import NOT_MEASURED, number, table
from evaluation.runs import ModeMeasured, RunsMeasured
from evaluation.translated import MEASURE, Translated


def runs_record(measured: RunsMeasured) -> dict[str, Any]:
    """The measurement as one JSON object."""
    return asdict(measured)


def runs_text(measured: RunsMeasured) -> str:
    """One line a mode with the interval below, then categories, comparisons and translations where there are any."""
    machine = measured.machine
    head = (
        f"{measured.passages} 个段落，{measured.queries} 个评判过的问题（{measured.qrels_file}），"
        f"模型 {measured.model}，提交 {machine.commit}，{machine.cpu} {machine.cores} 核"
    )
    parts = [head, _modes(measured.modes)]
    parts += [_categories(mode) for mode in measured.modes if mode.categories]
    parts += [_comparison(list(rows)) for _, rows in groupby(measured.comparisons, lambda row: (row.first, row.second))]
    if measured.translated:
        parts.append(_translated(measured.translated))
    return "\n\n".join(parts)


def _modes(modes: Sequence[ModeMeasured]) -> str:
    rows: list[tuple[str, ...]] = []
    for mode in modes:
        rows.append((mode.mode, *_means(mode.measures), f"{mode.p50 * 1000:.0f} 毫秒", f"{mode.p95 * 1000:.0f} 毫秒"))
        rows.append(("  95% 区间", *_intervals(mode.measures), "", ""))
    refused = [f"{mode.mode} 有 {len(mode.refused)} 个问题未能检索，按 0 计" for mode in modes if mode.refused]
    return "\n".join((table(("方式", *MEASURES, "p50", "p95"), rows), *refused))


def _categories(mode: ModeMeasured) -> str:
    rows: list[tuple[str, ...]] = []
    for category in mode.categories:
        rows.append((category.name, str(category.queries), *_means(category.measures)))
        rows.append(("  95% 区间", "", *_intervals(category.measures)))
    return f"{mode.mode}，按类别：\n{table(('类别', '题数', *MEASURES), rows)}"


def _comparison(rows: Sequence[Comparison]) -> str:
    lines = [
        (
            row.measure,
            f"{row.difference:+.3f}",
            f"{row.low:+.3f}–{row.high:+.3f}",
            f"{row.p_value:.4f}",
            str(row.better),
            str(row.worse),
        )
        for row in rows
    ]
    head = ("指标", "差", "95% 区间", "p 值", "变好的题", "变差的题")
    return (
        f"{rows[0].second} 比 {rows[0].first}（同一批问题的成对检验，随机交换 {SWAPS} 次，双侧；"
        f"p 值没有按检验个数校正）：\n{table(head, lines)}"
    )


def _translated(rows: Sequence[Translated]) -> str:
    lines = [
        (
            row.mode,
            str(row.queries),
            number(row.original),
            number(row.translation),
            number(row.ratio),
            NOT_MEASURED if row.low is None or row.high is None else f"{row.low:.3f}–{row.high:.3f}",
        )
        for row in rows
    ]
    head = ("方式", "题数", f"原题 {MEASURE}", f"译题 {MEASURE}", "译题／原题", "95% 区间")
    return f"同样的问题，原文和译文：\n{table(head, lines)}"


def _means(measures: Sequence[Measured]) -> Iterator[str]:
    return (f"{each.mean:.3f}" for each in measures)


def _intervals(measures: Sequence[Measured]) -> Iterator[str]:
    return (f"{each.low:.3f}–{each.high:.3f}" for each in measures)
