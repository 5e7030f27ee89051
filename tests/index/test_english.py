"""English questions in Chinese words: stems, names by sound, phrases, and what an index scores by them."""

from __future__ import annotations

import numpy as np
import pytest

from index.english import JOINT_WEIGHT, EnglishReader, Reading, english_forms, is_english, joints, word_by_word
from index.glosses import Glosses, stem
from index.lexical import LexicalIndex
from index.pinyin import sounding, syllables
from index.segmentation import Segmenter

WORDS = {
    "绍兴": 3,
    "绍兴市": 9,
    "重庆": 5,
    "泰安": 2,
    "企业": 40,
    "商家": 1,
    "口罩": 4,
    "面具": 4,
    "区域": 7,
    "海淀区": 2,
}
PAIRS = {"浠水": 2, "企业": 40}


@pytest.fixture
def reader() -> EnglishReader:
    return EnglishReader(lambda: WORDS, lambda: PAIRS)


@pytest.mark.parametrize(
    "forms",
    [
        ("subsidy", "subsidies", "subsidy's"),
        ("apply", "applies", "applied", "applying"),
        ("tax", "taxes", "taxed"),
        ("control", "controls", "controlled", "controlling"),
        ("exempt", "exempted", "exempting"),
        ("labour", "labor"),
        ("organisation", "organization"),
        ("fee", "fees"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("inn", "in"), ("bus", "bu"), ("new", "news"), ("policy", "police")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("word", "way", "is_one"),
    [
        ("Zhejiang", ("zhe", "jiang"), True),
        ("xian", ("xi", "an"), True),
        ("xian", ("xian",), True),
        ("Xi'an", ("xi", "an"), True),
        ("Xi'an", ("xian",), False),
    ],
)
def test_syllables(word: str, way: tuple[str, ...], is_one: bool) -> None:
    assert (way in syllables(word)) is is_one


def test_what_is_no_pinyin_has_no_syllables() -> None:
    assert syllables("Schwartz") == syllables("") == ()


def test_a_name_is_found_by_any_reading_of_its_characters() -> None:
    assert sounding("Chongqing", WORDS) == ["重庆"]
    assert sounding("Tai'an", WORDS) == ["泰安"]
    assert sounding("Paris", WORDS) == []


@pytest.mark.parametrize(
    ("question", "readings"),
    [
        ("In Shaoxing?", [Reading("Shaoxing", ("绍兴",))]),
        ("Haidian District?", [Reading("Haidian District", ("海淀区",))]),
        ("Xishui County", [Reading("Xishui County", ("浠水县",))]),  # a name that is no word of the index
        ("Zzyzx", [Reading("Zzyzx", ())]),
        ("What is the", []),
        ("in 2020", [Reading("2020", ("2020",))]),
    ],
)
def test_names_and_numbers(reader: EnglishReader, question: str, readings: list[Reading]) -> None:
    assert [Reading(each.english, each.words) for each in reader.readings(question)] == readings


def test_a_phrase_goes_before_its_words_in_any_form(reader: EnglishReader) -> None:
    (reading,) = reader.readings("unemployment benefits")
    assert reading.words == ("失业保险金",) and reading.is_certain


def test_the_dictionary_gives_words_of_the_index_only(reader: EnglishReader) -> None:
    (reading,) = reader.readings("merchants")
    assert set(reading.words) <= set(WORDS) and not reading.is_certain
    assert set(Glosses({"口罩"}).of(["masks"])) == {"口罩"}


def test_a_word_as_it_is_written_goes_before_its_stem() -> None:
    known = Glosses({"汽车", "照料"})
    assert "汽车" in known.of(["car"]) and "照料" not in known.of(["car"])
    assert Glosses({"找到"}).of(["found"]) == Glosses({"找到"}).of(["find"]) != {}


def test_a_place_goes_before_other_words_of_its_sound() -> None:
    reader = EnglishReader(lambda: {"大力": 40, "大理市": 1}, lambda: {"大力": 40, "大理": 1})
    assert reader.readings("Dali") == (Reading("Dali", ("大理",)),)


@pytest.mark.parametrize(
    ("question", "expected"),
    [("Schools?", True), ("学校 schools", False), ("学校", False), ("???", False), ("2020", True)],
)
def test_is_english(question: str, expected: bool) -> None:
    assert is_english(question) is expected


def test_of_several_words_for_one_the_best_counts_once() -> None:
    index = LexicalIndex.of([["补贴"], ["补贴", "补助"]], [["补贴"], ["补贴", "补助"]])
    (forms,) = english_forms([Reading("subsidy", ("补贴", "补助"))], Segmenter())
    single = [index.scores(*form) for form in forms]
    best = [max(a, b) for a, b in zip(*single, strict=True)]
    scores = np.array([1, 2], dtype=np.float32)
    index.add_best([forms, [], forms], scores)
    assert scores.tolist() == pytest.approx([1 + 2 * best[0], 2 + 2 * best[1]])


def test_neighbours_meet_in_a_pair() -> None:
    readings = [
        Reading("market", ("市场",)),
        Reading("supervision", ("监管",)),
        Reading("xx", ()),
        Reading("fee", ("费",)),
    ]
    assert joints(readings) == {"场监": JOINT_WEIGHT}
    assert word_by_word(readings) == "市场 监管 费"
