"""What two clauses that belong together ask more or less strictly, read off their requirements with their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.records import Requirement
from qa.changes import bare
from qa.comparison.likeness import by_words
from qa.comparison.records import Direction, Field, Pair, Shift
from qa.comparison.scales import deadline_shift, frequency_shift, quantity_shift, strength_shift

BINDING = ("must", "must_not", "should")
_MOVED = 0.8  # of 0..1: the same requirement in another clause
_LEAST = 0.3  # of 0..1: two sentences of clauses that belong together are the same requirement


def shifts_between(before: Sequence[Requirement], after: Sequence[Requirement]) -> tuple[Shift, ...]:
    """The shifts between the requirements of two clauses, in their order; none for equal ones."""
    found: list[Shift] = []
    pairs, gone, come = _paired(before, after)
    for old, new in pairs:
        found += requirement_shifts(old, new)
    found += [Shift("requirement", "loosened", old.sentence, "", old, None) for old in gone if old.modality in BINDING]
    found += [Shift("requirement", "tightened", "", new.sentence, None, new) for new in come if new.modality in BINDING]
    return tuple(found)


def requirement_shifts(old: Requirement, new: Requirement) -> Iterable[Shift]:
    """How one requirement became more or less strict; verbatim words on both sides."""
    direction = strength_shift(old, new)
    if direction is not None:
        yield Shift("modality", direction, old.modal_word or "", new.modal_word or "", old, new)
    measures: tuple[tuple[Field, str | None, str | None], ...] = (
        ("quantity", old.quantity, new.quantity),
        ("frequency", old.frequency, new.frequency),
        ("deadline", old.deadline, new.deadline),
    )
    binding = old.modality in BINDING or new.modality in BINDING
    for field, earlier, later in measures:
        if field == "quantity" and _within_frequency(old) and _within_frequency(new):
            continue  # "两次" of "每年至少两次" is said once
        if binding and bare(earlier or "") != bare(later or ""):
            yield Shift(field, _measured(field, earlier or "", later or ""), earlier or "", later or "", old, new)


def _within_frequency(requirement: Requirement) -> bool:
    return (requirement.quantity or "") in (requirement.frequency or "")


def with_moved_requirements(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs with requirements that only went from one clause to another told from those that came or went."""
    gone = [shift for pair in pairs for shift in pair.shifts if shift.field == "requirement" and not shift.after]
    come = [shift for pair in pairs for shift in pair.shifts if shift.field == "requirement" and not shift.before]
    if not gone or not come:
        return tuple(pairs)
    likeness = by_words([shift.before for shift in gone], [shift.after for shift in come])
    moved: dict[Shift, Shift] = {}
    while likeness.max() >= _MOVED:
        i, j = divmod(int(likeness.argmax()), likeness.shape[1])
        old, new = gone[i], come[j]
        both = replace(old, direction="changed", after=new.after, after_requirement=new.after_requirement)
        moved[old] = moved[new] = both
        likeness[i], likeness[:, j] = 0.0, 0.0
    return tuple(replace(pair, shifts=tuple(moved.get(shift, shift) for shift in pair.shifts)) for pair in pairs)


def _measured(field: Field, earlier: str, later: str) -> Direction:
    if not earlier or not later:
        return "tightened" if later else "loosened"
    compare = {"quantity": quantity_shift, "frequency": frequency_shift, "deadline": deadline_shift}[field]
    return compare(earlier, later)


def _paired(
    before: Sequence[Requirement], after: Sequence[Requirement]
) -> tuple[list[tuple[Requirement, Requirement]], list[Requirement], list[Requirement]]:
    """Requirements that are alike, and those of each side that are left."""
    if not before or not after:
        return [], list(before), list(after)
    likeness = by_words([each.sentence for each in before], [each.sentence for each in after])
    pairs: list[tuple[int, int]] = []
    while likeness.size and likeness.max() >= _LEAST:
        i, j = divmod(int(likeness.argmax()), likeness.shape[1])
        pairs.append((i, j))
        likeness[i], likeness[:, j] = 0.0, 0.0
    rows, columns = {i for i, _ in pairs}, {j for _, j in pairs}
    return (
        [(before[i], after[j]) for i, j in sorted(pairs)],
        [each for place, each in enumerate(before) if place not in rows],
        [each for place, each in enumerate(after) if place not in columns],
    )
