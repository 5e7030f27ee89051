"""How well files become clauses: what is measured on a folder of real documents.

A folder is measured by what lies in it: ``meta.json`` beside saved pages names their titles, numbers and counts of
sections; the same law as Markdown, DOCX and PDF must give the same articles; statutes in Markdown must run as their
lines number them; no page of a site may leave its navigation in a clause. Over all: every character of a source
stands in exactly one clause or is reported as left over.
"""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from pathlib import Path

from ingest.errors import InputError, UnreadableFile
from ingest.formats.memory import peak_memory
from ingest.formats.reading import CELL_MARK
from ingest.home import PROJECT_DIR
from ingest.markers import ARABIC, ARTICLE, CHAPTER, DECIMALS, ITEM, NUMERAL, ROW, SECTION, TABLE
from ingest.numerals import parse_numeral
from ingest.parsing import parse_file
from ingest.progress import Progress, Silent, track
from ingest.records import Clause, ParsedDocument

GOLDEN = PROJECT_DIR / "tests" / "golden"
NAVIGATION = PROJECT_DIR / "evaluation" / "sets" / "navigation.txt"
_BESIDE = (".json", ".jsonl")  # facts about the documents, no documents
_TEXTS = ("text", "markdown", "html")
_OFD_TEXT = 20  # characters: less is a mark on a scan
_LINE = re.compile(r"^(#*)\s*第([〇零一二三四五六七八九十百千]+)([章节条])(?:之([一二三四五六七八九十]+))?")
_GLUED = r"(?<=。)[ \u3000]+(?=第[零一二三四五六七八九十百千]+条)"  # an article that lost the line break before it
_UNIT_CODES = {"章": CHAPTER, "节": SECTION, "条": ARTICLE}
# What the list counts, by the families of ours that it takes together, and by what begins a line or a cell.
_COUNTED = {"sec1": (NUMERAL,), "sec2": (ITEM,), "sec3": (ARABIC, *DECIMALS[1:]), "art": (ARTICLE,)}
_BEGINS = {
    "sec1": re.compile(r"[一二三四五六七八九十]+、"),
    "sec2": re.compile(r"[（(][一二三四五六七八九十]+[）)]"),
    "sec3": re.compile(r"\d+[.．、]"),
}


@dataclass(frozen=True, slots=True)
class FileMeasure:
    """One file: what it became, or why it was refused."""

    path: Path
    seconds: float
    parsed: ParsedDocument | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: how often it held, and where it did not."""

    name: str
    held: int
    of: int
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderMeasure:
    """One folder."""

    name: str
    files: int
    refused: tuple[tuple[str, str], ...]
    clauses: int
    seconds: float
    peak_mb: float | None  # of this process so far; ``None`` where the system does not tell
    checks: tuple[Check, ...] = field(default=())

    @property
    def clauses_per_second(self) -> float:
        """Clauses, headings included, of the files that were read."""
        return self.clauses / self.seconds if self.seconds else 0.0


def measure_folders(folder: Path, progress: Progress | None = None) -> tuple[FolderMeasure, ...]:
    """Each folder with documents in ``folder``, or ``folder`` itself where documents lie in it.

    Raises:
        InputError: there is no such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise InputError(f"没有文件夹“{folder}”。请指明放着文件的文件夹。")
    inner = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    own = [path for path in folder.iterdir() if path.is_file() and path.suffix not in _BESIDE]
    laws = [path for path in inner if (path / "README.md").is_file()]
    chosen = [folder] if own or laws else inner
    if not chosen:
        raise InputError(f"文件夹“{folder}”里没有可以读的文件。请检查路径。")
    return tuple(measure_folder(path, progress) for path in chosen)


