"""Measured results as text for people and as JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from evaluation.answers import ALL, Tally, Verdict
from ingest.progress import cells

TALLY_HEAD = (
    "类别",
    "题数",
    "全对",
    "该答已答",
    "该拒已拒",
    "引全率",
    "全部引到",
    "引准率",
    "平均引条",
    "引文命中",
    "近条命中",
)
NOT_MEASURED = "–"


def answers_record(tallies: Sequence[Tally], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The whole result as one JSON object: ``tallies`` and ``verdicts``."""
    return {
        "tallies": [asdict(tally) for tally in tallies],
        "verdicts": [_verdict_record(verdict) for verdict in verdicts],
    }


def answers_table(tallies: Sequence[Tally]) -> str:
    """One line for each category, and below what the columns mean."""
    rows = [
        (
            "全部" if tally.category == ALL else tally.category,
            str(tally.questions),
            f"{tally.right}/{tally.questions}",
            _ratio(tally.answered_rightly, tally.answerable),
            _ratio(tally.refused_rightly, tally.unanswerable),
            *(
                number(value)
                for value in (tally.recall, tally.complete, tally.precision, tally.citations, tally.quote_hit)
            ),
            number(tally.near_hit),
        )
        for tally in tallies
    ]
    note = (
        "引全率：应引条款中已引的比例；全部引到：应引条款一条不漏的题的比例；引准率：所引条款中可引的比例；"
        "该答而拒答的题，各项按 0 计。近条命中：拒答时列出了评判者认为相关的条款（不计入全对）。"
    )
    return f"{table(TALLY_HEAD, rows)}\n{note}"


def failures_text(verdicts: Sequence[Verdict]) -> str:
    """Every question that is not entirely right, with what was expected and what came out."""
    wrong = [verdict for verdict in verdicts if not verdict.right]
    if not wrong:
        return "没有答错的题。"
    return "\n\n".join(_failure(verdict) for verdict in wrong)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns lined up on a terminal, where a Chinese character is two cells wide; all but the first right-aligned."""
    lines = [head, *rows]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - cells(cell)) if first else " " * (width - cells(cell)) + cell
            for first, cell, width in zip([True] + [False] * len(line), line, widths, strict=False)
        ).rstrip()
        for line in lines
    )


def number(value: float | None, *, digits: int = 3) -> str:
    """A measure as printed; a dash where it could not be measured."""
    return NOT_MEASURED if value is None else f"{value:.{digits}f}"


def _ratio(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else NOT_MEASURED


def _verdict_record(verdict: Verdict) -> dict[str, Any]:
    record = asdict(verdict)
    judged = record.pop("judged")
    return {
        "id": judged["question_id"],
        "question": judged["question"],
        "category": judged["category"],
        "right": verdict.right,
        "expected": {key: judged[key] for key in ("answered", "locators", "also_ok", "quote_contains")},
        **record,
    }


def _failure(verdict: Verdict) -> str:
    judged = verdict.judged
    lines = [f"✗ {judged.question_id} [{judged.category}] {judged.question}"]
    expected = f"引用 {_listed(judged.locators)}" if judged.answered else "拒答"
    if judged.also_ok:
        expected += f"，{'也可引' if judged.answered else '可列为最近条款'} {_listed(judged.also_ok)}"
    if verdict.answered:
        outcome = f"回答（{verdict.route}），引用 {_listed(verdict.cited)}"
    else:
        outcome = f"拒答（{verdict.route}）：{verdict.reason or '没有说明原因'}；最近条款 {_listed(verdict.near)}"
    lines += [f"  应为  {expected}", f"  实际  {outcome}"]
    if verdict.missing:
        lines.append(f"  漏引  {_listed(verdict.missing)}")
    if verdict.extra and judged.answered:
        lines.append(f"  多引  {_listed(verdict.extra)}")
    if verdict.unquoted:
        lines.append(f"  引文缺  {_listed(verdict.unquoted)}")
        lines += [f"  引文是  {quote}" for quote in verdict.quotes]
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    return "、".join(names) if names else "无"
