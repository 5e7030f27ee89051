"""How well the register of requirements is read: sentences labelled by hand against what ``ingest`` finds in them.

Takes labelled sentences (``sets/register/README.md`` says how they were labelled) and the folders where their documents
lie, gives counts for each class and each field. A sentence is found again by document and hash; one whose document is
not at hand is counted as absent and measured nowhere.

Precision, recall and F1 are those of single classes (true positives over predicted, over labelled, and their harmonic
mean); macro F1 is the plain mean of F1 over the classes. A sentence may have several modalities and audiences.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.reading import Row, read_json_lines
from ingest import tables
from ingest.errors import InputError
from ingest.home import PROJECT_DIR
from ingest.intake import read_file
from ingest.progress import Progress, Silent, track
from ingest.records import Clause, ParsedDocument, Requirement, Span
from ingest.sentences import clause_sentences

SET_DIR = PROJECT_DIR / "evaluation" / "sets" / "register"
HALVES = ("build", "report")
MEASURED = ("frequency", "quantity", "deadline")
FIELDS = (*MEASURED, "lead_units", "support_units", "exception", "condition")
LABELLED = (*FIELDS, "action", "object")  # the last two are counted by items (``register_actions.py``)
BINDING = frozenset({"must", "must_not", "should", "may", "encouraged"})
_HASH = "sha256:"
_HASH_DIGITS = 16


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence as a person read it; ``None`` where a field was left unjudged."""

    sentence_id: str
    file: str  # with the folder that it lies in: "govcn/1.html"
    locator: str
    index: int  # of the sentence in its clause, from 0
    sha256: str  # first 16 digits, of the sentence
    modality: frozenset[str]
    audience: frozenset[str] | None
    subject: tuple[str, ...] | None
    fields: Mapping[str, tuple[str, ...]]  # the words, or their hash, in order
    heads: tuple[str, ...] = ()  # the last two characters of each object


