"""A BEIR folder through the product's own index, with a toy encoder whose neighbours are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import evaluation.__main__ as command
from evaluation.beir import BeirFolder, Passage
from evaluation.ranking import CORPUS_MARK, RUN_MODES, NoEncoder, RunMode, fill
from evaluation.runs import RunsMeasured, SavedRun, measure_runs
from evaluation.runs_report import runs_text
from evaluation.translated import read_translations
from ingest.errors import InputError
from ingest.home import Home
from ingest.progress import Silent
from ingest.storage import Store

TOPICS = ("学校", "企业", "宾馆")
CORPUS = (
    Passage("p-school", "甲方案", "学校应当开设民族团结课。"),
    Passage("p-firm", "甲方案", "企业应当招用各族职工。"),
    Passage("p-hotel", "", "宾馆不得拒绝客人入住。"),
)


class TopicEncoder:
    """One dimension a topic: a text's neighbours are the texts that name the same topic."""

    fingerprint = "topics-1"
    dimension = len(TOPICS) + 1

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = [[*(float(topic in text) for topic in TOPICS), 0.1] for text in texts]
        vectors = np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimension)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_passages = encode_queries


def folder_of(queries: dict[str, str], qrels: dict[str, dict[str, int]]) -> BeirFolder:
    return BeirFolder(CORPUS, queries, qrels, Path("qrels/test.tsv"))


ASKED = folder_of({"q1": "学校开设什么课", "q2": "宾馆拒绝入住"}, {"q1": {"p-school": 1}, "q2": {"p-hotel": 1}})


def measured(folder: BeirFolder, modes: Sequence[RunMode], home: Path, **options: Any) -> RunsMeasured:
    encoder, none = TopicEncoder(), Home(home / "none")
    found, _ = measure_runs(folder, modes, home=home, model_home=none, progress=Silent(), encoder=encoder, **options)
    return found


@pytest.mark.parametrize("mode", RUN_MODES)
def test_each_mode_finds_the_judged_passage(tmp_path: Path, mode: RunMode) -> None:
    (found,) = measured(ASKED, [mode], tmp_path / "kb").modes
    assert {each.measure: each.mean for each in found.measures}["recall@1"] == 1
    assert found.p50 <= found.p95


def test_what_was_not_found_and_what_was_refused_counts_0(tmp_path: Path) -> None:
    queries = {"q1": "学校开设什么课", "long": "学" * 3000}
    folder = folder_of(queries, {"q1": {"p-school": 1}, "long": {"p-school": 1}})
    result = measured(folder, ["lexical"], tmp_path / "kb")
    assert result.modes[0].refused == ("long",)
    assert {each.measure: each.mean for each in result.modes[0].measures}["recall@1"] == pytest.approx((1 + 0) / 2)
    assert "有 1 个问题未能检索，按 0 计" in runs_text(result)


def test_a_passage_is_stored_as_a_clause_of_its_title(tmp_path: Path) -> None:
    home = Home(tmp_path / "kb")
    names = fill(home, CORPUS)
    assert list(names.values()) == ["p-school", "p-firm", "p-hotel"]
    with Store.open(home) as store:
        assert [document.title for document in store.documents()] == ["甲方案", ""]
        for clause in store.clauses():
            assert store.source(clause.doc_id)[clause.span.start : clause.span.end] == clause.text


def test_a_kept_home_is_used_again_and_only_for_its_corpus(tmp_path: Path) -> None:
    home = Home(tmp_path / "kb")
    assert fill(home, CORPUS) == fill(home, CORPUS)
    with pytest.raises(InputError, match="已有别的内容"):
        fill(home, CORPUS[:2])
    (home.root / CORPUS_MARK).unlink()
    with pytest.raises(InputError, match="已有别的内容"):
        fill(home, CORPUS)


def test_no_model_is_needed_for_words_alone() -> None:
    assert NoEncoder().encode_queries(["一", "二"]).shape == (2, 1)


