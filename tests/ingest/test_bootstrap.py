"""The first fill of a knowledge base, and how later starts leave the user's choices alone."""

from __future__ import annotations

import ast
import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.bootstrap import INGEST_DIR, REQUIREMENT_RULES, RULES_SETTING, BootstrapReport, ensure_corpus, read_sources
from ingest.errors import StoreBusy, TableError
from ingest.home import Home
from ingest.progress import CallbackProgress, ProgressState
from ingest.records import ParsedDocument
from ingest.requirements import extract
from ingest.storage import Store
from tests.ingest.sample_readings import reading


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


class Corpus:
    """A folder like ``corpus/``, and a reader that counts what it reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: list[str] = []
        (folder / "documents").mkdir(parents=True)

    def write(self, **texts: str) -> None:
        entries = []
        for doc_id, text in texts.items():
            (self.folder / "documents" / f"{doc_id}.txt").write_text(text, encoding="utf-8")
        for path in sorted((self.folder / "documents").glob("*.txt")):
            entries.append(f'[[source]]\nkind = "file"\nfile = "documents/{path.name}"\ndoc_id = "{path.stem}"\n')
        (self.folder / "sources.toml").write_text("\n".join(entries), encoding="utf-8")

    def reader(self, path: Path) -> ParsedDocument:
        self.read.append(path.name)
        facts = path.with_suffix(".toml")
        notes = (facts.read_text(encoding="utf-8"),) if facts.exists() else ()
        parsed = reading("guessed", sha256=hashlib.sha256(path.read_bytes()).hexdigest(), words=path.read_text("utf-8"))
        return replace(parsed, document=replace(parsed.document, notes=notes))

    def start(self, home: Home) -> BootstrapReport:
        self.read.clear()
        return ensure_corpus(home, corpus_dir=self.folder, read=self.reader)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    made = Corpus(tmp_path / "corpus")
    made.write(law="任何单位不得歧视。", plan="学校应当组织学习。")
    return made


def outcomes(report: BootstrapReport) -> list[tuple[str, str, int]]:
    return [(added.doc_id, added.outcome, added.document.version) for added in report.added]


def test_a_fresh_home_gets_everything_under_the_listed_ids(home: Home, corpus: Corpus) -> None:
    assert outcomes(corpus.start(home)) == [("law", "new", 1), ("plan", "new", 1)]
    with Store.open(home) as store:
        assert [document.doc_id for document in store.documents()] == ["law", "plan"]
        assert store.clause("plan.a1.b1").text.endswith("学校应当组织学习。")


def test_the_next_start_reads_and_writes_nothing(home: Home, corpus: Corpus) -> None:
    corpus.start(home)
    before = {path.name: path.stat().st_mtime_ns for path in home.root.iterdir() if path.suffix == ".sqlite"}
    assert corpus.start(home) == BootstrapReport()
    assert corpus.read == []
    assert before == {path.name: path.stat().st_mtime_ns for path in home.root.iterdir() if path.suffix == ".sqlite"}
    with Store.open(home, write=True):
        assert corpus.start(home) == BootstrapReport()  # not even the lock is asked for


def test_a_new_file_is_added_and_a_changed_one_becomes_a_version(home: Home, corpus: Corpus) -> None:
    corpus.start(home)
    corpus.write(plan="学校必须组织学习。", rule="申请人可以申诉。")
    assert outcomes(corpus.start(home)) == [("plan", "new_version", 2), ("rule", "new", 1)]
    assert corpus.start(home) == BootstrapReport()


def test_changed_facts_beside_the_file_count_as_a_change(home: Home, corpus: Corpus) -> None:
    corpus.start(home)
    (corpus.folder / "documents" / "plan.toml").write_text("原文不全", encoding="utf-8")
    assert outcomes(corpus.start(home)) == [("plan", "reread", 1)]
    assert corpus.read == ["plan.txt"]
    with Store.open(home) as store:
        assert store.document("plan").notes == ("原文不全",)


def test_a_newer_program_reads_delivered_files_again(
    home: Home, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.start(home)
    monkeypatch.setattr("ingest.sources.program", lambda: "newer")
    assert corpus.start(home) == BootstrapReport()
    assert corpus.read == ["law.txt", "plan.txt"]
    assert corpus.start(home) == BootstrapReport()
    assert corpus.read == []


def test_changed_rules_find_the_requirements_of_all_documents_again(
    home: Home, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.start(home)
    with Store.open(home, write=True) as store:
        store.add(reading("mine", words="企业不得歧视。"))
        store.remember(RULES_SETTING, "older")
        before = store.parsed("mine")
    report = corpus.start(home)
    assert "mine" in [added.doc_id for added in report.refreshed]
    with Store.open(home) as store:
        after = store.parsed("mine")
    assert [found.modality for found in after.requirements] == ["must_not"]
    assert replace(after, requirements=()) == replace(before, requirements=())
    assert corpus.start(home) == BootstrapReport()


def test_the_rules_are_what_requirements_are_made_of() -> None:
    tree = ast.parse(Path(extract.__code__.co_filename).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    ours = {node.module for node in imports} | {alias.name for node in imports for alias in node.names}
    ours = {name.removeprefix("ingest.") for name in ours} & {path.stem for path in INGEST_DIR.glob("*.py")}
    plain = {"records", "errors"}
    assert ours - plain <= {path.stem for path in REQUIREMENT_RULES}


def test_a_removed_document_stays_away_even_when_its_file_changes(home: Home, corpus: Corpus) -> None:
    corpus.start(home)
    with Store.open(home, write=True) as store:
        store.remove("plan")
    assert corpus.start(home) == BootstrapReport()
    corpus.write(plan="学校必须组织学习。")
    assert corpus.start(home).kept == (("plan", "removed"),)
    assert corpus.start(home) == BootstrapReport()
    with Store.open(home) as store:
        assert [document.doc_id for document in store.documents()] == ["law"]


def test_a_replaced_document_stays_the_users(home: Home, corpus: Corpus) -> None:
    corpus.start(home)
    with Store.open(home, write=True) as store:
        store.replace("plan", reading("plan", sha256="the user's"))
    corpus.write(plan="学校必须组织学习。")
    assert corpus.start(home).kept == (("plan", "replaced"),)
    with Store.open(home) as store:
        assert store.document("plan").sha256 == "the user's"


def test_a_document_of_this_id_that_the_user_added_first_is_left_alone(home: Home, corpus: Corpus) -> None:
    with Store.open(home, write=True) as store:
        store.add(reading("plan", sha256="the user's"))
    report = corpus.start(home)
    assert (outcomes(report), report.kept) == ([("law", "new", 1)], (("plan", "replaced"),))


def test_a_removed_document_added_again_follows_the_delivered_file_again(home: Home, corpus: Corpus) -> None:
    corpus.start(home)
    with Store.open(home, write=True) as store:
        again = store.parsed("plan")
        store.remove("plan")
        store.add(again)
    corpus.write(plan="学校必须组织学习。")
    assert outcomes(corpus.start(home)) == [("plan", "new_version", 2)]


def test_a_failure_leaves_nothing_half_done(home: Home, corpus: Corpus) -> None:
    def fails(path: Path) -> ParsedDocument:
        if path.name == "plan.txt":
            raise KeyboardInterrupt
        return corpus.reader(path)

    with pytest.raises(KeyboardInterrupt):
        ensure_corpus(home, corpus_dir=corpus.folder, read=fails)
    with Store.open(home) as store:
        assert (store.documents(), store.shipped()) == ([], {})
    assert len(corpus.start(home).added) == 2


def test_progress_is_told(home: Home, corpus: Corpus) -> None:
    seen: list[ProgressState] = []
    ensure_corpus(home, corpus_dir=corpus.folder, read=corpus.reader, progress=CallbackProgress(seen.append))
    assert (seen[-1].label, seen[-1].done, seen[-1].total) == ("收录自带文件", 2, 2)


def test_an_empty_list_still_creates_the_store(home: Home, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "sources.toml").write_text("", encoding="utf-8")
    assert ensure_corpus(home, corpus_dir=tmp_path / "empty") == BootstrapReport()
    with Store.open(home) as store:
        assert store.documents() == []


def test_a_busy_store_is_told(home: Home, corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.bootstrap.WAIT_SECONDS", 0.05)
    with Store.open(home, write=True), pytest.raises(StoreBusy):
        corpus.start(home)


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("[[source", "读不出来"),
        ('[[source]]\nkind = "wheel"\nfile = "a.txt"\ndoc_id = "a"', "kind（写 file）"),
        ('[[source]]\nkind = "file"\nfile = "a.txt"', "文件要有 kind"),
        ('[[source]]\nkind = "file"\nfile = "a.txt"\ndoc_id = "七进"', "小写字母"),
        ('[[source]]\nkind = "file"\nfile = "none.txt"\ndoc_id = "a"', "none.txt 不存在"),
        ('[[source]]\nkind = "file"\nfile = "documents/law.txt"\ndoc_id = "a"\n' * 2, "doc_id 相同"),
    ],
)
def test_a_malformed_list_is_refused(corpus: Corpus, entries: str, message: str) -> None:
    (corpus.folder / "sources.toml").write_text(entries, encoding="utf-8")
    with pytest.raises(TableError) as refused:
        read_sources(corpus.folder)
    assert message in str(refused.value)


STARTER = """
import sys
from pathlib import Path
from ingest.bootstrap import ensure_corpus
from ingest.home import Home
from tests.ingest.test_bootstrap import Corpus

corpus = Corpus.__new__(Corpus)
corpus.folder, corpus.read = Path(sys.argv[1]), []
report = ensure_corpus(Home(Path(sys.argv[2])), corpus_dir=corpus.folder, read=corpus.reader)
print(len(report.added))
"""


def test_programs_started_at_once_do_the_work_once(home: Home, corpus: Corpus) -> None:
    command = [sys.executable, "-c", STARTER, str(corpus.folder), str(home.root)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    ended = [(program.communicate(timeout=60), program.returncode) for program in started]
    assert [code for _, code in ended] == [0] * 4, ended
    assert sorted(int(output) for (output, _), _ in ended) == [0, 0, 0, 2]
    with Store.open(home) as store:
        store.verify()
        assert [document.version for document in store.documents()] == [1, 1]
