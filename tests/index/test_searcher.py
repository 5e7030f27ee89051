"""Search over a small knowledge base with known neighbours."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.records import Filters, Mode
from index.searcher import Searcher, _best_rows
from ingest.correction_desk import save_corrections, try_correction
from ingest.corrections import Heading
from ingest.errors import BadQuery
from ingest.home import Home
from ingest.intake import ingest_file
from ingest.records import ParsedDocument
from ingest.storage import Store

from .conftest import ToyEncoder, article_law, changed, plan

Put = Callable[[ParsedDocument], None]


def found(
    searcher: Searcher, query: str, filters: Filters | None = None, top_k: int = 10, mode: Mode = "hybrid"
) -> list[str]:
    hits = searcher.search(query, top_k=top_k, filters=filters or Filters(), mode=mode)
    return [hit.clause.clause_id.removeprefix("plan.") for hit in hits]


@pytest.fixture
def searcher(home: Home, encoder: ToyEncoder) -> Searcher:
    return Searcher.open(home, encoder=encoder)


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
def test_the_clause_about_the_question_is_first(searcher: Searcher, mode: Mode) -> None:
    assert found(searcher, "学校课堂教学", mode=mode)[0] == "n1.i2.r1"
    assert found(searcher, "中心组学习", mode=mode)[0] == "n1.i1"


def test_vectors_find_what_shares_no_word(searcher: Searcher) -> None:
    assert found(searcher, "hotel", mode="dense")[0] == "n1.i3"


def test_synonyms_find_what_shares_no_word(searcher: Searcher) -> None:
    assert found(searcher, "酒店不让住", mode="lexical")[0] == "n1.i3"


def test_english_questions_find_chinese_clauses_by_words(searcher: Searcher) -> None:
    assert "n1.i2.r1" in found(searcher, "what must schools do", mode="lexical")


def test_headings_are_not_found(searcher: Searcher) -> None:
    assert set(found(searcher, "进学校 具体要求")) == {"n1.i1", "n1.i2.r1", "n1.i2.r2", "n1.i3"}


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "dense"])
@pytest.mark.parametrize(
    ("filters", "allowed"),
    [
        (Filters(audiences=frozenset({"school"})), {"n1.i2.r1", "n1.i2.r2"}),
        (Filters(modalities=frozenset({"must", "must_not"})), {"n1.i1", "n1.i2.r1", "n1.i3"}),
        (Filters(audiences=frozenset({"school"}), modalities=frozenset({"must"})), {"n1.i2.r1"}),
        (Filters(audiences=frozenset({"school"}), modalities=frozenset({"must_not"})), set()),
        (Filters(clause_ids=frozenset({"plan.n1.i3"})), {"n1.i3"}),
        (Filters(doc_ids=frozenset({"plan"})), {"n1.i1", "n1.i2.r1", "n1.i2.r2", "n1.i3"}),
        (Filters(doc_ids=frozenset({"other"})), set()),
    ],
)
def test_filters_hold_before_top_k(searcher: Searcher, mode: Mode, filters: Filters, allowed: set[str]) -> None:
    hits = found(searcher, "学校民族学习少数", filters, mode=mode)
    assert set(hits) <= allowed
    if mode != "lexical":
        assert set(hits) == allowed
        assert len(found(searcher, "学校民族学习少数", filters, top_k=1)) == min(1, len(allowed))


def test_a_filter_keeps_the_parts_of_the_score(searcher: Searcher) -> None:
    free = {hit.clause.clause_id: hit.parts for hit in searcher.search("学校课堂")}
    for hit in searcher.search("学校课堂", filters=Filters(audiences=frozenset({"school"}))):
        assert hit.parts.lexical == pytest.approx(free[hit.clause.clause_id].lexical)
        assert hit.parts.dense == pytest.approx(free[hit.clause.clause_id].dense)


def test_a_hit_marks_the_words_of_the_question(searcher: Searcher) -> None:
    hit = searcher.search("学校课堂教学")[0]
    assert [hit.clause.text[span.start : span.end] for span in hit.matched] == ["课堂", "学校", "课堂教学"]


def test_top_k_beyond_the_collection_gives_all(searcher: Searcher) -> None:
    assert len(found(searcher, "学校", top_k=99)) == 4
    assert len(found(searcher, "学校", top_k=2)) == 2


@pytest.mark.parametrize(
    ("query", "top_k", "words"), [("", 1, "空的"), (" \n", 1, "空的"), ("学" * 2001, 1, "2001"), ("学", 0, "至少为 1")]
)
def test_bad_queries_are_refused(searcher: Searcher, query: str, top_k: int, words: str) -> None:
    with pytest.raises(BadQuery, match=words):
        searcher.search(query, top_k=top_k)


def test_nonsense_still_gives_the_nearest(searcher: Searcher) -> None:
    assert len(found(searcher, "%%%", top_k=2)) == 2
    assert found(searcher, "%%%", mode="lexical") == []


def test_an_empty_knowledge_base_finds_nothing(tmp_path: object, encoder: ToyEncoder, home: Home) -> None:
    with Store.open(home, write=True) as store:
        store.remove("plan")
    searcher = Searcher.open(home, encoder=encoder)
    assert searcher.search("学校") == [] and not searcher.documents and not searcher.clauses


def test_a_second_start_embeds_nothing(home: Home, searcher: Searcher) -> None:
    second = ToyEncoder()
    reopened = Searcher.open(home, encoder=second)
    assert second.encoded == []
    assert found(reopened, "学校课堂") == found(searcher, "学校课堂")


def test_a_changed_clause_alone_is_embedded(home: Home, searcher: Searcher) -> None:
    with Store.open(home, write=True) as store:
        store.replace("plan", changed(plan(), "plan.n1.i3", "（三）进社区旅店不得拒绝接待。"))
    second = ToyEncoder()
    Searcher.open(home, encoder=second)
    assert second.encoded and all("旅店不得拒绝接待" in text for text in second.encoded)


def test_refresh_takes_over_what_another_program_added(searcher: Searcher, put: Put) -> None:
    assert searcher.refresh() is False
    put(article_law("law", "公司条例", [(1, 0)], "公司"))
    assert "law" not in searcher.documents
    assert searcher.refresh() is True
    assert searcher.search("公司条例第一条")[0].clause.clause_id == "law.c1.a1"
    assert searcher.refresh() is False


def test_refresh_takes_over_what_another_program_built(
    home: Home, searcher: Searcher, put: Put, encoder: ToyEncoder
) -> None:
    put(article_law("law", "公司条例", [(1, 0)]))
    Searcher.open(home, encoder=encoder)
    encoder.encoded.clear()
    assert searcher.refresh() is True and "law" in searcher.documents
    assert encoder.encoded == []


def test_searches_go_on_while_the_collection_changes(searcher: Searcher, put: Put) -> None:
    errors: list[BaseException] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert searcher.search("学校课堂")[0].clause.clause_id == "plan.n1.i2.r1"
            except BaseException as error:
                errors.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(4):
        put(article_law(f"law{number}", f"条例{number}", [(1, 0)]))
        searcher.refresh()
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == [] and len(searcher.documents) == 5


def test_questions_are_embedded_once(searcher: Searcher, encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    original = encoder.encode_queries
    monkeypatch.setattr(encoder, "encode_queries", lambda texts: (asked.extend(texts), original(texts))[1])
    vectors = searcher.embed_queries(["甲", "乙", "甲"])
    searcher.embed_queries(["乙"])
    assert asked == ["甲", "乙"]
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert searcher.embed_queries([]).shape == (0, encoder.dimension)


def test_sentences_were_embedded_ahead(searcher: Searcher, encoder: ToyEncoder) -> None:
    encoder.encoded.clear()
    searcher.embed_passages(["学校应当把民族团结内容纳入课堂教学。"])
    assert encoder.encoded == []


def test_a_correction_is_found_at_its_new_place(home: Home, searcher: Searcher, tmp_path: Path) -> None:
    file = tmp_path / "方案.txt"
    file.write_text(
        "校园方案\n\n一、总体要求\n企业要自查。\n公司要整改。\n二、其他\n各单位要落实。\n", encoding="utf-8"
    )
    with Store.open(home, write=True) as store:
        ingest_file(store, file, doc_id="campus")
    searcher.refresh()
    assert searcher.search("公司")[0].clause.clause_id == "campus.n1"
    with Store.open(home, write=True) as store:
        at = store.source("campus").index("公司")
        trial = try_correction(store, "campus", at, Heading("i", "一"))
        save_corrections(store, "campus", [trial.correction])
    assert searcher.refresh()
    hit = searcher.search("公司")[0].clause
    assert (hit.clause_id, hit.locator) == ("campus.n1.i1", "一（一）")


def test_the_law_comes_before_the_rules_that_say_the_same(home: Home, encoder: ToyEncoder, put: Put) -> None:
    for doc_id, title in (("a-rules", "课堂条例"), ("b-law", "课堂法")):
        put(article_law(doc_id, title, [(1, 0), (2, 0)], words="学校课堂"))
    laws = Filters(doc_ids=frozenset({"a-rules", "b-law"}))
    found = Searcher.open(home, encoder=encoder).search("学校课堂", filters=laws)
    assert [hit.clause.doc_id for hit in found] == ["b-law", "b-law", "a-rules", "a-rules"]


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 700), size=st.integers(1, 12), kinds=st.integers(1, 400), share=st.floats(0, 1))
def test_the_best_rows_are_those_of_the_whole_order(count: int, size: int, kinds: int, share: float) -> None:
    random = np.random.default_rng(count)
    scores = (random.integers(-1, kinds, count).clip(0) / kinds).astype(np.float32)
    allowed = random.random(count) < share
    for mask, possible in ((None, scores), (allowed, scores[allowed])):
        found = _best_rows(scores, size, mask)
        best = np.sort(possible[possible > 0])[::-1][:size]
        assert len(set(found.tolist())) == len(found) and (mask is None or mask[found].all())
        np.testing.assert_array_equal(np.sort(scores[found])[::-1], best)


def test_the_spread_is_that_of_all_allowed_clauses(searcher: Searcher) -> None:
    hits = searcher.search("中心组学习", top_k=10, mode="dense")
    cosines = [hit.parts.dense for hit in hits]
    spread = searcher.spread("中心组学习")
    assert spread.mean == pytest.approx(sum(cosines) / len(cosines), abs=1e-5)
    assert (spread.best, spread.tenth) == pytest.approx((cosines[0], cosines[-1]), abs=1e-5)  # fewer than ten
    assert spread.lexical_place == 0
    only = searcher.spread("中心组学习", filters=Filters(clause_ids=frozenset({"plan.n1.i3"})))
    assert only.mean == pytest.approx(only.best) and only.best < spread.best
    assert searcher.spread("中心组学习", filters=Filters(doc_ids=frozenset({"other"}))).mean == 0
