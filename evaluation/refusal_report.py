"""The refusal measurement as text, as JSON, and as a picture (SVG, drawn by hand: two axes and a few lines)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from evaluation.refusal import ANSWERABLE, OWN_ALLOWED, Group, Kind, Refusal
from evaluation.report import number, table

KIND_NAMES: dict[Kind, str] = {
    "answerable": "有答案",
    "out_of_domain": "别的领域",
    "law_missing": "所问的法不在库里",
    "everyday": "日常问题",
    "unstated": "文件没有写",
}
# Okabe and Ito's colours, told apart by colour-blind readers, too; one a kind. One dash pattern a base.
COLOURS: dict[Kind, str] = {
    "answerable": "#000000",
    "out_of_domain": "#0072b2",
    "law_missing": "#d55e00",
    "everyday": "#009e73",
    "unstated": "#cc79a7",
}
DASHES = ("", "7 4", "2 3", "9 3 2 3", "14 4")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 900, 460, 64, 24, 330, 56
FONT = 'font-family="sans-serif" font-size="13"'
SHOWN = 0.3  # of the horizontal axis: nobody would refuse more of the answerable


def refusal_record(measured: Refusal) -> dict[str, Any]:
    """The measurement as one JSON object, without the score of each question."""
    record = asdict(measured)
    record["groups"] = [
        {"base": group.base, "kind": group.kind, "questions": len(group.scores)} for group in measured.groups
    ]
    return record


def refusal_text(measured: Refusal) -> str:
    """The shares at the threshold in use, then what other thresholds would do."""
    rows = [
        (
            f"{share.base}：{KIND_NAMES[share.kind]}",
            str(share.questions),
            f"{share.refused:.3f}",
            f"{share.low:.3f}–{share.high:.3f}",
            number(share.separation),
            number(share.own_threshold, digits=2),
            number(share.own_refused),
        )
        for share in measured.shares
    ]
    head = ("知识库：问题", "题数", "拒答", "95% 区间", "区分度", "自定门槛", "拒答")
    trades = [
        (f"≤ {trade.allowed:.0%}", f"{trade.threshold:.2f}", *(f"{share:.3f}" for share in trade.refused))
        for trade in measured.trades
    ]
    columns = ("有答案的被拒", "门槛", *(str(at) for at, _ in enumerate(measured.groups, start=1)))
    named = "，".join(
        f"{at} {group.base}：{KIND_NAMES[group.kind]}" for at, group in enumerate(measured.groups, start=1)
    )
    return "\n".join(
        (
            f"门槛 {measured.threshold}，模型 {measured.model}，提交 {measured.machine.commit}",
            table(head, rows),
            "有答案的应当不拒，其余应当拒答。区分度：没有答案的一题把握低于有答案的一题的机会（0.5 为分不开）。",
            f"自定门槛：这个知识库单独定门槛，有答案的最多误拒 {OWN_ALLOWED:.0%} 时的门槛和拒答。",
            "",
            "换一个门槛（有答案的被拒，按知识库平均）：",
            table(columns, trades),
            named,
        )
    )


def refusal_picture(measured: Refusal) -> str:
    """The trade-off curve: across the share of answerable questions refused, up that of unanswerable ones.

    A ring marks the threshold in use.
    """
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_axes(),
        *(line for at, pair in enumerate(_pairs(measured)) for line in _curve(at, *pair, measured)),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _pairs(measured: Refusal) -> list[tuple[int, int, int]]:
    """For each group of unanswerable questions: its place, that of its base's answerable ones, that of its base."""
    bases = list(dict.fromkeys(group.base for group in measured.groups))
    own = {group.base: at for at, group in enumerate(measured.groups) if group.kind == ANSWERABLE}
    return [
        (at, own[group.base], bases.index(group.base))
        for at, group in enumerate(measured.groups)
        if group.kind != ANSWERABLE and group.base in own
    ]


def _axes() -> Iterator[str]:
    for step in range(6):
        share = step / 5
        y = _y(share)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{share:.0%}</text>'
    for step in range(7):
        share = step * SHOWN / 6
        x = _x(share)
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#eeeeee"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{share:.0%}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">有答案的问题被拒的比例（越低越好）</text>'
    up = (TOP + HEIGHT - BOTTOM) / 2
    place = f'x="16" y="{up:.0f}" transform="rotate(-90 16 {up:.0f})"'
    yield f'<text {place} text-anchor="middle">没有答案的问题被拒的比例（越高越好）</text>'


def _curve(row: int, at: int, own: int, base: int, measured: Refusal) -> Iterator[str]:
    group = measured.groups[at]
    style = f'stroke="{COLOURS[group.kind]}" stroke-dasharray="{DASHES[base % len(DASHES)]}"'
    points = _within([(refused[own], refused[at]) for refused in measured.curve])
    places = " ".join(f"{_x(across):.1f},{_y(up):.1f}" for across, up in points)
    yield f'<polyline points="{places}" fill="none" stroke-width="2" {style}/>'
    across, up = measured.groups[own].refused(measured.threshold), group.refused(measured.threshold)
    if across <= SHOWN:
        ring = f'cx="{_x(across):.1f}" cy="{_y(up):.1f}" r="5"'
        yield f'<circle {ring} fill="#ffffff" stroke="{COLOURS[group.kind]}" stroke-width="2"/>'
    x, y = WIDTH - RIGHT + 18, TOP + 14 + 24 * row
    yield f'<line x1="{x}" y1="{y - 4}" x2="{x + 36}" y2="{y - 4}" stroke-width="2" {style}/>'
    yield f'<text x="{x + 44}" y="{y}">{escape(_legend(group))}</text>'


def _legend(group: Group) -> str:
    return f"{group.base}：{KIND_NAMES[group.kind]}（{len(group.scores)} 题）"


def _within(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The part of a rising curve up to ``SHOWN``, its last stretch cut at the edge."""
    kept: list[tuple[float, float]] = []
    for across, up in points:
        if across <= SHOWN:
            kept.append((across, up))
            continue
        if kept:
            before, below = kept[-1]
            kept.append((SHOWN, below + (up - below) * (SHOWN - before) / (across - before)))
        break
    return kept


def _x(share: float) -> float:
    return LEFT + share / SHOWN * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
