from __future__ import annotations

import pytest

from ingest.formats.layout import Composed, compose
from ingest.formats.layout_records import Glyph, PageMarks, Rule
from ingest.formats.layout_tables import find_grids

SIZE = 10.0


def glyphs(text: str, x: float, y: float, size: float = SIZE) -> list[Glyph]:
    """Characters set solid; Latin ones are half as wide."""
    made = []
    for character in text:
        width = size if ord(character) > 0x2E80 else size / 2
        made.append(Glyph(x, y, x + width, y + size, character, size))
        x += width
    return made


def page(*lines: tuple[float, float, str], rules: tuple[Rule, ...] = ()) -> PageMarks:
    return PageMarks(400, 600, tuple(glyph for x, y, text in lines for glyph in glyphs(text, x, y)), rules)


def set_lines(*lines: str, lead: float = 16.0, x: float = 50.0, top: float = 100.0) -> PageMarks:
    """Lines 20 characters wide; ideographic spaces before a line are its indent."""
    placed = []
    for place, line in enumerate(lines):
        words = line.lstrip("\u3000")
        placed.append((x + SIZE * (len(line) - len(words)), top + place * lead, words))
    return page(*placed)


def paragraphs(*pages: PageMarks) -> list[str]:
    return compose(pages).text.splitlines()


FULL = "各单位应当按照本办法的规定落实责任并依照"  # 20 characters, a full line


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("\u3000\u3000" + FULL[2:], "职责办理。"), [FULL[2:] + "职责办理。"]),
        (("\u3000\u3000" + FULL[2:], "第六条的规定执行。"), [FULL[2:] + "第六条的规定执行。"]),
        (("\u3000\u3000" + FULL[2:], "第六条至第九条办理。"), [FULL[2:] + "第六条至第九条办理。"]),
        (("\u3000\u3000" + FULL[2:], "\u3000\u3000第六条本市建立制度。"), [FULL[2:], "第六条本市建立制度。"]),
        (("\u3000\u3000（一）认真组织；", "\u3000\u3000（二）按时报送。"), ["（一）认真组织；", "（二）按时报送。"]),
        (("\u3000\u30001.认真组织；", "\u3000\u30002.按时报送。"), ["1.认真组织；", "2.按时报送。"]),
        (("\u3000\u3000" + FULL[2:], "，不得推诿。"), [FULL[2:] + "，不得推诿。"]),
        (("\u3000\u3000" + FULL[2:-1] + "。", "由市政府解释。"), [FULL[2:-1] + "。由市政府解释。"]),
    ],
)
def test_lines_of_an_indented_document(lines: tuple[str, ...], expected: list[str]) -> None:
    around = ("\u3000\u3000" + FULL[2:], "职责办理。") * 2
    assert paragraphs(set_lines(*around, *lines))[2:] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((FULL, "职责办理。"), [FULL + "职责办理。"]),
        ((FULL, "办理。", "第二条不得推诿。"), [FULL + "办理。", "第二条不得推诿。"]),
        ((FULL, "第二条本市建立制度。"), [FULL, "第二条本市建立制度。"]),  # nothing tells it from a new article
        ((FULL, "第二条的规定办理。"), [FULL + "第二条的规定办理。"]),
        ((FULL[:-1] + "。", "由市政府解释。"), [FULL[:-1] + "。", "由市政府解释。"]),
    ],
)
def test_lines_of_a_document_without_indents(lines: tuple[str, ...], expected: list[str]) -> None:
    assert paragraphs(set_lines(FULL, "职责办理。", *lines))[1:] == expected


def test_words_that_repeat_among_the_text_are_no_running_head() -> None:
    pages = [
        page((50, 30, words), (50, 100, f"{words}应当办理。")) for words in ("甲", "全国", "全国", "全国", "乙", "丙")
    ]
    assert compose(pages).text.count("全国\n") == 3


def test_narrow_letters_that_repeat_are_no_bold_type() -> None:
    assert paragraphs(page((50, 100, "file:///a shall 11"))) == ["file:///a shall 11"]


def test_paragraphs_that_stand_apart() -> None:
    lines = [(50.0, y, text) for y, text in ((100, FULL), (114, "办理。"), (140, FULL[:-1] + "。"), (154, "解释。"))]
    assert paragraphs(page(*lines)) == [FULL + "办理。", FULL[:-1] + "。解释。"]


