"""One fuzzing run: a child process of ``fuzz.py`` that gives changed files to the readers until its time is over.

Called with the folder of the run and then libFuzzer's own arguments. Whatever is no ``KnowledgeBaseError`` is a
finding: it is written down with its input, once for each place in the program, and the run goes on.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import atheris

from evaluation.fuzz_seeds import PACKED, READERS, packed
from evaluation.fuzz_words import changed

with atheris.instrument_imports(include=["ingest"]):
    from ingest.errors import KnowledgeBaseError
    from ingest.formats import docx, html, image, ofd, pdf, text
    from ingest.formats.detect import detect
    from ingest.formats.limits import open_zip, read_member
    from ingest.formats.ocr import shrink
    from ingest.formats.reading import Reading
    from ingest.home import PROJECT_DIR
    from ingest.parsing import parse_reading

from evaluation.parse import uncovered

SLOW = 10.0  # seconds for one small input
_EVERY = 5.0  # seconds between two writings of the tally
_NAME = "文件"
_READ: dict[str, Callable[[bytes, str], Reading]] = {
    "text": text.read,
    "html": html.read,
    "mht": html.read,
    "docx": docx.read,
    "ofd": ofd.read,
    "pdf": pdf.read,
}


class Tally:
    """What the run has done so far, kept in ``tally.json`` of its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: Counter[str] = Counter()
        self._read: Counter[str] = Counter()  # inputs that became clauses
        self._findings: dict[str, str] = {}
        self._written = 0.0

    def run(self, content: bytes) -> None:
        """One input: read it, and note what came of it."""
        if not content:
            return
        reader = READERS[content[0] % len(READERS)]
        self._runs[reader] += 1
        started = time.monotonic()
        try:
            self._read[reader] += read(reader, content[1:])
        except KnowledgeBaseError:
            pass
        except Exception as error:  # the one place whose task it is to find them all
            self._found(reader, content, _place(error), traceback.format_exc())
        if time.monotonic() - started > SLOW:
            self._found(reader, content, f"{reader} slow", f"{time.monotonic() - started:.1f} seconds")
        if time.monotonic() - self._written > _EVERY:
            self.write()

    def write(self) -> None:
        """Save the tally."""
        self._written = time.monotonic()
        record = {"runs": self._runs, "read": self._read, "findings": self._findings}
        (self._folder / "tally.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def _found(self, reader: str, content: bytes, place: str, words: str) -> None:
        if place in self._findings:
            return
        self._findings[place] = words
        name = re.sub(r"\W+", "-", f"{reader}-{place}")[:80]
        (self._folder / f"finding-{name}").write_bytes(content)
        self.write()


def read(reader: str, content: bytes) -> bool:
    """Whether ``content`` became clauses; every character of the source must then stand in one place."""
    if reader == "detect":
        detect(content, _NAME)
    elif reader == "zip":
        with open_zip(content, _NAME) as archive:
            for info in archive.infolist()[:20]:
                read_member(archive, info, _NAME)
    elif reader == "image":
        shrink(image.unpack(image.open_picture(content, _NAME), _NAME))
    else:
        reading = _READ[reader](packed(content) if reader in PACKED else content, _NAME)
        if fault := uncovered(parse_reading(reading, source_file=_NAME, sha256="0" * 64)):
            raise AssertionError(fault)
        return True
    return False


def _place(error: Exception) -> str:
    """The kind of error and where it was raised: the innermost line of our own and the innermost of all."""
    frames = traceback.extract_tb(error.__traceback__)
    own = next((frame for frame in reversed(frames) if Path(frame.filename).is_relative_to(PROJECT_DIR)), frames[-1])
    return f"{type(error).__name__} {Path(own.filename).name}:{own.lineno} {Path(frames[-1].filename).name}"


def _mutate(content: bytes, most: int, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.random() < 0.6:
        return changed(content, chance)[:most]
    return bytes(atheris.Mutate(content, len(content) + 64))[:most]


def main() -> None:
    """Run until libFuzzer's time is over."""
    for module in (pdf, ofd):
        vars(module)["is_available"] = lambda: False  # recognition is slow, and not what is tested
    tally = Tally(Path(sys.argv[1]))
    atheris.Setup([sys.argv[0], *sys.argv[2:]], tally.run, custom_mutator=_mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
