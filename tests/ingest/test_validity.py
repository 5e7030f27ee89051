"""The status of documents on a day, from invented facts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import InputError
from ingest.facts import FactsOverride
from ingest.home import Home
from ingest.parsing import parse_text
from ingest.records import Document
from ingest.references import read_references
from ingest.storage import Store
from ingest.validity import Repeal, Validity, check_day, outdated, read_validities, repeals_of, validities

TODAY = "2026-01-01"


def document(doc_id: str, title: str = "某法", **facts: str) -> Document:
    blank = Document(doc_id, title, None, None, None, None, None, "unknown", "law", "a.txt", "0", 1)
    return replace(blank, **facts)  # type: ignore[arg-type]


def status(one: Document, day: str = TODAY, *others: Document, repeals: tuple[Repeal, ...] = ()) -> Validity:
    return validities([one, *others], repeals, day, TODAY)[one.doc_id]


@pytest.mark.parametrize(
    ("facts", "day", "expected"),
    [
        ({}, TODAY, "unknown"),
        ({"status": "in_force"}, TODAY, "in_force"),
        ({"status": "in_force"}, "2010-01-01", "unknown"),  # since when is not said
        ({"status": "in_force", "issued_on": "2015-12-27", "effective_on": "1995-09-01"}, "2015-12-26", "not_yet"),
        ({"status": "in_force", "issued_on": "2015-12-27", "effective_on": "1995-09-01"}, "2015-12-27", "in_force"),
        ({"effective_on": "2020-05-01"}, "2020-04-30", "not_yet"),
        ({"effective_on": "2020-05-01"}, "2020-05-01", "unknown"),  # nothing says that it still is
        ({"effective_on": "2020-05-01", "expires_on": "2025-04-30"}, "2025-04-30", "in_force"),
        ({"effective_on": "2020-05-01", "expires_on": "2025-04-30"}, "2025-05-01", "expired"),
        ({"expires_on": "2025"}, "2025-12-31", "unknown"),
        ({"expires_on": "2025"}, "2026-01-01", "expired"),
        ({"expires_on": "2025-12"}, "2025-12-31", "unknown"),
        ({"expires_on": "2025-12"}, "2026-01-01", "expired"),
        ({"effective_on": "2020"}, "2019-12-31", "not_yet"),
        ({"effective_on": "2020", "status": "in_force"}, "2020-01-01", "in_force"),
        ({"status": "repealed", "effective_on": "2000-01-01"}, TODAY, "repealed"),
        ({"status": "repealed", "effective_on": "2000-01-01"}, "2010-01-01", "unknown"),  # the day is not known
        ({"status": "repealed", "effective_on": "2000-01-01"}, "1999-12-31", "not_yet"),
        ({"status": "not_yet"}, TODAY, "unknown"),
    ],
)
def test_a_status_is_said_as_far_as_the_facts_settle_it(facts: dict[str, str], day: str, expected: str) -> None:
    assert status(document("one", **facts), day).status == expected


def test_an_amended_law_says_that_an_earlier_text_was_in_force() -> None:
    law = document("law", issued_on="2021-04-29", effective_on="1995-09-01")
    assert status(law, "2020-01-01") == Validity("not_yet", until="2021-04-29", earlier_text=True)
    assert not status(law, "1990-01-01").earlier_text


def test_of_two_texts_of_a_law_the_older_ends_where_the_newer_begins() -> None:
    old = document("old", "中华人民共和国某法", issued_on="2015-12-27", effective_on="2016-06-01", status="amended")
    new = document("new", "某法（2021年修正）", issued_on="2021-04-29", effective_on="2021-04-30", status="in_force")
    assert status(old, "2021-04-29", new) == Validity("in_force", "2016-06-01", "2021-04-30")
    assert status(old, "2021-04-30", new) == Validity("amended", "2021-04-30", replaced_by="new")
    assert status(new, "2021-04-29", old).status == "not_yet"
    assert outdated(validities([old, new], [], TODAY, TODAY)) == {"old"}


@pytest.mark.parametrize(
    ("title", "rank"), [("某局关于做好招生工作的通知", "normative_document"), ("某法修正案（1988年）", "law")]
)
def test_one_name_makes_no_versions_of_notices_and_of_texts_that_change_others(title: str, rank: str) -> None:
    rows = [document(f"n{year}", title, rank=rank, effective_on=f"{year}-01-01") for year in (2020, 2021)]
    assert [status(rows[0], TODAY, rows[1]).status, status(rows[1], TODAY, rows[0]).status] == ["unknown", "unknown"]


NEW = document("new", "新办法", effective_on="2020-07-01", issued_on="2020-06-01", rank="rule")


@pytest.mark.parametrize(
    ("quote", "since"),
    [
        ("本办法自2020年7月1日起施行，《旧办法》同时废止。", "2020-07-01"),
        ("《旧办法》同时废止。", "2020-07-01"),
        ("《旧办法》自2021年1月1日起废止。", "2021-01-01"),
    ],
)
def test_a_sentence_repeals_another_document_from_its_day_on(quote: str, since: str) -> None:
    old = document("old", "旧办法", issued_on="2010-01-01", effective_on="2010-02-01", rank="rule")
    repeals = (Repeal("new", "《旧办法》", quote),)
    assert status(old, since, NEW, repeals=repeals) == Validity("repealed", since, None, "new", quote)
    before = status(old, "2020-06-30", NEW, repeals=repeals)
    assert (before.status, before.until) == ("in_force", since)
    assert status(NEW, TODAY, old, repeals=repeals).status == "unknown"


@pytest.mark.parametrize(
    ("name", "quote", "old"),
    [
        ("《旧办法》（某发〔2015〕3号）", "《旧办法》（某发〔2015〕3号）同时废止。", {"doc_number": "某发〔2015〕4号"}),
        ("《旧办法实施细则》", "《旧办法实施细则》同时废止。", {}),
        ("《旧办法》", "《旧办法》同时废止。", {"issued_on": "2020-08-01"}),  # issued after the repeal
        ("《新办法》", "1999年1月1日发布的《新办法》同时废止。", {"title": "新办法", "issued_on": "2010-01-01"}),
    ],
)
def test_only_the_document_that_is_meant_is_repealed(name: str, quote: str, old: dict[str, str]) -> None:
    kept = document("old", **{"title": "旧办法", "issued_on": "2010-01-01", "rank": "rule", **old})
    assert status(kept, TODAY, NEW, repeals=(Repeal("new", name, quote),)).status == "unknown"


def test_the_older_text_of_the_same_name_is_repealed_by_its_date() -> None:
    old = document("old", "新办法", issued_on="1999-01-01", rank="rule")
    repeal = Repeal("new", "《新办法》", "1999年1月1日发布的《新办法》同时废止。")
    assert status(old, TODAY, NEW, repeals=(repeal,)).status == "repealed"


@pytest.mark.parametrize("rest", ["第三条", "中与本办法不一致的规定", "有关规定"])
def test_a_part_is_no_whole(rest: str) -> None:
    facts = parse_text(
        f"新办法\n第一条 略。\n第二条 本办法自2020年7月1日起施行，《旧办法》{rest}同时废止。\n",
        source_file="a.txt",
        sha256="0",
        doc_id="new",
    ).facts
    assert repeals_of({"new": facts}) == []


@pytest.mark.parametrize(
    ("text", "day"), [("2020-01-01", "2020-01-01"), (" 2020年1月1日 ", "2020-01-01"), ("2020-1-1", "2020-01-01")]
)
def test_days_are_read(text: str, day: str) -> None:
    assert check_day(text) == day


@pytest.mark.parametrize("text", ["", "2020", "2020-02-30", "昨天", "2020-01-01T00:00", "20200101"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="年-月-日"):
        check_day(text)


def test_a_store_gives_validities_and_references_of_what_it_holds(tmp_path: Path) -> None:
    old = "某某市旧办法\n第一条 略。\n第二条 本办法自2010年1月1日起施行。\n"
    new = "某某市新办法\n第一条 见《某某市旧办法》第一条。\n第二条 自2020年7月1日起施行，《某某市旧办法》同时废止。\n"
    with Store.open(Home(tmp_path / "kb"), write=True) as store:
        for doc_id, text in (("old", old), ("new", new)):
            facts = FactsOverride(issued_on="2009-12-01" if doc_id == "old" else "2020-06-01")
            store.add(parse_text(text, source_file=f"{doc_id}.txt", sha256=doc_id, doc_id=doc_id, facts=facts))
        found = read_validities(store, TODAY, TODAY)
        assert (found["old"].status, found["old"].since, found["old"].replaced_by) == ("repealed", "2020-07-01", "new")
        assert found["new"].status == "unknown"
        received = read_references(store, outdated(found)).to_document("old")
        assert [row.clause_id for row in received["old.a1"]] == ["new.a1"]
