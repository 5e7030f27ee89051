"""Citations and quotations made from real laws, right and wrong by construction, at scale."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from ingest.assembly import cited_locator
from ingest.home import Home
from ingest.intake import ingest_files
from ingest.records import Clause
from ingest.sentences import clause_sentences
from ingest.storage import Store
from qa.changes import bare
from qa.drafts.checking import check_draft
from qa.drafts.places import find_place
from qa.drafts.reading import draft_from_bytes
from qa.drafts.records import Source
from qa.drafts.sources import Library, read_library

pytestmark = pytest.mark.realdata
LAWS = ("教育法", "教师法", "高等教育法", "宗教事务条例", "残疾人教育条例", "预防未成年人犯罪法", "学前教育法")
KINDS = ("right", "changed", "moved", "no_clause", "no_source", "bare")
DAY, EACH = "2026-01-01", 60
Expected = list[tuple[str, str]]


@pytest.fixture(scope="module")
def real_library(tmp_path_factory: pytest.TempPathFactory, realdata: Path) -> Library:
    folder = realdata / "documents" / "statutes-md"
    home = Home(tmp_path_factory.mktemp("real") / "kb")
    with Store.open(home, write=True) as store:
        for name in LAWS:
            list(ingest_files(store, sorted(folder.glob(f"{name}(*.md"))))
    with Store.open(home) as store:
        return read_library(store, DAY)


def planted(library: Library) -> list[tuple[str, Expected]]:
    chance = random.Random(11)
    sources = list(library.sources)
    rows: list[tuple[str, Expected]] = []
    while len(rows) < EACH * 6:
        source = chance.choice(sources)
        clause = chance.choice([each for each in source.clauses if each.kind == "clause" and "条" in each.locator])
        words = sentence_of(clause, chance)
        row = words and made(
            KINDS[len(rows) % len(KINDS)],
            source,
            clause,
            words,
            chance,
        )
        if row:
            rows.append(row)
    return rows


def sentence_of(clause: Clause, chance: random.Random) -> str:
    spans = clause_sentences(clause.text, clause.body_start)
    plain = [
        w for s in spans if 15 < len(w := clause.text[s.start : s.end]) < 150 and not re.search("[“”《》（）\n]", w)
    ]
    return chance.choice(plain) if plain else ""


def made(kind: str, source: Source, clause: Clause, words: str, chance: random.Random) -> tuple[str, Expected] | None:
    cited = f"《{source.document.title}》{cited_locator(clause)}"
    if kind == "changed":
        cut = chance.randrange(3, len(words) - 4)
        changed = words[:cut] + "某某" + words[cut + 2 :]
        return (f"{cited}规定：“{changed}”", [(cited, "exists"), (changed, "differs")])
    if kind == "moved":
        other = chance.choice([each for each in source.clauses if each.kind == "clause" and "条" in each.locator])
        if bare(words) in bare(find_place(cited_locator(other), source).text):
            return None
        cited = f"《{source.document.title}》{cited_locator(other)}"
        return (f"{cited}规定：“{words}”", [(cited, "exists"), (words, "elsewhere")])
    if kind == "no_clause":
        cited = f"《{source.document.title}》第{chance.randrange(300, 999)}条"
        return (f"按照{cited}办理。", [(cited, "no_clause")])
    if kind == "no_source":
        cited = f"《虚构{source.document.title}》{cited_locator(clause)}"
        return (f"{cited}规定：“{words}”", [(cited, "no_source"), (words, "no_source")])
    if kind == "bare":
        return (f"会议强调，“{words}”", [(words, "found")])
    return (f"{cited}规定：“{words}”", [(cited, "exists"), (words, "identical")])


def test_real_laws_cited_rightly_and_wrongly(real_library: Library) -> None:
    rows = planted(real_library)
    text = "测试汇报\n\n" + "\n".join(sentence for sentence, _ in rows)
    check = check_draft(draft_from_bytes(text.encode(), "draft.txt"), real_library)
    found = {(each.paragraph - 2, each.words, each.verdict) for each in check.findings}
    expected = {(number, *one) for number, (_, ones) in enumerate(rows) for one in ones}
    right = len(found & expected)
    assert right / len(expected) >= 0.99, sorted(expected - found)[:5]
    assert right / len(found) >= 0.98, sorted(found - expected)[:5]