@dataclass(frozen=True, slots=True)
class Comparison:
    """One sentence: what was labelled and what was read. Field words are as labelled: plain, or hashed."""

    labelled: LabelledSentence
    text: str
    modality: frozenset[str]
    audience: frozenset[str]
    subject: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]

    def wrong(self) -> dict[str, tuple[object, object]]:
        """Each field that differs, as (labelled, read)."""
        label = self.labelled
        pairs: dict[str, tuple[object, object]] = {"modality": (label.modality, self.modality)}
        if label.audience is not None:
            pairs["audience"] = (_families(label.audience), _families(self.audience))
        if label.subject is not None:
            pairs["subject"] = (label.subject, _as_labelled(self.subject[:1], label.subject))
        for name, words in label.fields.items():
            pairs[name] = (Counter(words), Counter(squeezed_as_labelled(self.fields.get(name, ()), words)))
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class: how many sentences have it by hand, and how precision and recall stand."""

    name: str
    labelled: int
    read: int
    both: int

    @property
    def precision(self) -> float:
        """Of what was read, the share that is labelled; 0 where nothing was read."""
        return self.both / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        """Of what is labelled, the share that was read; 0 where nothing is labelled."""
        return self.both / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.both / (self.labelled + self.read) if self.labelled + self.read else 0.0


@dataclass(frozen=True, slots=True)
class FieldScore:
    """One field: sentences that are exactly right, among those where a person or the program saw the field."""

    name: str
    stated: int  # sentences with the field by hand
    seen: int  # by hand or by the program
    exact: int  # of ``seen``
    judged: int  # all judged sentences

    @property
    def share(self) -> float | None:
        """``exact`` of ``seen``, the stricter measure; ``None`` where nobody saw the field."""
        return self.exact / self.seen if self.seen else None

    @property
    def share_of_all(self) -> float | None:
        """The share of all judged sentences that are exactly right, empty ones included."""
        return (self.judged - self.seen + self.exact) / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class RegisterScore:
    """The measured set."""

    sentences: int
    absent: int
    modality: tuple[ClassScore, ...]
    audience: tuple[ClassScore, ...]  # families: a kindergarten counts as a school
    audience_exact: tuple[ClassScore, ...]  # the audiences as they stand
    fields: tuple[FieldScore, ...]


def macro_f1(scores: Sequence[ClassScore]) -> float | None:
    """The mean F1 of the classes that a person labelled at least once."""
    known = [score.f1 for score in scores if score.labelled]
    return sum(known) / len(known) if known else None


def set_path(name: str) -> Path:
    """The file that ``name`` means: one of ``HALVES``, or a path."""
    return SET_DIR / f"{name}.jsonl" if name in HALVES else Path(name)


def load_labelled(path: Path) -> tuple[LabelledSentence, ...]:
    """The labelled sentences of a file.

    Raises:
        InputError: a line is malformed, or there is none.
    """
    rows = tuple(_labelled(row) for row in read_json_lines(path))
    if not rows:
        raise InputError(f"{path} 里没有句子。应为：每行一个标注过的句子的 .jsonl 文件。")
    return rows


def _labelled(row: Row) -> LabelledSentence:
    known = row.fields
    subject = known.get("subject", ())
    return LabelledSentence(
        sentence_id=row.identifier("id"),
        file=row.text("file"),
        locator=row.text("clause"),
        index=int(str(known["sentence"])),
        sha256=row.text("sha256"),
        modality=frozenset(row.texts("modality")),
        audience=frozenset(row.texts("audience")) if "audience" in known else None,
        subject=None if "subject" not in known else (str(subject),) if subject else (),
        fields={name: row.texts(name) for name in LABELLED if name in known},
        heads=row.texts("object_heads") if "object_heads" in known else (),
    )


def folders_at_hand() -> tuple[Path, ...]:
    """Where the documents may lie: the shipped ones, and the folder that ``KB_REALDATA`` names."""
    real = os.environ.get("KB_REALDATA")
    return (PROJECT_DIR / "corpus" / "documents", *((Path(real) / "documents",) if real else ()))


def compare(
    rows: Sequence[LabelledSentence], folders: Iterable[Path], progress: Progress | None = None
) -> tuple[Comparison, ...]:
    """Every labelled sentence that is at hand beside what the register holds of it."""
    paths = _paths({row.file for row in rows}, folders)
    found = []
    for name in track(sorted(paths), progress or Silent(), "读文件", "份"):
        document = read_file(paths[name])
        sentences = _sentences(document)
        for row in (row for row in rows if row.file == name):
            places = sentences.get(row.sha256, [])
            exact = [place for place in places if (place[0].locator, place[2]) == (row.locator, row.index)]
            for clause, span, _ in (exact or places)[:1]:
                found.append(_comparison(row, clause, span, document.requirements))
    order = {row.sentence_id: place for place, row in enumerate(rows)}
    return tuple(sorted(found, key=lambda each: order[each.labelled.sentence_id]))


def _paths(names: set[str], folders: Iterable[Path]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for folder in folders:
        found |= {name: folder / name for name in names - set(found) if (folder / name).is_file()}
    return found


def _sentences(document: ParsedDocument) -> dict[str, list[tuple[Clause, Span, int]]]:
    by_hash: dict[str, list[tuple[Clause, Span, int]]] = {}
    for clause in document.clauses:
        if clause.kind == "clause":
            for index, span in enumerate(clause_sentences(clause.text, clause.body_start)):
                key = _digest(clause.text[span.start : span.end])
                by_hash.setdefault(key, []).append((clause, span, index))
    return by_hash


def _comparison(row: LabelledSentence, clause: Clause, span: Span, requirements: Sequence[Requirement]) -> Comparison:
    own = [r for r in requirements if r.clause_id == clause.clause_id]
    inside = [r for r in own if span.start <= r.span.start < span.end]
    words: dict[str, dict[Span, str]] = {}
    for requirement in own:
        for reading in requirement.readings:
            if reading.where == "clause" and span.start <= reading.span.start < span.end:
                words.setdefault(reading.field, {})[reading.span] = reading.words
    read = {name: tuple(w for _, w in sorted(p.items(), key=_by_start)) for name, p in words.items()}
    return Comparison(
        labelled=row,
        text=clause.text[span.start : span.end],
        modality=frozenset(r.modality for r in inside) or frozenset({"statement"}),
        audience=frozenset(key for r in inside if r.modality in BINDING for key in r.audience),
        subject=read.get("subject", ()),
        fields=read,
    )


def _by_start(item: tuple[Span, str]) -> int:
    return item[0].start


def score(comparisons: Sequence[Comparison], absent: int = 0) -> RegisterScore:
    """The measures over all sentences at hand."""
    judged = [each for each in comparisons if each.labelled.audience is not None]
    return RegisterScore(
        sentences=len(comparisons),
        absent=absent,
        modality=_classes((each.labelled.modality, each.modality) for each in comparisons),
        audience=_classes((_families(each.labelled.audience or ()), _families(each.audience)) for each in judged),
        audience_exact=_classes((each.labelled.audience or frozenset(), each.audience) for each in judged),
        fields=tuple(_field(name, comparisons) for name in (*FIELDS, "subject")),
    )


def _classes(pairs: Iterable[tuple[Iterable[str], Iterable[str]]]) -> tuple[ClassScore, ...]:
    labelled, read, both = Counter[str](), Counter[str](), Counter[str]()
    for label, got in pairs:
        labelled.update(set(label))
        read.update(set(got))
        both.update(set(label) & set(got))
    names = sorted({*labelled, *read}, key=lambda name: (-labelled[name], name))
    return tuple(ClassScore(name, labelled[name], read[name], both[name]) for name in names)


def _field(name: str, comparisons: Sequence[Comparison]) -> FieldScore:
    stated = seen = exact = judged = 0
    for each in comparisons:
        label = each.labelled.subject if name == "subject" else each.labelled.fields.get(name)
        if label is None:
            continue
        got = each.subject[:1] if name == "subject" else each.fields.get(name, ())
        judged += 1
        stated += bool(label)
        seen += bool(label or got)
        exact += bool(label or got) and Counter(label) == Counter(_as_labelled(got, label))
    return FieldScore(name, stated, seen, exact, judged)


def _families(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(tables.audiences()[key].within or key for key in keys)


def squeezed_as_labelled(words: Iterable[str], label: Sequence[str]) -> tuple[str, ...]:
    """The words as the label has them: without blanks, and hashed where only the hash is kept."""
    return _as_labelled(("".join(word.split()) if " " in word or "\n" in word else word for word in words), label)


def _as_labelled(words: Iterable[str], label: Sequence[str]) -> tuple[str, ...]:
    """The words in the form in which the label has them: hashed where only the hash is kept."""
    return tuple(_HASH + _digest(word) if _HASH + _digest(word) in label else word for word in words)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HASH_DIGITS]


def iter_wrong(comparisons: Sequence[Comparison]) -> Iterator[tuple[Comparison, dict[str, tuple[object, object]]]]:
    """The sentences that are not entirely right, with what differs."""
    for each in comparisons:
        if wrong := each.wrong():
            yield each, wrong
