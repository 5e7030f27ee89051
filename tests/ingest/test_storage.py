"""The store gives back what it was given, whoever else reads or writes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest import schema
from ingest.errors import StoreBusy, UnknownDocument
from ingest.home import Home
from ingest.records import Clause, Document, Notice, ParsedDocument, Requirement, Span, Step
from ingest.storage import Counts, Shipped, Store, with_doc_id
from tests.ingest.sample_readings import reading


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


texts = st.text(max_size=12)
maybe = st.none() | texts
numbers = st.integers(-(2**40), 2**40)
spans = st.builds(Span, numbers, numbers)
steps = st.builds(Step, texts, numbers, numbers, texts, texts, st.booleans())
words = st.lists(texts, max_size=3).map(tuple)


@st.composite
def readings(draw: st.DrawFn) -> ParsedDocument:
    doc_id = draw(texts)
    document = draw(
        st.builds(
            Document, st.just(doc_id), texts, maybe, maybe, maybe, maybe, maybe,
            st.sampled_from(["in_force", "unknown"]), st.sampled_from(["law", "plan"]),
            texts, texts, st.just(1), words,
        )
    )  # fmt: skip
    ids = draw(st.lists(texts, max_size=4, unique=True))
    clauses = tuple(
        draw(
            st.builds(
                Clause, st.just(clause_id), st.just(doc_id), numbers, st.sampled_from(["heading", "clause"]),
                st.lists(steps, max_size=3).map(tuple), words, texts, texts, texts, spans, numbers,
                st.none() | numbers,
            )
        )
        for clause_id in ids
    )  # fmt: skip
    one = st.builds(
        Requirement, texts, st.sampled_from(ids or [""]), st.just(doc_id), spans, texts, maybe, words,
        st.sampled_from(["must", "goal"]), texts, maybe, maybe, maybe, maybe, words, words,
    )  # fmt: skip
    requirements = draw(st.lists(one, max_size=3)) if ids else []
    notices = draw(
        st.lists(
            st.builds(Notice, st.just("gap"), texts, st.none() | numbers, st.none() | numbers, texts, texts), max_size=3
        )
    )
    leavings = draw(st.lists(spans, max_size=3))
    return ParsedDocument(document, draw(texts), clauses, tuple(requirements), tuple(notices), tuple(leavings))


class TestRoundTrip:
    @given(st.lists(readings(), max_size=3, unique_by=lambda parsed: parsed.document.doc_id))
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_saved_is_loaded(
        self, tmp_path_factory: pytest.TempPathFactory, given_readings: list[ParsedDocument]
    ) -> None:
        home = Home(tmp_path_factory.mktemp("kb"))
        with Store.open(home, write=True) as store:
            for parsed in given_readings:
                assert store.add(parsed).outcome == "new"
        with Store.open(home) as store:
            store.verify()
            assert store.documents() == [parsed.document for parsed in given_readings]
            assert [store.parsed(parsed.document.doc_id) for parsed in given_readings] == given_readings
            assert store.clauses() == [clause for parsed in given_readings for clause in parsed.clauses]
            assert store.requirements() == [part for parsed in given_readings for part in parsed.requirements]

    def test_each_part_is_read_alone(self, home: Home) -> None:
        parsed = reading()
        with Store.open(home, write=True) as store:
            store.add(parsed)
            assert store.document("plan") == parsed.document
            assert store.source("plan") == parsed.source
            assert store.clause("plan.a1.b1") == parsed.clauses[1]
            assert store.notices("plan") == list(parsed.notices)
            assert store.leavings("plan") == parsed.leavings
            assert store.counts() == {"plan": Counts(clauses=1, headings=1, requirements=1, notices=1)}


class TestVersions:
    def test_same_bytes_change_nothing(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
            before = store.revision()
            assert store.add(reading(words="另一种读法。")).outcome == "unchanged"
            assert store.revision() == before

    def test_other_bytes_become_the_next_version_and_the_old_one_stays(self, home: Home) -> None:
        old, new = reading(), reading(sha256="b", words="学校必须组织学习。")
        with Store.open(home, write=True) as store:
            store.add(old)
            added = store.add(new)
            assert (added.outcome, added.doc_id, added.document.version) == ("new_version", "plan", 2)
            assert store.clauses() == list(new.clauses)
            assert store.parsed("plan", version=1) == old
            assert [document.version for document in store.versions("plan")] == [1, 2]
            assert store.find_sha256("a") == [old.document]

    def test_adding_an_old_version_again_changes_nothing(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
            store.add(reading(sha256="b"))
            added = store.add(reading())
            assert (added.outcome, added.document.version) == ("unchanged", 2)

    def test_replace_keeps_the_id_and_brings_an_old_text_back(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
            assert store.replace("plan", reading("other", sha256="b")).document.version == 2
            assert store.clause("plan.a1.b1").doc_id == "plan"
            assert store.replace("plan", reading()).document.version == 3
            assert store.replace("plan", reading()).outcome == "unchanged"

    def test_a_better_reading_of_the_same_bytes_takes_the_place_of_the_old(self, home: Home) -> None:
        better = reading(words="学校须学习。")
        with Store.open(home, write=True) as store:
            store.add(reading())
            before = store.revision()
            added = store.replace("plan", better)
            assert (added.outcome, added.document.version) == ("reread", 1)
            assert store.parsed("plan") == better
            assert len(store.versions("plan")) == 1
            assert store.revision() != before
            store.verify()

    def test_removed_documents_are_gone_with_all_they_had(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
            store.add(reading(sha256="b"))
            assert store.remove("plan").version == 2
            assert store.documents() == []
            for table in ("versions", "clauses", "requirements", "notices"):
                assert store._rows(f"SELECT count(*) FROM {table}") == [(0,)]
            assert store.add(reading()).document.version == 1


class TestRevision:
    def test_every_change_changes_it_and_undoing_restores_it(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            seen = [store.revision()]
            store.add(reading())
            seen.append(store.revision())
            store.add(reading("law", sha256="c"))
            seen.append(store.revision())
            store.replace("plan", reading(sha256="b"))
            seen.append(store.revision())
            assert len(set(seen)) == 4
            store.remove("law")
            assert store.revision() not in seen

    def test_it_is_the_same_for_the_same_content_in_another_home(self, tmp_path: Path) -> None:
        def revision(root: Path) -> str:
            with Store.open(Home(root), write=True) as store:
                store.add(reading())
                return store.revision()

        assert revision(tmp_path / "one") == revision(tmp_path / "two")


class TestTransactions:
    def test_all_or_nothing(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
            with pytest.raises(KeyboardInterrupt), store.transaction():
                store.add(reading("law", sha256="b"))
                store.remove("plan")
                raise KeyboardInterrupt
            assert [document.doc_id for document in store.documents()] == ["plan"]

    def test_a_failed_part_leaves_the_rest(self, home: Home) -> None:
        with Store.open(home, write=True) as store, store.transaction():
            store.add(reading())
            with pytest.raises(UnknownDocument):
                store.remove("law")
            with pytest.raises(ValueError, match="within"), store.transaction():
                store.add(reading("law", sha256="b"))
                raise ValueError("within")
            store.add(reading("rule", sha256="c"))
        with Store.open(home) as store:
            assert [document.doc_id for document in store.documents()] == ["plan", "rule"]

    def test_closing_undoes_what_is_unfinished(self, home: Home) -> None:
        store = Store.open(home, write=True)
        store._execute("BEGIN IMMEDIATE")
        store._execute("INSERT INTO documents (doc_id, version) VALUES ('plan', 1)")
        store.close()
        with Store.open(home) as store:
            assert store._rows("SELECT * FROM documents") == []


class TestOneWriterManyReaders:
    def test_second_writer_is_told_who_holds_the_lock(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["/x/ingest/__main__.py", "add", "a b.docx"])
        with (
            Store.open(home, write=True),
            pytest.raises(StoreBusy, match=r"进程 \d+（python -m ingest add 'a b.docx'，.*开始）写入，等了 0.05 秒"),
        ):
            Store.open(home, write=True, wait=0.05)
        Store.open(home, write=True, wait=0.05).close()

    def test_readers_see_whole_transactions_only(self, home: Home) -> None:
        with Store.open(home, write=True) as writer, Store.open(home) as reader:
            with writer.transaction():
                writer.add(reading())
                assert reader.documents() == []
            assert len(reader.documents()) == 1

    def test_a_snapshot_does_not_move(self, home: Home) -> None:
        with Store.open(home, write=True) as writer, Store.open(home) as reader:
            writer.add(reading())
            with reader.snapshot():
                before = reader.revision()
                writer.remove("plan")
                assert reader.revision() == before
                assert len(reader.clauses("plan")) == 2
            assert reader.documents() == []

    def test_remembered_files(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.remember_shipped("documents/plan.txt", Shipped("plan", "f", "s"))
            store.remember_shipped("documents/plan.txt", Shipped("plan", "g", "s"))
        with Store.open(home) as store:
            assert store.shipped() == {"documents/plan.txt": Shipped("plan", "g", "s")}


def test_renaming_renames_every_part() -> None:
    parsed = with_doc_id(reading("plan"), "plan-2")
    expected = reading("plan-2")
    assert parsed.clauses == expected.clauses
    assert parsed.requirements == expected.requirements
    assert parsed.document == replace(expected.document, source_file="plan.txt")


def test_a_home_from_before_objects_were_read_opens_and_keeps_its_requirements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = schema.MIGRATIONS[: schema.MIGRATIONS.index(schema.OBJECTS)]
    path = tmp_path / "kb.sqlite"
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", earlier)
        schema._expected_tables.cache_clear()
        schema.connect_writer(path).close()
    schema._expected_tables.cache_clear()
    with closing(schema.connect_writer(path)) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(requirements)")}
    assert {"object", "sanction"} <= columns
