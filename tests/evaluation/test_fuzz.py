"""The fuzzer's own parts: its seeds are read, its changes repeat, its report says what was found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from evaluation import fuzz
from evaluation.fuzz import Fuzzed, fuzz_record, fuzz_text
from evaluation.fuzz_seeds import PACKED, READERS, own_seeds, packed, real_seeds
from evaluation.fuzz_words import changed
from ingest import formats
from ingest.errors import InputError
from ingest.formats.detect import detect
from ingest.formats.limits import open_zip


@pytest.mark.parametrize("content", list(own_seeds()), ids=lambda content: READERS[content[0]])
def test_every_seed_is_what_it_is_taken_for(content: bytes) -> None:
    reader, words = READERS[content[0]], content[1:]
    if reader == "zip":
        with open_zip(words, "a") as archive:
            assert len(archive.namelist()) == 2
    elif reader in ("image", "detect"):
        assert reader == "detect" or detect(words, "a") == "image"
    else:
        reading = formats.read(packed(words) if reader in PACKED else words, "a")
        assert any(found in reading.text for found in ("安全", "第一条", "护理", "學校"))


def test_a_small_real_file_is_a_seed_for_its_reader(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(packed(b"\n--part word/document.xml\n<a/>"))
    (tmp_path / "b.txt").write_text("第一条 为了安全。", encoding="utf-8")
    (tmp_path / "c").write_bytes(b"")
    found = {READERS[content[0]]: content[1:] for content in real_seeds(tmp_path)}
    assert found == {"docx": b"\n--part word/document.xml\n<a/>", "text": "第一条 为了安全。".encode()}


def test_changes_repeat_and_keep_the_reader() -> None:
    content = next(own_seeds())
    made = [changed(content, random.Random(seed)) for seed in range(50)]
    assert made == [changed(content, random.Random(seed)) for seed in range(50)]
    assert len(set(made)) > 40 and {one[:1] for one in made} == {content[:1]}
    assert changed(b"", random.Random(1))


def test_the_report_names_every_finding() -> None:
    fuzzed = Fuzzed(1.0, 3, {"docx": 10, "pdf": 5}, {"docx": 4}, 77, {"IndexError a.py:3": "trace"}, "deadly signal")
    text = fuzz_text(fuzzed)
    assert "试了 15 份，其中 4 份读成条款" in text and "IndexError a.py:3" in text and "deadly signal" in text
    assert fuzz_record(fuzzed)["findings"] == {"IndexError a.py:3": "trace"}


def test_without_atheris_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzz, "is_available", lambda: False)
    with pytest.raises(InputError, match="requirements-fuzz.txt"):
        fuzz.fuzz(1.0)
