"""The two languages say the same things with the same names, and the code says nothing else."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

import qa
from ingest import corrections, tables
from ingest.errors import InputError
from ingest.records import Clause, Document, Modality, Span
from qa import wording as room
from qa.records import Citation
from qa.wording import LANGUAGES, Wording


def sentences(language: str) -> dict[str, str]:
    return {key: value for key, value in room._read()[language].items() if isinstance(value, str)}


def names(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_the_table_holds_the_languages_and_no_other() -> None:
    assert tuple(room._read()) == LANGUAGES


def test_both_languages_have_the_same_sentences_with_the_same_names() -> None:
    chinese, english = sentences("zh"), sentences("en")
    assert list(chinese) == list(english)
    assert {key: names(value) for key, value in chinese.items()} == {
        key: names(value) for key, value in english.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_strength_has_a_word_of_its_own(language: str) -> None:
    strengths = (*get_args(Modality), "directive", "penalty")
    said = [Wording(language).modality(strength) for strength in strengths]
    assert len(set(said)) == len(said)
    assert set(room._read()[language]["modality"]) == set(strengths)


def test_every_sentence_is_used_and_every_used_sentence_is_there() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(qa.__file__).parent.glob("*.py"))
    quoted = set(re.findall(r'"([a-z_]+)"', code))
    assert set(sentences("zh")) <= quoted
    said = set(re.findall(r'\.say\(\s*"([a-z_]+)"', code))
    assert said <= set(sentences("zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_fills_in_its_names_and_leaves_braces_in_them_alone(language: str) -> None:
    for key, sentence in sentences(language).items():
        values: dict[str, Any] = {str(name): "{x}" for name in names(sentence)}
        said = Wording(language).say(key, **values)
        assert said.count("{x}") == sum(name is not None for _, name, _, _ in string.Formatter().parse(sentence))


def test_no_english_sentence_has_chinese_words_but_title_marks() -> None:
    for sentence in sentences("en").values():
        assert not re.search(r"[\u3400-\u9fff]", sentence)


def test_audiences_are_named_in_the_language() -> None:
    assert Wording("zh").audience(["school", "party"]) == "学校、党委（党组）"
    assert Wording("en").audience(["school", "party"]) == "schools, Party committees"
    assert Wording("zh").audience(tables.audiences())


def cite(title: str, locator: str) -> Citation:
    document = Document("d", title, None, None, None, None, None, "unknown", "plan", "d.txt", "0" * 64, 1)
    clause = Clause("d.n1", "d", 0, "clause", (), (), locator, "甲。", "", Span(0, 2), 0)
    return Citation(clause, document, (Span(0, 2),), 1.0)


def test_places_are_grouped_by_document() -> None:
    cited = [cite("方案", "三1"), cite("办法", "一"), cite("方案", "三2")]
    assert Wording("zh").locators(cited) == "《方案》三1、三2；《办法》一"
    assert Wording("en").locators(cited) == "《方案》三1, 三2; 《办法》一"
    assert Wording("zh").locators([]) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_places_are_shortened_and_counted(language: str) -> None:
    many = [cite("方案", f"三{number}") for number in range(1, room.MOST_NAMED + 2)]
    said = Wording(language).locators(many)
    assert f"三{room.MOST_NAMED}" in said and str(len(many)) in said
    assert f"三{room.MOST_NAMED + 1}" not in said
    assert f"三{room.MOST_NAMED}" in Wording(language).locators(many[:-1])


def test_of_many_documents_the_places_are_only_counted() -> None:
    many = [cite(f"法{number}", f"{number}") for number in range(room.MOST_DOCUMENTS + 1)]
    assert Wording("zh").locators([*many, cite("法0", "9")]).startswith("《法0》2 条；《法1》1 条；")
    assert Wording("en").locators(many).startswith("《法0》 1; 《法1》 1; ")


def test_a_title_with_braces_is_printed_as_it_is() -> None:
    odd = replace(cite("方案{0}", "一"), score=0.5)
    assert Wording("zh").locators([odd]) == "《方案{0}》一"


def test_another_language_is_an_error() -> None:
    with pytest.raises(InputError, match="fr"):
        Wording("fr")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            "这项更正做不成：适用情形“雨天”不是这个句子里的原话。请照原文填写，或留空。没有保存，文件没有改动。",
            "This correction cannot be carried out: “雨天” (in which case) does not stand in this sentence.",
        ),
        (
            "这项更正做不成：文中找不到“第九条”。没有保存，文件没有改动。",
            "This correction cannot be carried out: “第九条” is not found in the text. Nothing was saved",
        ),
        ("标题应当有 1 到 200 个字，这里有 300 个字。", "A heading must have 1 to 200 characters; this one has 300."),
        ("知识库正被占用。", "知识库正被占用。"),  # what is not known is given as it is
    ],
)
def test_why_a_correction_was_refused_is_said_in_english(reason: str, said: str) -> None:
    assert Wording("en").refusal(reason).startswith(said)
    assert Wording("zh").refusal(reason) == reason


def test_every_reason_for_refusing_a_correction_has_an_english_one() -> None:
    """Every message that the rooms of corrections raise, its names replaced by a word, is turned."""
    room = Path(corrections.__file__).parent
    texts = [(room / f"{name}.py").read_text(encoding="utf-8") for name in ("corrections", "correcting", "deciding")]
    found = [m for text in texts for m in re.findall(r'(?:InputError\(|fault=)f?"([^"]*[\u4e00-\u9fff][^"]*)"', text)]
    assert len(found) >= 12
    for message in found:
        plain = re.sub(r"\{[^{}]*(?:count|len|number|MAX)[^{}]*\}", "3", message)
        plain = re.sub(r"\{FIELD_NAMES\[name\]\}", "频次", re.sub(r"\{place\}", "这个句子", plain))
        plain = re.sub(r"\{[^{}]*\}", "甲", plain)
        assert Wording("en").refusal(plain) != plain, message
