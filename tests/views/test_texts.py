import re
import tomllib
from collections import Counter
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from ingest.errors import TableError
from ingest.records import DocumentRank, Modality, NoticeKind, Status
from views.texts import GROUPS, LANGUAGES, examples_in, texts_in

VIEWS = Path(__file__).parents[2] / "views"
JARGON = re.compile("向量|索引|切片|得分|分数|嵌入|召回|embedding|vector|chunk|score|index|top.?k|token", re.IGNORECASE)


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def test_languages_have_the_same_words_with_the_same_gaps() -> None:
    chinese, english = texts_in("zh").entries, texts_in("en").entries
    assert chinese.keys() == english.keys()
    assert {key: _fields(text) for key, text in chinese.items()} == {
        key: _fields(text) for key, text in english.items()
    }


def test_no_word_is_missing_or_unused() -> None:
    table = tomllib.loads((VIEWS / "texts.toml").read_text(encoding="utf-8"))
    code = "".join(path.read_text(encoding="utf-8") for path in VIEWS.glob("*.py"))
    literal = set(re.findall(r'say\(\s*"([a-z_]+\.[a-z_]+)"', code))
    assert literal <= texts_in("zh").entries.keys()
    for section, names in table.items():
        for name in names:
            used = re.search(rf"""["']{section}\.({name}["']|\{{)""", code)
            assert used, f"{section}.{name} is never shown"


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("modality", get_args(Modality)),
        ("status", get_args(Status)),
        ("rank", get_args(DocumentRank)),
        ("notice", get_args(NoticeKind)),
        ("examples", GROUPS),
    ],
)
def test_every_kind_has_a_name(section: str, names: tuple[str, ...]) -> None:
    for language in LANGUAGES:
        for name in names:
            assert texts_in(language).say(f"{section}.{name}")


def test_no_jargon_is_shown() -> None:
    for language in LANGUAGES:
        shown = [*texts_in(language).entries.values(), *(each.question for each in examples_in(language))]
        assert [text for text in shown if JARGON.search(text)] == []


def test_examples_serve_each_group_alike() -> None:
    for language in LANGUAGES:
        examples = examples_in(language)
        assert Counter(each.group for each in examples) == dict.fromkeys(GROUPS, 4)
        assert len({each.question for each in examples}) == len(examples)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("nothing = 1", "应有若干 [[example]]"),
        ("[[example", "读不出示例问题"),
        ('[[example]]\ngroup = "other"\nzh = "甲"\nen = "a"', "第 1 个示例"),
        ('[[example]]\ngroup = "case"\nzh = "甲"', "第 1 个示例"),
    ],
)
def test_a_bad_table_is_told(table: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "examples.toml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(told)):
        examples_in("zh", path)
