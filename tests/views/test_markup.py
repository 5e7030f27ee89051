import pytest
from hypothesis import given
from hypothesis import strategies as st

from views.markup import Markup, element, escape, join, packed, plain_label

HTML_PARSER_TEXT = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t<>&\"'"))


class _Reader:
    """The standard library's parser, collecting what a reader would see."""

    def __new__(cls, html: str) -> "_Reader":
        from html.parser import HTMLParser

        class Parser(HTMLParser):
            def __init__(self) -> None:
                super().__init__(convert_charrefs=True)
                self.text, self.tags, self.attributes = "", [], []

            def handle_data(self, data: str) -> None:
                self.text += data

            def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
                self.tags.append(tag)
                self.attributes += attrs

        parser = Parser()
        parser.feed(html)
        parser.close()
        return parser  # type: ignore[return-value]


@given(HTML_PARSER_TEXT)
def test_any_text_is_shown_as_itself(text: str) -> None:
    seen = _Reader(element("p", text, data_copy=packed(text), title=text))
    assert seen.tags == ["p"]
    assert seen.text == text
    assert dict(seen.attributes)["title"] == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>", "&lt;b&gt;"),
        ("a & b", "a &amp; b"),
        ("\"'", "&quot;&#x27;"),
        ("一\n二", "一&#10;二"),
        ("\x00\x1b", "\N{REPLACEMENT CHARACTER}" * 2),
        ("", ""),
    ],
)
def test_escape(text: str, html: str) -> None:
    assert escape(text) == html


def test_markup_passes_and_text_does_not() -> None:
    assert join(Markup("<i>"), "<i>") == "<i>&lt;i&gt;"
    assert element("p", element("b", "<"), "<") == "<p><b>&lt;</b>&lt;</p>"


def test_attributes() -> None:
    made = element("a", "x", class_="k", data_copy='"', aria_label=None, hidden=True, open=False)
    assert made == '<a class="k" data-copy="&quot;" hidden>x</a>'


@given(HTML_PARSER_TEXT)
def test_packed_text_holds_no_sign_of_markup(text: str) -> None:
    from urllib.parse import unquote

    assert not set(packed(text)) & set("<>&\"' \n")
    assert unquote(packed(text)) == text


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("**粗**", r"\*\*粗\*\*"),
        ("[链](x)", r"\[链\]\(x\)"),
        (":red[红] $x$", r"\:red\[红\] \$x\$"),
        ("学校必须做什么", "学校必须做什么"),
    ],
)
def test_label_shows_markdown_signs(text: str, label: str) -> None:
    assert plain_label(text) == label
