"""What ``python -m ingest statutes`` prints, for people and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest import contract, report
from ingest.progress import cells
from ingest.statute_text import ORIGIN, Comparison
from ingest.statutes import Choice, Statute
from ingest.storage import Added, Counts


@dataclass(frozen=True, slots=True)
class StatuteIntake:
    """What became of one name: the version taken in, or why there is none."""

    wanted: str
    choice: Choice | None = None
    added: Added | None = None
    refused: str | None = None


def statute_json(statute: Statute) -> dict[str, Any]:
    """One row of ``--list --json``."""
    return {
        "doc_id": statute.doc_id,
        "name": statute.name,
        "kind": statute.kind,
        "issuer": statute.issuer,
        "version_on": statute.day or None,
        "effective_on": statute.effective_on,
        "status": statute.status,
    }


def list_text(statutes: Sequence[Statute]) -> str:
    """What ``--list`` prints."""
    if not statutes:
        return "没有名称里含这些字的法律。不加 --name 可以列出全部。"
    rows = [f"{one.status}  {one.day or '日期不详  '}  《{one.name}》  {one.doc_id}" for one in statutes]
    sums = "，".join(f"{status} {count}" for status, count in Counter(one.status for one in statutes).most_common())
    return "\n".join([*rows, f"{ORIGIN}：共 {len(rows)} 部（{sums}）。"])


def choice_text(wanted: str, choice: Choice, today: str | None = None) -> str:
    """Which version was taken where there are several, and whether it is still to come into force."""
    statute, notes = choice.statute, []
    if choice.others:
        taken = f"“{wanted}”有 {len(choice.others) + 1} 个文本，取 {statute.day} {statute.status}"
        notes.append(f"{taken}；另有 {'、'.join(f'{one.day} {one.status}（{one.doc_id}）' for one in choice.others)}。")
    if statute.applies_from and statute.applies_from > (today or date.today().isoformat()):
        notes.append(f"这一文本自 {statute.applies_from} 起施行，现在还没有施行。")
    return "".join(notes)


def intakes_json(intakes: Sequence[StatuteIntake], counts: dict[str, Counts]) -> dict[str, Any]:
    """What ``--json`` prints: one row a name, and how many were taken in, unchanged and refused."""
    rows: list[dict[str, Any]] = []
    for intake in intakes:
        row: dict[str, Any] = {"wanted": intake.wanted}
        if intake.added is None or intake.choice is None:
            rows.append(row | {"outcome": "refused", "reason": intake.refused})
            continue
        document = intake.added.document
        row |= contract.added_json(intake.added, counts[document.doc_id])
        row |= {"status": document.status, "issued_on": document.issued_on, "effective_on": document.effective_on}
        others = [statute_json(other) for other in intake.choice.others]
        rows.append(row | {"note": choice_text(intake.wanted, intake.choice), "other_versions": others})
    return {"statutes": rows, **_sums(intakes)}


def intakes_text(intakes: Sequence[StatuteIntake], counts: dict[str, Counts]) -> str:
    """What the command prints: a line a law, and what was chosen for it."""
    lines = []
    for intake in sorted(intakes, key=lambda intake: intake.added is None):  # refusals last, where they are seen
        if intake.added is None or intake.choice is None:
            lines.append(f"拒绝：{intake.refused}")
            continue
        lines.append(report.added_text(intake.added, counts[intake.added.doc_id]))
        if note := choice_text(intake.wanted, intake.choice):
            lines.append(f"  {note}")
    sums = _sums(intakes)
    return "\n".join(
        [*lines, f"共 {len(intakes)} 部：收录 {sums['read']}，未变 {sums['unchanged']}，拒绝 {sums['refused']}。"]
    )


def check_json(found: Sequence[Comparison]) -> dict[str, Any]:
    """What ``--check --json`` prints."""
    rows = [
        statute_json(one.statute)
        | {"articles": one.articles, "equal": one.equal, "parted": one.parted, "faults": list(one.faults)}
        for one in found
    ]
    return {"statutes": rows, **_check_sums(found)}


def check_text(found: Sequence[Comparison]) -> str:
    """What ``--check`` prints: articles in the package, those equal, those whose tail stands by itself, faults."""
    width = max((cells(one.statute.name) for one in found), default=0)
    lines = [
        f"{one.statute.name}{' ' * (width - cells(one.statute.name))}  {one.statute.day}  {one.statute.status}"
        f"  条文 {one.articles:4}  相同 {one.equal:4}  另立 {one.parted:2}  {'；'.join(one.faults) or '无误'}"
        for one in found
    ]
    sums = _check_sums(found)
    return "\n".join(
        [
            *lines,
            f"{ORIGIN}：{len(found)} 部，条文 {sums['articles']}，文字相同 {sums['equal']}，"
            f"文字相同、其后的编名或附件另立的 {sums['parted']}，有出入的法律 {sums['faulty']} 部。",
        ]
    )


def _check_sums(found: Sequence[Comparison]) -> dict[str, int]:
    sums = {name: sum(getattr(one, name) for one in found) for name in ("articles", "equal", "parted")}
    return sums | {"faulty": sum(bool(one.faults) for one in found)}


def _sums(intakes: Sequence[StatuteIntake]) -> dict[str, int]:
    outcomes = [intake.added.outcome if intake.added else "refused" for intake in intakes]
    refused, unchanged = outcomes.count("refused"), outcomes.count("unchanged")
    return {"read": len(outcomes) - refused - unchanged, "unchanged": unchanged, "refused": refused}
