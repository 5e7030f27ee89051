"""References in real documents against labels that a person read; the texts are not shipped, the labels are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.parsing import parse_file
from ingest.records import Clause, ParsedDocument
from ingest.reference_places import Target, paragraphs_of
from ingest.references import Reference, References

pytestmark = pytest.mark.realdata

LABELS = Path(__file__).with_name("reference_labels.tsv")
NOTHING = {"?", "-"}  # what is honestly told as not found


@dataclass(frozen=True)
class Row:
    file: str
    clause: str
    expected: tuple[str, ...]


def rows() -> list[Row]:
    lines = [line for line in LABELS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    cells = [(*line.split("\t"), "")[:3] for line in lines]
    return [Row(file, clause, tuple(expected.split())) for file, clause, expected in cells]


def read_all(documents: Path) -> dict[str, ParsedDocument]:
    """The files of the labels and all laws beside them, each under an id of its own."""
    named = {row.file for row in rows()} | {
        f"statutes-md/{path.name}" for path in (documents / "statutes-md").glob("*.md")
    }
    return {file: parse_file(documents / file) for file in sorted(named)}


def label(target: Target, file: str, own: str, clauses: dict[tuple[str, str], Clause]) -> str:
    """A target as the labels write it: an article without what stands above, its paragraph behind "#"."""
    clause = clauses[file, target.clause_id]
    steps = target.clause_id.split(".")[1:]
    article = next((at for at, step in enumerate(steps) if step.startswith("a")), 0)
    kept = steps[article:]
    paragraph = next((step for step in kept[1:] if step.startswith("p")), "") if kept[0].startswith("a") else ""
    words = ".".join(step for step in kept if step != paragraph)
    if paragraph:
        words = words.replace(kept[0], f"{kept[0]}#{paragraph[1:]}", 1)
    if target.span is not None:
        words += f"#{paragraphs_of(clause.text).index(target.span) + 1}"
    return words if file == own else f"{file}>{words}"


def found_in(row: Row, made: tuple[Reference, ...], read: dict[str, ParsedDocument]) -> Iterator[str]:
    files = {parsed.document.doc_id: file for file, parsed in read.items()}
    clauses = {(file, clause.clause_id): clause for file, parsed in read.items() for clause in parsed.clauses}
    for reference in made:
        if reference.clause_id != f"{read[row.file].document.doc_id}.{row.clause}":
            continue
        if reference.doc_id is None or reference.state == "no_place":
            yield "-" if reference.state == "no_place" else "?"
            continue
        file = files[reference.doc_id]
        places = [label(target, file, row.file, clauses) for target in reference.targets]
        if len(places) > 1:
            places = [f"{places[0]}-{places[-1].rpartition('.')[2]}"]
        yield places[0] if places else f"{file}>"


def measured(documents: Path) -> tuple[Counter[str], list[str]]:
    """Counts of right, wrong and missed targets, and the differences in words."""
    read = read_all(documents)
    ids = {parsed.document.doc_id: parsed for parsed in read.values()}
    every = [clause for parsed in ids.values() for clause in parsed.clauses]
    references = References(
        [parsed.document for parsed in ids.values()],
        lambda doc_id: ids[doc_id].clauses,
        lambda words: [clause for clause in every if words in clause.text],
    )
    counts: Counter[str] = Counter()
    differing = []
    for row in rows():
        expected = Counter(row.expected)
        found = Counter(found_in(row, references.of_document(read[row.file].document.doc_id), read))
        opened, wanted = (Counter({k: n for k, n in c.items() if k not in NOTHING}) for c in (found, expected))
        counts["right"] += (opened & wanted).total()
        counts["wrong"] += (opened - wanted).total()
        counts["missed"] += (wanted - opened).total()
        counts["references"] += expected.total()
        counts["told"] += sum(min(found[k], expected[k]) for k in NOTHING)
        if found != expected:
            differing.append(f"{row.file} {row.clause}: {sorted(expected - found)} / {sorted(found - expected)}")
    return counts, differing


def test_what_a_person_reads_in_real_texts_is_found_and_nothing_else(realdata: Path) -> None:
    counts, differing = measured(realdata / "documents")
    print(dict(counts), *differing, sep="\n")
    assert counts["references"] >= 60
    assert counts["wrong"] == 0, differing
    assert counts["right"] / (counts["right"] + counts["missed"]) >= 0.95, differing
