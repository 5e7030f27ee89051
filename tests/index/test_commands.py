"""``python -m index``: what it prints, what it refuses, and with which status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index import building, commands
from index.__main__ import main
from index.models import ModelFolder
from index.searcher import Searcher
from ingest.home import Home
from ingest.sentences import clause_sentences
from ingest.storage import Store

from .conftest import ToyEncoder


@pytest.fixture(autouse=True)
def toy_model(home: Home, encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    model = ModelFolder("toy", home.models / "toy", "query: ", "passage: ", "toy")
    monkeypatch.setenv("KB_HOME", str(home.root))
    monkeypatch.delenv("KB_MODEL", raising=False)
    monkeypatch.setattr("index.searcher.open_encoder", lambda home, progress=None: encoder)
    monkeypatch.setattr(commands, "open_encoder", lambda home, progress=None: encoder)
    monkeypatch.setattr(commands, "ensure_model", lambda home, progress=None: model)
    monkeypatch.setattr(commands, "SentenceEncoder", lambda model: encoder)


def printed(capsys: pytest.CaptureFixture[str], *argv: str, status: int = 0) -> str:
    assert main(argv) == status
    output = capsys.readouterr()
    return output.out if status == 0 or output.out else output.err


def test_build_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert "已生成检索索引：1 份文件，4 条条款" in printed(capsys, "build")
    assert "已是最新，无需重建" in printed(capsys, "build")
    again = json.loads(printed(capsys, "build", "--again", "--json"))
    assert (again["built"], again["clauses"], again["documents"]) == (True, 4, 1)


def test_the_vectors_of_all_sentences_are_computed_ahead_once(
    capsys: pytest.CaptureFixture[str], encoder: ToyEncoder, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "MOST_SENTENCES", 0)
    monkeypatch.setattr(building, "SENTENCES_AT_ONCE", 2)
    printed(capsys, "build")
    passages = set(encoder.encoded)
    printed(capsys, "build", "--sentences")
    with Store.open(home) as store:
        clauses = store.clauses()
    sentences = {
        clause.text[span.start : span.end]
        for clause in clauses
        if clause.kind == "clause"
        for span in clause_sentences(clause.text, clause.body_start)
    }
    assert set(encoder.encoded) - passages == sentences - passages != set()
    encoder.encoded.clear()
    printed(capsys, "build", "--sentences")
    assert not encoder.encoded


def test_search_prints_clauses_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "search", "学校课堂")
    assert text.startswith(
        "1. 《民族团结行动方案》一（二）1\n   一、具体要求 > （二）进学校 > （1）课堂".replace("（1）课堂", "1课堂")
    )
    assert "学校应当把民族团结内容纳入课堂教学" in text


def test_search_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(printed(capsys, "search", "学校课堂", "--top-k", "1", "--json"))
    (hit,) = answer["hits"]
    assert hit["clause_id"] == "plan.n1.i2.r1" and hit["locator"] == "一（二）1"
    assert set(hit["parts"]) == {"lexical", "dense", "fused"}
    assert [hit["text"][start:end] for start, end in hit["matched"]]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--audience", "school"), {"plan.n1.i2.r1", "plan.n1.i2.r2"}),
        (("--modality", "must_not"), {"plan.n1.i3"}),
        (("--doc", "plan", "--audience", "school", "--modality", "must"), {"plan.n1.i2.r1"}),
        (("--mode", "lexical"), {"plan.n1.i2.r1", "plan.n1.i2.r2"}),
    ],
)
def test_search_options(capsys: pytest.CaptureFixture[str], options: tuple[str, ...], found: set[str]) -> None:
    answer = json.loads(printed(capsys, "search", "学校", "--json", *options))
    assert {hit["clause_id"] for hit in answer["hits"]} == found


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("search", ""), "问题是空的"),
        (("search", "学校", "--doc", "nowhere"), "没有编号为“nowhere”的文件，现有：plan"),
        (("search", "学校", "--audience", "nobody"), "没有对象“nobody”，可选的有：.*school"),
        (("model", "--wheel", "no.whl"), r"没有文件 no\.whl"),
    ],
)
def test_refusals_have_status_1(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...], words: str) -> None:
    import re

    assert re.search(words, printed(capsys, *argv, status=1))


def test_nothing_found_has_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert "没有找到条款" in printed(capsys, "search", "%%%", "--mode", "lexical", status=1)


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("search",),
        ("search", "学校", "--top-k", "0"),
        ("search", "学校", "--top-k", "x"),
        ("search", "学校", "--mode", "x"),
        ("nothing",),
    ],
)
def test_bad_usage_has_status_2(capsys: pytest.CaptureFixture[str], argv: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv)
    assert stopped.value.code == 2
    assert "用法" in capsys.readouterr().err


def test_stats(capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(printed(capsys, "stats", "--json"))
    assert (facts["documents"], facts["clauses"], facts["model"], facts["dimension"]) == (1, 4, "toy", 16)
    assert "条款 4 条" in printed(capsys, "stats")


def test_verify_finds_a_changed_byte(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, "build")
    assert "4 个文件校验无误，4 条条款" in printed(capsys, "verify")
    path = home.generations / "00000001" / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert "vectors.faiss 校验值不符" in printed(capsys, "verify", status=1)


def test_verify_before_any_build(capsys: pytest.CaptureFixture[str]) -> None:
    assert "还没有检索索引" in printed(capsys, "verify", status=1)


def test_model_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert "向量模型：toy（16 维" in printed(capsys, "model")
    assert json.loads(printed(capsys, "model", "--json"))["query_prefix"] == "query: "


def test_again_is_for_the_default_model_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_MODEL", "other")
    assert "现在 KB_MODEL 指定的是“other”" in printed(capsys, "model", "--again", status=1)


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("build", "search", "stats", "verify", "model"):
        with pytest.raises(SystemExit) as stopped:
            main((name, "-h"))
        assert stopped.value.code == 0
        assert "--json" in capsys.readouterr().out


def test_the_searcher_opens_the_home_of_the_environment(home: Home, encoder: ToyEncoder, tmp_path: Path) -> None:
    assert list(Searcher.open(home, encoder=encoder).documents) == ["plan"]
