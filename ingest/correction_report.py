"""What ``python -m ingest correct`` prints for people."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.correcting import Difference
from ingest.correction_desk import Standing, Trial
from ingest.corrections import FIELD_NAMES, Correction, described
from ingest.records import Clause, Document, Requirement

SHOWN = 40  # changes of one correction
_WORDS = 24  # characters of a clause


def trial_text(trial: Trial, number: int) -> str:
    """What a correction changes, and whether it was saved under ``number`` (0: not)."""
    lines = [difference_text(each) for each in trial.differences[:SHOWN]]
    if len(trial.differences) > SHOWN:
        lines.append(f"……共 {len(trial.differences)} 处变化")
    lines += [line for was, now in trial.requirements for line in _requirement_lines(was, now)]
    if not lines:
        lines = ["条款的编号不变，标题与正文的分界有变化。"]
    title = f"已保存更正 {number}" if number else "只是预览，没有保存"
    return "\n".join([f"{title}：{correction_text(trial.correction)}", *(f"  {line}" for line in lines)])


def correction_text(correction: Correction) -> str:
    """A correction with its place."""
    return f"“{correction.anchor.words}”，{described(correction.change)}"


def difference_text(difference: Difference) -> str:
    """One change of the outline in plain words."""
    was, now = difference.before, difference.after
    if now is None and was is not None:
        return f"取消 {was.locator}，文字并入前一条：{_words(was)}"
    if was is None and now is not None:
        return f"新增 {now.locator}：{_words(now)}"
    if was is None or now is None:
        return ""
    if difference.effect == "moved":
        return f"{was.locator} 改为 {now.locator}：{_words(now)}"
    old, new = was.path[-1].title, now.path[-1].title
    if not new:
        return f"{now.locator} 的“{old}”不再是标题，成为正文"
    return f"{now.locator} 的标题由“{old}”改为“{new}”" if old else f"{now.locator} 的“{new}”成为标题"


def list_text(document: Document, found: Sequence[Standing]) -> str:
    """The corrections in force."""
    if not found:
        return f"《{document.title}》没有生效中的更正。"
    lines = [f"《{document.title}》有 {len(found)} 项更正："]
    for each in found:
        state = "没有用上" if each.lapsed else "已用上"
        correction = each.correction
        lines.append(f"  {correction.number}. [{state}] {correction_text(correction)}（{correction.made_on}）")
        if each.lapsed and each.notice:
            lines.append(f"     {each.notice.message}")
    return "\n".join(lines)


def _requirement_lines(was: Requirement, now: Requirement) -> list[str]:
    lines = []
    for name, words in FIELD_NAMES.items():
        before, after = (_shown(getattr(each, name)) for each in (was, now))
        if before != after:
            lines.append(f"要求“{now.sentence[:_WORDS]}”的{words}：{before} 改为 {after}")
    return lines


def _shown(value: str | tuple[str, ...] | None) -> str:
    return ("、".join(value) if isinstance(value, tuple) else value) or "无"


def _words(clause: Clause) -> str:
    words = " ".join(clause.text.split())
    return words if len(words) <= _WORDS else f"{words[:_WORDS]}…"
