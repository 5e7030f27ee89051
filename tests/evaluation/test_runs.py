"""A BEIR folder through the product's own index, with a toy encoder whose neighbours are known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import evaluation.__main__ as command
from evaluation.beir import BeirFolder, Passage
from evaluation.ranking import CORPUS_MARK, NoEncoder, fill
from evaluation.runs import RunsMeasured, measure_runs, runs_text
from index.records import Mode
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


def measured(folder: BeirFolder, modes: Sequence[Mode], home: Path) -> RunsMeasured:
    return measure_runs(
        folder, modes, home=home, model_home=Home(home / "none"), progress=Silent(), encoder=TopicEncoder()
    )


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid"])
def test_each_mode_finds_the_judged_passage(tmp_path: Path, mode: Mode) -> None:
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


def test_the_command_measures_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = [{"_id": each.passage_id, "title": each.title, "text": each.text} for each in CORPUS]
    queries = [{"_id": query_id, "text": text} for query_id, text in ASKED.queries.items()]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q1\tp-school\t1\nq2\tp-hotel\t1\n", encoding="utf-8")
    assert command.main(["run", str(tmp_path), "--mode", "lexical", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["passages"], printed["queries"], printed["model"]) == (3, 2, "none")
    assert printed["modes"][0]["measures"][0]["mean"] == 1
    assert command.main(["run", str(tmp_path), "--mode", "lexical"]) == 0
    assert "recall@100" in capsys.readouterr().out
    assert command.main(["run", str(tmp_path / "none")]) == 1
    assert "里没有 corpus.jsonl" in capsys.readouterr().err