def beir(folder: Path, qrels: str = "q1\tp-school\t1\nq2\tp-hotel\t1\n") -> Path:
    corpus = [{"_id": each.passage_id, "title": each.title, "text": each.text} for each in CORPUS]
    queries = [{"_id": query_id, "text": text} for query_id, text in ASKED.queries.items()]
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_the_command_measures_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(beir(tmp_path / "set"))
    assert command.main(["run", folder, "--mode", "lexical", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["passages"], printed["queries"], printed["model"]) == (3, 2, "none")
    assert printed["modes"][0]["measures"][0]["mean"] == 1
    assert command.main(["run", folder, "--mode", "lexical"]) == 0
    assert "recall@100" in capsys.readouterr().out
    assert command.main(["run", str(tmp_path / "none")]) == 1
    assert "里没有 corpus.jsonl" in capsys.readouterr().err


def test_full_puts_the_named_clause_first(tmp_path: Path) -> None:
    folder = folder_of({"q": "甲方案第2条"}, {"q": {"p-firm": 1}})
    dense, full = measured(folder, ["dense", "full"], tmp_path / "kb").modes
    assert {each.measure: each.mean for each in full.measures}["recall@1"] == 1
    assert {each.measure: each.mean for each in dense.measures}["recall@1"] == 0


def test_later_modes_and_saved_runs_are_compared(tmp_path: Path) -> None:
    saved = SavedRun("旧", {"q1": {"p-school": 1.0}})
    rows = measured(ASKED, ["hybrid", "lexical"], tmp_path / "kb", saved=saved).comparisons
    named = {(row.first, row.second, row.measure): row for row in rows}
    assert {(first, second) for first, second, _ in named} == {
        ("hybrid", "lexical"),
        ("旧", "hybrid"),
        ("旧", "lexical"),
    }
    gain = named["旧", "hybrid", "recall@1"]
    assert (gain.difference, gain.better, gain.worse) == (pytest.approx((1 + 1) / 2 - (1 + 0) / 2), 1, 0)


def test_each_category_has_its_own_measures(tmp_path: Path) -> None:
    folder = replace(ASKED, qrels={"q1": {"p-school": 1}, "q2": {"p-firm": 1}}, categories={"q1": "甲", "q2": "乙"})
    (mode,) = measured(folder, ["dense"], tmp_path / "kb").modes
    assert {each.name: (each.queries, each.measures[0].mean) for each in mode.categories} == {
        "甲": (1, 1),
        "乙": (1, 0),
    }


def test_translations_are_measured_beside_their_originals(tmp_path: Path) -> None:
    many = tuple(Passage(f"other-{at}", "", "无关") for at in range(6))
    folder = replace(ASKED, corpus=CORPUS + many)
    result = measured(folder, ["dense"], tmp_path / "kb", translations={"q1": "学校", "q2": "xyzzy"})
    (found,) = result.translated
    assert (found.queries, found.original, found.translation, found.ratio) == (2, 1, 1 / 2, (1 / 2) / 1)
    assert "译题／原题" in runs_text(result)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("", "里一行也没有"),
        ('{"_id": "q9", "text": "x"}\n', "第 1 行（编号 q9）：这个编号没有评判过的问题"),
        ('{"_id": "q1", "text": " "}\n', "第 1 行（编号 q1）：“text”是空的"),
        ('{"_id": "q1", "text": "x"}\n' * 2, "第 2 行（编号 q1）：编号重复，第 1 行已用过"),
    ],
)
def test_a_malformed_translation_is_refused(tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "english.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_translations(path, ASKED)


def test_a_run_is_written_and_compared_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, run = beir(tmp_path / "set"), tmp_path / "lexical.trec"
    assert command.main(["run", str(folder), "--mode", "lexical", "--trec", str(run)]) == 0
    first = run.read_text(encoding="utf-8").splitlines()[0].split()
    assert first[:4] == ["q1", "Q0", "p-school", "1"]
    capsys.readouterr()
    assert command.main(["run", str(folder), "--mode", "lexical", "--compare", str(run), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["comparisons"]
    assert {(row["first"], row["difference"], row["p_value"]) for row in rows} == {("lexical.trec", 0, 1)}


def test_nothing_is_written_where_the_input_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = beir(tmp_path / "set", qrels="q1\tnone\t1\n")
    asked = ["run", str(folder), "--mode", "lexical", "--home", str(tmp_path / "kb"), "--trec", str(tmp_path / "run")]
    assert command.main(asked) == 1
    assert "段落编号 none" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]
    assert command.main([*asked, "--mode", "dense"]) == 1
    assert "--trec 只写一种方式" in capsys.readouterr().err
