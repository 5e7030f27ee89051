"""The store survives being killed, and serves many readers while one writes."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from ingest.errors import StoreError, StoreMissing
from ingest.home import Home
from ingest.storage import Store
from tests.ingest.sample_readings import reading

KILLS = 20

# Adds, renews and removes documents without end. Each round is one transaction over three documents, which all
# carry the round's number, so that a torn transaction would show.
WRITER = """
import sys
from itertools import count
from pathlib import Path
from ingest.home import Home
from ingest.storage import Store
from tests.ingest.sample_readings import reading

with Store.open(Home(Path(sys.argv[1])), write=True) as store:
    print("ready", flush=True)
    first = max((int(document.sha256) for document in store.documents()), default=0) + 1
    for number in count(first):
        with store.transaction():
            for doc_id in ("law", "plan", "rule"):
                words = f"学校应当组织第{number}次学习。" * 200
                store.add(reading(doc_id, sha256=str(number), words=words))
            if number % 7 == 0:
                for doc_id in ("law", "plan", "rule"):
                    store.remove(doc_id)
                for doc_id in ("law", "plan", "rule"):
                    store.add(reading(doc_id, sha256=str(number)))
"""

HOLDER = """
import sys, time
from pathlib import Path
from ingest.home import Home
from ingest.storage import Store
from tests.ingest.sample_readings import reading

store = Store.open(Home(Path(sys.argv[1])), write=True)
store.add(reading("plan", sha256="kept"))
store._execute("BEGIN IMMEDIATE")
store._execute("DELETE FROM documents")
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


def start(program: str, home: Home) -> subprocess.Popen[str]:
    started = subprocess.Popen([sys.executable, "-c", program, str(home.root)], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == "ready\n"
    return started


def kill(program: subprocess.Popen[str]) -> None:
    program.kill()  # SIGKILL: no handler runs
    program.wait()
    assert program.stdout is not None
    program.stdout.close()


def whole(store: Store) -> set[str]:
    """The round that all documents carry."""
    with store.snapshot():
        documents = store.documents()
        assert len(documents) in (0, 3)
        assert len(store.clauses()) == 2 * len(documents)
        return {document.sha256 for document in documents}


def test_killed_at_any_moment_the_store_holds_whole_transactions(home: Home) -> None:
    moments = random.Random(2023)
    reached = 0
    for _ in range(KILLS):
        writer = start(WRITER, home)
        time.sleep(moments.uniform(0.0, 0.05))
        kill(writer)
        with Store.open(home) as store:
            store.verify()
            rounds = whole(store)
        assert len(rounds) <= 1
        assert all(int(number) >= reached for number in rounds)
        reached = max([reached, *map(int, rounds)])
    assert reached > KILLS
    with Store.open(home, write=True) as store:
        assert store.add(reading("after", sha256="after")).outcome == "new"


def test_an_open_transaction_and_the_lock_die_with_their_process(home: Home) -> None:
    holder = start(HOLDER, home)
    kill(holder)
    with Store.open(home, write=True, wait=0.5) as store:
        assert [document.sha256 for document in store.documents()] == ["kept"]
        store.verify()


def test_killed_while_the_file_is_created(home: Home) -> None:
    moments = random.Random(7)
    for _ in range(5):
        made = Home(home.root / str(moments.random()))
        program = "import sys\nprint('ready', flush=True)\n" + WRITER
        writer = start(program, made)
        time.sleep(moments.uniform(0.0, 0.12))
        kill(writer)
        with suppress(StoreMissing), Store.open(made) as store:
            assert len(whole(store)) <= 1
        with Store.open(made, write=True) as store:
            store.verify()
            assert len(whole(store)) <= 1


def test_readers_in_other_processes_see_whole_rounds_while_one_writes(home: Home) -> None:
    writer = start(WRITER, home)
    failures: list[str] = []
    seen: set[str] = set()

    def look() -> None:
        try:
            for _ in range(40):
                with Store.open(home) as store:
                    rounds = whole(store)
                if len(rounds) > 1:
                    failures.append(f"torn: {rounds}")
                seen.update(rounds)
        except (AssertionError, StoreError) as error:
            failures.append(repr(error))

    readers = [threading.Thread(target=look) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    kill(writer)
    assert failures == []
    assert len(seen) > 1


def test_one_reader_serves_several_threads(home: Home) -> None:
    with Store.open(home, write=True) as store:
        for number in range(20):
            store.add(reading(f"plan-{number}"))
    counted: list[int] = []
    with Store.open(home) as store:
        threads = [threading.Thread(target=lambda: counted.append(len(store.clauses()))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert counted == [40] * 8
