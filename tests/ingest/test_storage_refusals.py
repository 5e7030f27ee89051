"""What the store refuses, and how it takes damage."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import schema
from ingest.errors import InputError, StoreDamaged, StoreError, StoreMissing, UnknownDocument, UnreadableFile
from ingest.home import Home
from ingest.storage import Store
from tests.ingest.sample_readings import reading


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


class TestRefusals:
    def test_unknown_document_names_the_nearest(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            with pytest.raises(UnknownDocument, match="知识库还是空的"):
                store.document("plan")
            store.add(reading("qijin-plan"))
            for act in (store.source, store.clauses, store.requirements, store.notices, store.remove, store.versions):
                with pytest.raises(UnknownDocument, match=r"相近的有：qijin-plan（《行动方案》）"):
                    act("qijin-pan")
            with pytest.raises(UnknownDocument, match="qijin-plan"):
                store.document("《行动方案》")
            with pytest.raises(UnknownDocument, match=r"没有第 4 版，现有：第 1 版"):
                store.document("qijin-plan", version=4)

    def test_unknown_clause(self, home: Home) -> None:
        with Store.open(home, write=True) as store, pytest.raises(InputError, match="nowhere"):
            store.clause("nowhere")

    def test_a_reading_that_contradicts_itself_is_refused_whole(self, home: Home) -> None:
        parsed = reading()
        faults = {
            "编号都是": replace(parsed, clauses=(*parsed.clauses, parsed.clauses[0])),
            "属于另一个文件": replace(parsed, clauses=(replace(parsed.clauses[0], doc_id="x"),), requirements=()),
            "找不到所在的条款": replace(parsed, clauses=parsed.clauses[:1]),
            "残缺字符": replace(parsed, source="\ud800"),
        }
        with Store.open(home, write=True) as store:
            for message, fault in faults.items():
                with pytest.raises(UnreadableFile, match=message):
                    store.add(fault)
            assert store.documents() == []
            assert store._rows("SELECT count(*) FROM documents") == [(0,)]

    def test_reader_without_a_store(self, home: Home) -> None:
        with pytest.raises(StoreMissing, match="还没有建立知识库"):
            Store.open(home)
        home.root.mkdir()
        home.database.touch()
        with pytest.raises(StoreMissing, match="还没有建立知识库"):
            Store.open(home)

    def test_reader_cannot_write(self, home: Home) -> None:
        Store.open(home, write=True).close()
        with Store.open(home) as store, pytest.raises(StoreError, match="只读"):
            store.add(reading())

    def test_a_full_disk_undoes_the_addition(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
            (pages,) = store._rows("PRAGMA page_count")[0]
            store._rows(f"PRAGMA max_page_count={pages + 5}")
            with pytest.raises(StoreError, match="磁盘已满"):
                store.add(reading("law", words="学校应当组织学习。" * 20000))
            assert [document.doc_id for document in store.documents()] == ["plan"]
            store.verify()

    @pytest.mark.parametrize("name", ["知识库", "a b", "a?b", "a#b", "a%20b", "a;b"])
    def test_any_folder_name_will_do(self, tmp_path: Path, name: str) -> None:
        home = Home(tmp_path / name)
        with Store.open(home, write=True) as store:
            store.add(reading())
        with Store.open(home) as store:
            assert len(store.documents()) == 1
        assert home.database.is_file()

    def test_home_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "kb").write_text("x")
        with pytest.raises(StoreError, match="不能写入知识库文件夹"):
            Store.open(Home(tmp_path / "kb"), write=True)


class TestDamage:
    @pytest.mark.parametrize("write", [False, True])
    def test_not_a_database(self, home: Home, write: bool) -> None:
        home.root.mkdir()
        home.database.write_bytes("这不是数据库".encode() * 500)
        with pytest.raises(StoreDamaged, match="不是数据库文件"):
            Store.open(home, write=write)
        Store.open(replace(home, root=home.root / "other"), write=True).close()

    @pytest.mark.parametrize("write", [False, True])
    def test_another_programs_database(self, home: Home, write: bool) -> None:
        home.root.mkdir()
        connection = sqlite3.connect(home.database)
        connection.execute("CREATE TABLE somebody (x)")
        connection.close()
        with pytest.raises(StoreDamaged, match="不是本程序的知识库文件"):
            Store.open(home, write=write)
        with sqlite3.connect(home.database) as check:
            assert check.execute("SELECT name FROM sqlite_master").fetchall() == [("somebody",)]
        check.close()

    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            ("PRAGMA user_version=99", "更新的程序写成"),
            ("DROP TABLE notices", "数据表 notices 与本程序的格式不符"),
            ("ALTER TABLE clauses ADD COLUMN x", "数据表 clauses 与"),
        ],
    )
    def test_newer_or_incomplete(self, home: Home, statement: str, message: str) -> None:
        Store.open(home, write=True).close()
        connection = sqlite3.connect(home.database)
        connection.execute(statement)
        connection.close()
        with pytest.raises(StoreDamaged, match=message):
            Store.open(home)

    def test_overwritten_pages_are_found_before_anything_is_written(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading(words="学校应当组织学习。" * 5000))
        content = bytearray(home.database.read_bytes())
        content[4096 * 28 :] = b"\xff" * (len(content) - 4096 * 28)  # behind the definitions of the tables
        home.database.write_bytes(content)
        with pytest.raises(StoreDamaged, match="已损坏"):
            Store.open(home, write=True)
        with Store.open(home) as store, pytest.raises(StoreDamaged, match="已损坏"):
            store.verify()

    def test_altered_text_is_found_by_verify(self, home: Home) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
        connection = sqlite3.connect(home.database, isolation_level=None)
        connection.execute("UPDATE clauses SET text = replace(text, '应当', '不得')")
        connection.close()
        with Store.open(home) as store, pytest.raises(StoreDamaged, match="与收录时不一致"):
            store.verify()

    def test_an_older_form_is_brought_up_to_date_by_a_writer(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        with Store.open(home, write=True) as store:
            store.add(reading())
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE later (x)",)))
        schema._expected_tables.cache_clear()
        with pytest.raises(StoreMissing, match="旧格式"):
            Store.open(home)
        with Store.open(home, write=True) as store:
            assert store._rows("SELECT * FROM later") == []
            assert store.parsed("plan") == reading()
        Store.open(home).close()
        monkeypatch.undo()
        schema._expected_tables.cache_clear()
        with pytest.raises(StoreDamaged, match="更新的程序写成"):
            Store.open(home, write=True)

    def test_interrupted_creation_is_taken_up_again(self, home: Home) -> None:
        home.root.mkdir()
        connection = sqlite3.connect(home.database)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
        with pytest.raises(StoreMissing, match="还没有建立知识库"):
            Store.open(home)
        with Store.open(home, write=True) as store:
            assert store.add(reading()).outcome == "new"
