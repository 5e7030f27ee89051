"""The page of requirements over the demo knowledge base, through Streamlit's own test harness."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from test_page import page, words

from ingest.errors import InputError
from qa.selection import LISTED
from views.links import Place
from views.requirements_page import selection_of


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def test_the_page_lists_counts_and_offers_the_files() -> None:
    app = page(page="requirements")
    told = words(app)
    assert "要求清单" in told and "4 项要求" in told and "每学期至少组织一次主题班会" in told
    assert [each.proto.label for each in app.get("download_button")] == ["下载 Excel", "下载 Word"]


def test_a_filter_goes_into_the_address_and_narrows_the_list() -> None:
    app = page(page="requirements")
    app.multiselect(key="register_modality").set_value(["must_not"]).run()
    assert app.query_params["modality"] == ["must_not"] or app.query_params["modality"] == "must_not"
    assert "每学期至少组织一次主题班会" not in words(app).split("项要求")[0]


def test_the_address_fills_the_filters() -> None:
    app = page(page="requirements", audience="school", unit="公安", before="2025-12-31")
    assert app.multiselect(key="register_audience").value == ["school"]
    assert app.text_input(key="register_unit").value == "公安"
    assert app.text_input(key="register_before").value == "2025-12-31"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"audience": "enterprise"}, "没有符合的要求"),
        ({"before": "明年"}, "这个条件看不懂"),
        ({"lang": "en"}, "Every requirement of the documents"),
    ],
)
def test_what_fits_nothing_or_makes_no_sense_is_told(params: dict[str, str], told: str) -> None:
    assert told in words(page(page="requirements", **params))


def test_the_address_becomes_a_selection() -> None:
    filters = (("audience", "school"), ("audience", "nobody"), ("modality", "may"), ("unit", "教育局"))
    place = Place(page="requirements", within=("a", "gone"), filters=filters)
    selection = selection_of(place, ["a", "b"])
    assert (selection.audiences, selection.modalities) == (("school",), frozenset({"may"}))
    assert (selection.doc_ids, selection.unit, selection.due_by) == (("a",), "教育局", None)
    due = selection_of(Place(page="requirements", filters=(("before", "2025"),)), [])
    assert (due.due_by, due.modalities) == ("2025-12-31", LISTED | {"goal"})
    with pytest.raises(InputError, match="不合要求"):
        selection_of(Place(page="requirements", filters=(("before", "soon"),)), [])
