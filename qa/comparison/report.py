"""What a comparison says: text for people, JSON for machines.

{"mode", "by_meaning", "before": {"name", "doc_id", "title", "version"}, "after": {…}, "counts": {kind: number},
"obligations": [{"met", "likeness", "clause_id", "locator", "sentence", "modality", "counterpart": {"clause_id",
"locator", "sentence"} | null, "shifts": […]}],
"pairs": [{"kind", "movement", "confidence", "basis", "punctuation_only", "before": {"clause_id", "locator", "text"} |
null, "after": {…} | null, "changes": [{"operation", "words"}], "nearest": {"clause_id", "locator", "likeness"} | null,
"shifts": [{"field", "direction", "before", "after", "before_sentence", "after_sentence"}]}]}

Fields are added, never renamed or removed. All words are verbatim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ingest.assembly import cited_locator
from ingest.records import Clause
from qa.comparison.records import Comparison, Nearest, Obligation, Pair, Shift, Text
from qa.phrases import Phrases
from qa.wording import Wording

_WORDING = Path(__file__).with_name("wording.toml")
_MARKS = {"same": "{}", "removed": "［-{}-］", "added": "［+{}+］"}


def phrases(language: str) -> Phrases:
    """The sentences about comparisons.

    Raises:
        InputError: an unknown language.
    """
    return Phrases(_WORDING, language)


def side_names(comparison: Comparison, words: Phrases) -> tuple[str, str]:
    """What the two sides are called: before and after, or upper and lower."""
    keys = ("before", "after") if comparison.mode == "versions" else ("upper", "lower")
    return words.say(keys[0]), words.say(keys[1])


def kind_words(pair: Pair, comparison: Comparison, words: Phrases) -> str:
    """What happened to a clause."""
    table = "kind" if comparison.mode == "versions" else "level_kind"
    return words.say(f"{table}.{pair.kind}")


def overview(comparison: Comparison, words: Phrases) -> list[str]:
    """The summary and how it was made, a line each."""
    titles = {"before": comparison.before.document.title, "after": comparison.after.document.title}
    counts = comparison.counts
    linked = counts["changed"] + counts["same"]
    key = f"summary_{comparison.mode}"
    numbers = {"linked": linked, "obligations": len(comparison.obligations), "unmet": len(comparison.unmet)}
    lines = [words.say(key, **titles, **counts, **numbers)]
    moved = Counter(pair.movement for pair in comparison.pairs)
    if comparison.mode == "versions" and (moved["moved"] or moved["renumbered"]):
        lines.append(words.say("moved_count", moved=moved["moved"], renumbered=moved["renumbered"]))
    directions = Counter(shift.direction for _, shift in all_shifts(comparison))
    if directions:
        named = {key: directions[key] for key in ("tightened", "loosened", "changed")}
        lines.append(words.say("shifts_count", **named))
    if comparison.audience and comparison.mode == "levels":
        lines.append(words.say("audience", audience=Wording(words.language).audience(comparison.audience)))
    return [*lines, words.say("how"), *([] if comparison.by_meaning else [words.say("words_only")])]


def all_shifts(comparison: Comparison) -> Iterator[tuple[tuple[Clause | None, Clause | None], Shift]]:
    """What was tightened or loosened, each once, with the clauses of both sides."""
    if comparison.mode == "levels":
        for each in comparison.obligations:
            yield from (((each.clause, each.counterpart_clause), shift) for shift in each.shifts)
        return
    seen: set[Shift] = set()
    for pair in comparison.pairs:
        for shift in pair.shifts:
            if shift not in seen:
                seen.add(shift)
                yield (pair.before, pair.after), shift


def place_of(clause: Clause | None) -> str:
    """A clause's place as staff cite it, "" for none."""
    return cited_locator(clause) if clause is not None else ""


def nearest_words(nearest: Nearest | None, words: Phrases) -> str:
    """What comes nearest to a clause without a partner."""
    if nearest is None:
        return words.say("none_near")
    return words.say("nearest", place=place_of(nearest.clause), likeness=f"{nearest.likeness:.2f}")


def shift_words(shift: Shift, words: Phrases) -> str:
    """One shift in a line: 频次 加严：每年至少一次 → 每学期至少一次."""
    nothing = words.say("nothing")
    head = f"{words.say(f'field.{shift.field}')} {words.say(f'direction.{shift.direction}')}"
    return f"{head}：{shift.before or nothing} → {shift.after or nothing}"