def test_a_title_of_two_lines_is_one() -> None:
    title = glyphs("某市人民政府关于印", 69, 60, 18) + glyphs("发工作方案的通知", 78, 84, 18)
    body = set_lines("\u3000\u3000" + FULL[2:], "职责办理。").glyphs
    text = compose([PageMarks(400, 600, (*title, *body))]).text
    assert text.startswith("某市人民政府关于印发工作方案的通知\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (glyphs("第一条", 50, 100) + glyphs("为了", 85, 100), "第一条 为了"),  # a gap of half a character
        ([g for n, c in enumerate("公报目录") for g in glyphs(c, 50 + 15 * n, 100)], "公报目录"),  # spaced evenly
        (glyphs("in", 50, 100) + glyphs("law", 63, 100), "in law"),
        (glyphs("共", 50, 100) + glyphs("12", 62.5, 100), "共12"),  # setting leaves room around numbers
        (glyphs("粗", 50, 100) + glyphs("粗", 50.4, 100) + glyphs("体", 60, 100), "粗体"),  # printed twice
        (glyphs("面积", 50, 100) + [Glyph(70, 98, 75, 104, "2", 6)] + glyphs("米", 76, 100), "面积2米"),  # raised
    ],
)
def test_gaps_within_a_line(line: list[Glyph], expected: str) -> None:
    assert compose([PageMarks(400, 600, tuple(line))]).text == expected + "\n"


@pytest.mark.parametrize("number", ["— 3 —", "-3-", "－３－", "第 3 页", "第3页 共9页", "3/9", "·3·", "第三页"])
def test_a_page_number_goes_from_a_single_page(number: str) -> None:
    composed = compose([page((50, 100, "第一条应当办理。"), (190, 570, number))])
    assert composed.text == "第一条应当办理。\n"
    assert composed.notices[0].kind == "removed"


@pytest.mark.parametrize("words", ["3", "2019年3月", "第三条"])
def test_what_only_looks_like_a_page_number_stays(words: str) -> None:
    assert words in compose([page((50, 100, "第一条应当办理。"), (190, 570, words))]).text


def test_heads_of_right_and_left_pages() -> None:
    bodies = "甲乙丙丁戊己庚辛"
    pages = [page((50, 30, ("左页眉", "右页眉")[n % 2]), (50, 100, f"{c}应当办理。")) for n, c in enumerate(bodies)]
    composed = compose(pages)
    assert composed.text.splitlines() == [f"{c}应当办理。" for c in bodies]
    assert {notice.context for notice in composed.notices} == {"左页眉", "右页眉"}


def test_page_starts_of_empty_pages() -> None:
    composed = compose([page(), page((50, 100, "第一条。")), page(), page((50, 100, "第二条。"))])
    assert composed.text == "第一条。\n第二条。\n"
    assert composed.page_starts == (0, 0, 5, 5)


def test_no_pages() -> None:
    assert compose([]) == Composed("", (), (), (), ())


def test_a_form_without_columns_is_read_row_by_row() -> None:
    rows = [(50.0, 100 + 16.0 * n, f"{c}方") for n, c in enumerate("甲乙丙丁戊")]
    rows += [(250.0, 100 + 16.0 * n, "盖章") for n in range(5)]
    assert paragraphs(page(*rows)) == [f"{c}方 盖章" for c in "甲乙丙丁戊"]


def lines_of(xs: list[float], ys: list[float]) -> list[Rule]:
    return [Rule(xs[0], y, xs[-1], y) for y in ys] + [Rule(x, ys[0], x, ys[-1]) for x in xs]


def test_cells_that_span() -> None:
    rules = lines_of([50, 150, 250], [100, 130, 160])
    rules = [rule for rule in rules if rule != Rule(150, 100, 150, 160)] + [Rule(150, 130, 150, 160)]
    composed = compose([page((60, 110, "名称"), (60, 140, "甲"), (160, 140, "乙"), rules=tuple(rules))])
    assert composed.text == "名称｜\n甲｜乙\n"


@pytest.mark.parametrize(
    "rules",
    [
        [Rule(50, 120, 350, 120)],  # a line under a head
        lines_of([50, 350], [100, 300]),  # a box around text
        [Rule(50, y, 350, y) for y in (100, 120, 140)],  # lines to write on
        [Rule(float(n), 100, float(n), 200) for n in range(5000)],  # a drawing
    ],
)
def test_what_is_not_a_table(rules: list[Rule]) -> None:
    assert find_grids(rules, 2.5) == []


def test_a_row_cut_by_the_page_break_is_made_whole() -> None:
    def table(top: float, *rows: tuple[str, str]) -> PageMarks:
        ys = [top + 30.0 * n for n in range(len(rows) + 1)]
        words = [
            (x, y + 8, text) for y, row in zip(ys, rows, strict=False) for x, text in zip((60, 160), row, strict=True)
        ]
        return page(*[w for w in words if w[2]], rules=tuple(lines_of([50, 150, 350], ys)))

    composed = compose(
        [table(500, ("项目", "要求"), ("创建", "每年开展")), table(50, ("", "一次。"), ("宣传", "经常。"))]
    )
    assert composed.text == "项目｜要求\n创建｜每年开展一次。\n宣传｜经常。\n"
    assert len(composed.tables) == 1