def measure_folder(folder: Path, progress: Progress | None = None) -> FolderMeasure:
    """Read every file under ``folder`` and check what its kind of folder can be checked for."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in _BESIDE)
    read = [_read(path) for path in track(paths, progress or Silent(), f"读取 {folder.name}", "份")]
    good = [measure for measure in read if measure.parsed is not None]
    checks = [_coverage(good), *_meta_checks(folder, good), *_golden_checks(folder, good)]
    checks += [*_version_checks(folder, good), *_statute_checks(good), *_navigation_checks(good), *_ofd_checks(good)]
    return FolderMeasure(
        name=folder.name,
        files=len(paths),
        refused=tuple((str(m.path.relative_to(folder)), m.refused) for m in read if m.parsed is None),
        clauses=sum(len(_clauses(measure)) for measure in good),
        seconds=sum(measure.seconds for measure in good),
        peak_mb=peak_memory(),
        checks=tuple(check for check in checks if check.of),
    )


def _read(path: Path) -> FileMeasure:
    started = time.perf_counter()
    try:
        parsed = parse_file(path)
    except UnreadableFile as error:
        return FileMeasure(path, time.perf_counter() - started, None, str(error))
    return FileMeasure(path, time.perf_counter() - started, parsed)


def _clauses(measure: FileMeasure) -> tuple[Clause, ...]:
    return measure.parsed.clauses if measure.parsed is not None else ()


def check(name: str, measures: Iterable[FileMeasure], fault: Callable[[FileMeasure], str]) -> Check:
    """Count the files for which ``fault`` finds nothing."""
    found = [(measure, fault(measure)) for measure in measures]
    failures = tuple(f"{measure.path.name}：{words}" for measure, words in found if words)
    return Check(name, len(found) - len(failures), len(found), failures)


def _coverage(measures: Sequence[FileMeasure]) -> Check:
    return check("每个字恰在一处", measures, lambda measure: uncovered(measure.parsed))


def uncovered(parsed: ParsedDocument | None) -> str:
    """Where a character of the source stands in no clause and no leaving, or in two; "" for nowhere."""
    if parsed is None:
        return ""
    spans = sorted(
        [(clause.span.start, clause.span.end) for clause in parsed.clauses]
        + [(span.start, span.end) for span in parsed.leavings]
    )
    at = 0
    for start, end in spans:
        if start != at:
            return f"第 {min(at, start)} 字处{'缺' if start > at else '重'} {abs(start - at)} 字"
        at = end
    if at != len(parsed.source):
        return f"末尾缺 {len(parsed.source) - at} 字"
    wrong = next((c for c in parsed.clauses if parsed.source[c.span.start : c.span.end] != c.text), None)
    return f"“{wrong.locator}”的文字与原文不同" if wrong else ""


def _meta_checks(folder: Path, measures: Sequence[FileMeasure]) -> list[Check]:
    if not (folder / "meta.json").is_file():
        return []
    records = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    by_name = {str(record["id"]): record for record in records}
    known = [(measure, by_name[measure.path.stem]) for measure in measures if measure.path.stem in by_name]
    facts = {measure.path: record for measure, record in known}
    files = [measure for measure, _ in known]

    def differs(name: str, key: str) -> Callable[[FileMeasure], str]:
        def fault(measure: FileMeasure) -> str:
            found, expected = getattr(measure.parsed.document, name) or "", facts[measure.path][key]  # type: ignore[union-attr]
            return "" if found == expected else f"“{found}”，应为“{expected}”"

        return fault

    def sections(measure: FileMeasure) -> str:
        codes = Counter(clause.path[-1].code for clause in _clauses(measure))
        beside = _numbers_beside(measure)
        found = {key: sum(codes[code] for code in family) + beside[key] for key, family in _COUNTED.items()}
        expected = {key: facts[measure.path][key] for key in _COUNTED}
        return "" if found == expected else f"{list(found.values())}，清单为 {list(expected.values())}"

    return [
        check("标题相符", files, differs("title", "title")),
        check("文号相符", files, differs("doc_number", "number")),
        check("发文机关相符", files, differs("issuer", "office")),
        check("一、（一）1.第X条的数目与清单相同（连同表格和附件清单里的）", files, sections),
    ]


def _numbers_beside(measure: FileMeasure) -> Counter[str]:
    """Numbers that the list counts and that are no clauses: in the cells of tables, in the list of attachments."""
    if measure.parsed is None:
        return Counter()
    pieces = [cell for c in measure.parsed.clauses if c.path[-1].code in (TABLE, ROW) for cell in _cells(c.text)]
    source = measure.parsed.source
    pieces += [line for span in measure.parsed.leavings for line in source[span.start : span.end].split("\n")]
    return Counter(key for key, begins in _BEGINS.items() for piece in pieces if begins.match(piece.strip()))


def _cells(text: str) -> list[str]:
    return [cell for row in text.split("\n") for cell in row.split(CELL_MARK)]


def _golden_checks(folder: Path, measures: Sequence[FileMeasure]) -> list[Check]:
    golden = GOLDEN / folder.name
    known = [m for m in measures if (golden / f"{m.path.stem}.json").is_file()] if golden.is_dir() else []

    def fault(measure: FileMeasure) -> str:
        expected = json.loads((golden / f"{measure.path.stem}.json").read_text(encoding="utf-8"))
        found = [clause.locator for clause in _clauses(measure)]
        if found == expected:
            return ""
        place = next((n for n, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), -1)
        return f"{len(found)} 段，应为 {len(expected)} 段，第 {place + 1} 段起不同"

    return [check("条款编号与人工核对的相同", known, fault)]


def _version_checks(folder: Path, measures: Sequence[FileMeasure]) -> list[Check]:
    """The files of one law, each law a folder with a README.md."""
    laws: dict[Path, dict[str, FileMeasure]] = {}
    for measure in measures:
        if measure.path.parent != folder:
            laws.setdefault(measure.path.parent, {})[measure.path.suffix.lower()] = measure
    checks = []
    for ending in (".docx", ".pdf"):
        pairs = [(files[".md"], files[ending]) for files in laws.values() if {".md", ending} <= files.keys()]
        sources = {other.path: source for source, other in pairs}
        others = [other for _, other in pairs]
        checks.append(check(f"{ending[1:].upper()} 与 README.md 的条文相同", others, partial(_differing, sources)))
    return checks


def articles(measure: FileMeasure) -> dict[tuple[int, int], str]:
    """The articles of a law by number: the words of each and of what stands under it, white space aside."""
    found: dict[tuple[int, int], str] = {}
    for clause in _clauses(measure):
        for step in clause.path:
            if step.code == ARTICLE:
                words = re.sub(r"\s", "", clause.text)
                found[step.number, step.suffix] = found.get((step.number, step.suffix), "") + words
    return found


def _differing(sources: dict[Path, FileMeasure], other: FileMeasure) -> str:
    left, right = articles(sources[other.path]), articles(other)
    differing = sorted(key for key in left.keys() | right.keys() if left.get(key) != right.get(key))
    return f"{len(differing)} 条不同：{differing[:8]}" if differing else ""


def _statute_checks(measures: Sequence[FileMeasure]) -> list[Check]:
    laws = [m for m in measures if m.path.suffix.lower() == ".md" and m.path.name != "README.md"]

    def fault(measure: FileMeasure) -> str:
        expected, found = _numbered_lines(measure.path), _numbered_clauses(measure)
        if expected == found:
            return ""
        lost, invented = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
        return f"少 {len(lost)} 条、多 {len(invented)} 条：{[*lost, *invented][:4]}"

    return [check("条文按原文编号，各在其章、节", laws, fault)]


_Place = tuple[int, int, int, int]  # chapter, section, article, 之


def _numbered_lines(path: Path) -> list[_Place]:
    """What the lines of a Markdown law number, read without the parser: 章 and 节 as headings, 条 at line starts."""
    places: list[_Place] = []
    chapter = section = 0
    for line in re.sub(_GLUED, "\n", path.read_text(encoding="utf-8")).splitlines():
        found = _LINE.match(line)
        if found is None or (found.group(3) != "条") != bool(found.group(1)):
            continue
        number, suffix = parse_numeral(found.group(2)), parse_numeral(found.group(4) or "")
        if found.group(3) == "章":
            chapter, section = number, 0
        elif found.group(3) == "节":
            section = number
        else:
            places.append((chapter, section, number, suffix))
    return places


def _numbered_clauses(measure: FileMeasure) -> list[_Place]:
    places = []
    for clause in _clauses(measure):
        step = clause.path[-1]
        if step.code == ARTICLE:
            above = {outer.code: outer.number for outer in clause.path}
            places.append((above.get(CHAPTER, 0), above.get(SECTION, 0), step.number, step.suffix))
    return places


def _ofd_checks(measures: Sequence[FileMeasure]) -> list[Check]:
    """The characters of each OFD with text, counted: what became of it against what its XML says."""

    def fault(measure: FileMeasure) -> str:
        if measure.parsed is None:
            return ""
        found = Counter("".join(measure.parsed.source.split()))
        told = {char for notice in measure.parsed.notices if notice.kind == "removed" for char in notice.context}
        digits = set("0123456789") if told & set("0123456789") else set()  # the page numbers of all pages
        lost = Counter({char: n for char, n in (written[measure.path] - found).items() if char not in told | digits})
        added = found - written[measure.path] - Counter(CELL_MARK * len(found))
        return f"少 {''.join(lost.elements())}、多 {''.join(added.elements())}" if lost or added else ""

    written = {m.path: Counter(_text_codes(m.path)) for m in measures if m.path.suffix.lower() == ".ofd"}
    texts = [m for m in measures if sum(written.get(m.path, Counter()).values()) > _OFD_TEXT]
    return [check("OFD 的文字与其 XML 里的相同", texts, fault)]


def _text_codes(path: Path) -> str:
    """The words of all pages of an OFD in the order of its files, white space aside, read without the reader."""
    words = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.search(r"(?:^|/)Pages/.*\.xml$", name, re.IGNORECASE):
                words += re.findall(r"<(?:\w+:)?TextCode[^>]*>([^<]*)</", archive.read(name).decode("utf-8"))
    return "".join("".join(map(unescape, words)).split())


def _navigation_checks(measures: Sequence[FileMeasure]) -> list[Check]:
    phrases = [line.strip() for line in NAVIGATION.read_text(encoding="utf-8").splitlines()]
    table = [phrase for phrase in phrases if phrase and not phrase.startswith("#")]
    pages = [measure for measure in measures if measure.path.suffix.lower() in (".html", ".htm", ".mht")]

    def fault(measure: FileMeasure) -> str:
        lines = [line.strip() for clause in _clauses(measure) for line in clause.text.split("\n")]
        hits = [phrase for phrase in table if any(re.fullmatch(phrase, line) for line in lines)]
        return "、".join(hits)

    return [check("条款里没有网站导航文字", pages, fault)]