def comparison_text(comparison: Comparison, words: Phrases) -> str:
    """The comparison for people: obligations without counterpart first, then all that is not the same."""
    lines = overview(comparison, words)
    unmet, met = comparison.unmet, [each for each in comparison.obligations if each.met]
    if unmet:
        lines += ["", f"■ {words.say('unmet_title', count=len(unmet))}"]
        lines += [line for each in unmet for line in _obligation_lines(each, words)]
    shifted = [each for each in met if each.shifts]
    if shifted:
        lines += ["", f"■ {words.say('shifts_title')}"]
        lines += [line for each in shifted for line in _obligation_lines(each, words)]
    for pair in comparison.pairs:
        if pair.kind != "same" or pair.movement:
            lines += ["", *_pair_lines(pair, comparison, words)]
    return "\n".join(lines)


def _obligation_lines(obligation: Obligation, words: Phrases) -> Iterator[str]:
    yield f"{place_of(obligation.clause)} “{_one_line(obligation.requirement.sentence)}”"
    if obligation.counterpart is not None:
        near = "counterpart" if obligation.met else "nearest"
        place, likeness = place_of(obligation.counterpart_clause), f"{obligation.likeness:.2f}"
        label = words.say(near, place=place, likeness=likeness)
        shown = f"{label} {place}" if obligation.met else label
        yield f"   {shown}：“{_one_line(obligation.counterpart.sentence)}”"
    else:
        yield f"   {words.say('none_near')}"
    yield from (f"   {shift_words(shift, words)}" for shift in obligation.shifts)


def _pair_lines(pair: Pair, comparison: Comparison, words: Phrases) -> Iterator[str]:
    places = " → ".join(place for place in (place_of(pair.before), place_of(pair.after)) if place)
    movement = f"，{words.say(f'movement.{pair.movement}')}" if pair.movement else ""
    yield f"【{kind_words(pair, comparison, words)}{movement}】{places}{_certainty(pair, words)}"
    if pair.changes:
        yield f"   {marked(pair)}"
    elif pair.kind != "same":
        clause = pair.before or pair.after
        yield f"   {_one_line(clause.text) if clause else ''}"
        yield f"   {nearest_words(pair.nearest, words)}"
    if pair.punctuation_only:
        yield f"   {words.say('punctuation_only')}"
    yield from (f"   {shift_words(shift, words)}" for shift in pair.shifts)


def _certainty(pair: Pair, words: Phrases) -> str:
    if not pair.basis:
        return ""
    return f"（{words.say('confidence')} {pair.confidence:.2f}，{words.say(f'basis.{pair.basis}')}）"


def marked(pair: Pair) -> str:
    """The words with ［-removed-］ and ［+added+］ ones."""
    return "".join(_MARKS[change.operation].format(_one_line(change.words)) for change in pair.changes)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON, see the head of this file."""
    return {
        "mode": comparison.mode,
        "by_meaning": comparison.by_meaning,
        "before": _text_json(comparison.before),
        "after": _text_json(comparison.after),
        "counts": dict(comparison.counts),
        "obligations": [_obligation_json(each) for each in comparison.obligations],
        "pairs": [_pair_json(pair) for pair in comparison.pairs],
    }


def _text_json(text: Text) -> dict[str, Any]:
    document = text.document
    return {"name": text.name, "doc_id": document.doc_id, "title": document.title, "version": document.version}


def _clause_json(clause: Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    return {"clause_id": clause.clause_id, "locator": place_of(clause), "text": clause.text}


def _pair_json(pair: Pair) -> dict[str, Any]:
    nearest = pair.nearest
    return {
        "kind": pair.kind,
        "movement": pair.movement,
        "confidence": round(pair.confidence, 3),
        "basis": pair.basis,
        "punctuation_only": pair.punctuation_only,
        "before": _clause_json(pair.before),
        "after": _clause_json(pair.after),
        "changes": [{"operation": change.operation, "words": change.words} for change in pair.changes],
        "nearest": nearest
        and {
            "clause_id": nearest.clause.clause_id,
            "locator": place_of(nearest.clause),
            "likeness": round(nearest.likeness, 3),
        },
        "shifts": _shifts_json(pair.shifts),
    }


def _shifts_json(shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    return [
        {
            "field": shift.field,
            "direction": shift.direction,
            "before": shift.before,
            "after": shift.after,
            "before_sentence": shift.before_requirement.sentence if shift.before_requirement else None,
            "after_sentence": shift.after_requirement.sentence if shift.after_requirement else None,
        }
        for shift in shifts
    ]


def _obligation_json(each: Obligation) -> dict[str, Any]:
    counterpart = None
    if each.counterpart is not None:
        counterpart = {
            "clause_id": each.counterpart.clause_id,
            "locator": place_of(each.counterpart_clause),
            "sentence": each.counterpart.sentence,
        }
    return {
        "met": each.met,
        "likeness": round(each.likeness, 3),
        "clause_id": each.clause.clause_id,
        "locator": place_of(each.clause),
        "sentence": each.requirement.sentence,
        "modality": each.requirement.strength,
        "counterpart": counterpart,
        "shifts": _shifts_json(each.shifts),
    }
