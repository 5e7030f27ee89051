from datetime import date
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Span
from views.links import Place, href, in_language, read_place

TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs",)), min_size=1, max_size=20)
PLACES = st.one_of(
    st.builds(Place, st.sampled_from(["zh", "en"]), st.just("documents")),
    st.builds(
        lambda language, within, audiences, unit: Place(
            language,
            "requirements",
            within=tuple(within),
            filters=(*(("audience", each) for each in audiences), ("unit", unit)),
        ),
        st.sampled_from(["zh", "en"]),
        st.lists(TEXT, unique=True),
        st.lists(TEXT, unique=True),
        TEXT,
    ),
    st.builds(
        Place,
        st.sampled_from(["zh", "en"]),
        st.just("ask"),
        TEXT,
        st.lists(TEXT, unique=True).map(tuple),
        st.just("") | st.dates(min_value=date(1949, 10, 1), max_value=date(2099, 12, 31)).map(date.isoformat),
    ),
    st.builds(
        lambda language, doc, clause, ends: Place(
            language, "document", doc_id=doc, clause_id=clause, marks=tuple(Span(a, a + b) for a, b in ends)
        ),
        st.sampled_from(["zh", "en"]),
        TEXT,
        TEXT,
        st.lists(st.tuples(st.integers(0, 9999), st.integers(1, 99))),
    ),
)


@given(PLACES)
def test_an_address_names_its_place(place: Place) -> None:
    query = href(place).removeprefix("?")
    assert query.isascii()
    assert read_place(parse_qs(query, keep_blank_values=True)) == place


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", Place()),
        ("lang=fr", Place()),
        ("q=", Place(question="")),
        ("q=a&q=b", Place(question="b")),
        ("page=nowhere", Place()),
        ("doc=&clause=x", Place()),
        ("doc=d&marks=5-2,1-3,x,-4-9,99999999-3", Place("zh", "document", doc_id="d", marks=(Span(1, 3), Span(4, 9)))),
        ("q=a&asof=1949-09-30", Place(question="a")),
        ("q=a&asof=2100-01-01", Place(question="a")),
        ("q=a&in=x&in=x&in=y", Place(question="a", within=("x", "y"))),
    ],
)
def test_addresses_by_hand(query: str, place: Place) -> None:
    assert read_place(parse_qs(query, keep_blank_values=True)) == place


def test_language_keeps_the_place() -> None:
    place = Place(question="学校必须做什么", within=("x",))
    assert in_language(in_language(place, "en"), "zh") == place
    assert href(in_language(place, "en")).endswith("lang=en")
