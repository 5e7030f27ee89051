"""The measures of parsing as text for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluation.parse import Check, FolderMeasure
from evaluation.report import table

_HEAD = ("文件夹", "文件", "读入", "拒读", "条款", "用时（秒）", "条款/秒", "内存峰值（MB）")
_SHOWN = 10  # failures of one check that people see; the JSON has them all


def parse_record(measures: Sequence[FolderMeasure]) -> dict[str, Any]:
    """Everything as one JSON object: ``folders``, each with its ``checks``."""
    return {"folders": [_folder_record(measure) for measure in measures]}


def parse_text(measures: Sequence[FolderMeasure]) -> str:
    """A table of the folders, then the checks of each with what did not hold."""
    rows = [
        (
            measure.name,
            str(measure.files),
            str(measure.files - len(measure.refused)),
            str(len(measure.refused)),
            str(measure.clauses),
            f"{measure.seconds:.2f}",
            f"{measure.clauses_per_second:.0f}",
            "–" if measure.peak_mb is None else f"{measure.peak_mb:.0f}",
        )
        for measure in measures
    ]
    lines = [table(_HEAD, rows)]
    for measure in measures:
        lines += ["", measure.name]
        for found in measure.checks:
            lines += [f"  {found.name}：{found.held}/{found.of}", *_failures(found)]
        lines += [f"  拒读 {name}：{reason}" for name, reason in measure.refused]
    return "\n".join(lines)


def all_hold(measures: Sequence[FolderMeasure]) -> bool:
    """Whether every check of every folder held."""
    return all(found.held == found.of for measure in measures for found in measure.checks)


def _failures(found: Check) -> list[str]:
    lines = [f"    {failure}" for failure in found.failures[:_SHOWN]]
    more = len(found.failures) - _SHOWN
    return [*lines, f"    还有 {more} 处"] if more > 0 else lines


def _folder_record(measure: FolderMeasure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "files": measure.files,
        "refused": [{"file": name, "reason": reason} for name, reason in measure.refused],
        "clauses": measure.clauses,
        "seconds": round(measure.seconds, 3),
        "clauses_per_second": round(measure.clauses_per_second, 1),
        "peak_mb": measure.peak_mb,
        "checks": [
            {"name": found.name, "held": found.held, "of": found.of, "failures": list(found.failures)}
            for found in measure.checks
        ],
    }
