"""An older file again, and a text that states less than the one it takes the place of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.contract import added_json
from ingest.home import Home
from ingest.intake import ingest_file, update_file
from ingest.report import added_text
from ingest.storage import Added, Store
from ingest.succession import ChangedFact

LAW = (
    "星河市图书馆条例\n（2019年3月5日星河市人民代表大会常务委员会通过）\n"
    "第一条　为了发展图书馆，制定本条例。\n第二条　每周开放五天。\n"
)
FACTS = '{"status": "in_force", "doc_number": "星河市公告第3号", "effective_on": "2019-05-01"}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(Home(tmp_path / "kb"), write=True) as opened:
        yield opened


def file(folder: Path, name: str, text: str, facts: str = "") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    if facts:
        path.with_name(f"{path.stem}.facts.json").write_text(facts, encoding="utf-8")
    return path


def told(store: Store, added: Added) -> str:
    return added_text(added, store.counts()[added.doc_id])


def test_an_older_file_again_is_said_to_be_a_kept_version_and_how_to_go_back(store: Store, tmp_path: Path) -> None:
    first = file(tmp_path, "first.txt", LAW)
    doc_id = ingest_file(store, first).doc_id
    second = file(tmp_path, "second.txt", LAW.replace("五天", "六天"))
    assert ingest_file(store, second).outcome == "new_version"
    again = ingest_file(store, first)
    assert (again.outcome, again.held, again.document.version) == ("unchanged", 1, 2)
    assert "第 1 版，现行的是第 2 版" in told(store, again) and f"update {doc_id} 文件" in told(store, again)
    assert added_json(again, store.counts()[doc_id])["held_version"] == 1
    back = update_file(store, doc_id, first)
    assert (back.outcome, back.document.version) == ("new_version", 3)
    assert "每周开放五天" in store.source(doc_id)
    assert ingest_file(store, first).held is None  # now it is the one in force
    assert ingest_file(store, second).held == 2


def test_facts_that_a_text_of_the_same_day_does_not_state_are_kept(store: Store, tmp_path: Path) -> None:
    doc_id = ingest_file(store, file(tmp_path, "known.txt", LAW, FACTS)).doc_id
    plain = file(tmp_path, "plain.md", f"# {LAW}")
    assert ingest_file(store, plain).document.status == "in_force"
    added = ingest_file(store, file(tmp_path, "other.md", LAW.replace("五天", "六天")))
    assert added.outcome == "new_version" and added.changed == ()
    document = store.document(doc_id)
    assert (document.status, document.doc_number, document.effective_on) == (
        "in_force",
        "星河市公告第3号",
        "2019-05-01",
    )
    assert any("沿用第 1 版" in note for note in document.notes)


def test_facts_of_another_day_are_not_kept_and_each_change_is_told(store: Store, tmp_path: Path) -> None:
    ingest_file(store, file(tmp_path, "known.txt", LAW, FACTS))
    newer = file(tmp_path, "newer.md", LAW.replace("2019年3月5日", "2023年6月7日").replace("五天", "六天"))
    added = ingest_file(store, newer)
    assert added.changed == (
        ChangedFact("doc_number", "星河市公告第3号", None),
        ChangedFact("issued_on", "2019-03-05", "2023-06-07"),
        ChangedFact("effective_on", "2019-05-01", None),
        ChangedFact("status", "in_force", "unknown"),
    )
    assert "效力 现行有效→效力未知" in told(store, added) and "文号 星河市公告第3号→未知" in told(store, added)
    rows = added_json(added, store.counts()[added.doc_id])["changed_facts"]
    assert {"name": "status", "before": "in_force", "after": "unknown"} in rows


def test_a_person_who_states_facts_is_not_overruled(store: Store, tmp_path: Path) -> None:
    ingest_file(store, file(tmp_path, "known.txt", LAW, FACTS))
    stated = file(tmp_path, "stated.txt", LAW.replace("五天", "六天"), '{"unknown": ["status", "doc_number"]}')
    document = ingest_file(store, stated).document
    assert (document.status, document.doc_number) == ("unknown", None)
    updated = update_file(store, document.doc_id, stated)
    assert updated.document.status == "unknown"
