from __future__ import annotations

import time

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import ocr, pdf
from ingest.formats.pdf_health import is_garbled
from ingest.formats.reading import Reading
from tests.ingest.formats.pdf_files import ASKEW, UPWARDS, Sheet, Words, column, grid, write_pdf

ARTICLE = "第一条为了规范民族团结进步创建工作，促进各民族交往交流交融，根据有关法律法规的"


def read(*sheets: Sheet, **options: int) -> Reading:
    return pdf.read(write_pdf(sheets, **options), "样例.pdf")


@pytest.fixture
def no_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "is_available", lambda: False)


def test_lines_become_paragraphs() -> None:
    lines = (f"\u3000\u3000{ARTICLE}", "规定，结合本市实际，制定本办法。", "\u3000\u3000第二条本办法自公布之日起施行。")
    reading = read(Sheet(column(lines)))
    assert reading.file_type == "pdf"
    assert reading.text == f"{ARTICLE}规定，结合本市实际，制定本办法。\n第二条本办法自公布之日起施行。\n"
    assert reading.page_starts == (0,)


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    first = Sheet(column((f"\u3000\u3000{ARTICLE}",)) + (Words(290, 790, "— 1 —"),))
    second = Sheet(column(("规定，制定本办法。",)) + (Words(290, 790, "— 2 —"),))
    reading = read(first, second)
    assert reading.text == f"{ARTICLE}规定，制定本办法。\n"
    assert reading.page_starts == (0, len(ARTICLE))
    assert [notice.kind for notice in reading.notices] == ["removed"]
    assert "页码或打印信息“— 1 —”（共 2 处）" in reading.notices[0].message


def test_running_heads_go_and_are_told() -> None:
    sheets = [
        Sheet((Words(72, 30, "某市规章汇编"), *column((f"第{n}条各单位应当落实责任。",)), Words(300, 800, str(i))))
        for i, n in enumerate("一二三四", 7)
    ]
    reading = read(*sheets)
    assert reading.text.count("\n") == 4
    assert "汇编" not in reading.text
    assert {notice.context for notice in reading.notices} == {"某市规章汇编", "7"}


def test_a_ruled_table_is_rows() -> None:
    words = (Words(80, 110, "项目"), Words(210, 110, "标准"), Words(80, 140, "补助"), Words(210, 140, "每年"))
    words += (Words(210, 155, "200元"), *column(("第一条标准见下表。",)))
    reading = read(Sheet(words, grid((72, 200, 330), (100, 130, 175))))
    assert reading.text == "第一条标准见下表。\n项目｜标准\n补助｜每年200元\n"
    assert reading.text[reading.tables[0].start : reading.tables[0].end] == "项目｜标准\n补助｜每年200元"


def test_a_table_over_two_pages_keeps_its_head_once() -> None:
    def sheet(*rows: tuple[str, str], top: float) -> Sheet:
        ys = [top + 30 * place for place in range(len(rows) + 1)]
        words = [
            Words(x, y + 8, text)
            for row, y in zip(rows, ys, strict=False)
            for x, text in zip((80, 210), row, strict=True)
        ]
        return Sheet(tuple(words), grid((72, 200, 330), ys))

    reading = read(sheet(("项目", "标准"), ("甲", "一"), top=700), sheet(("项目", "标准"), ("乙", "二"), top=72))
    assert reading.text == "项目｜标准\n甲｜一\n乙｜二\n"
    assert reading.page_starts == (0, reading.text.index("乙"))
    assert "重复的表头只保留一次" in reading.notices[0].message


def test_two_columns_are_read_one_after_the_other() -> None:
    left = column([f"左{n}栏文字共有十六个字整整齐齐排满" for n in "甲乙丙丁戊己"], x=60)
    right = column([f"右{n}栏文字共有十六个字整整齐齐排满" for n in "甲乙丙丁戊己"], x=320)
    title = (Words(180, 40, "两栏排版的公报之标题横跨全页宽度", 14),)
    text = read(Sheet(title + tuple(w for pair in zip(left, right, strict=True) for w in pair))).text
    assert text.index("两栏") < text.index("左己") < text.index("右甲")


@pytest.mark.parametrize("rotate", [90, 0])
def test_a_page_turned_on_its_side(rotate: int) -> None:
    lines = [Words(100, 800, "第一条各单位应当遵守。", matrix=UPWARDS), Words(120, 800, "第二条报送。", matrix=UPWARDS)]
    assert read(Sheet(tuple(lines), rotate=rotate)).text == "第一条各单位应当遵守。\n第二条报送。\n"


def test_a_watermark_is_left_out() -> None:
    text = read(Sheet((Words(200, 400, "内部资料", 40, matrix=ASKEW), *column(("第一条各单位应当遵守。",))))).text
    assert text == "第一条各单位应当遵守。\n"


def test_a_heading_in_larger_type_is_told() -> None:
    lines = ("第一条各单位应当遵守本办法的规定。", "第二条各部门应当配合做好工作。")
    words = (*column(lines), Words(72, 130, "附则", 16), *column(("第三条自公布之日起施行。",), top=170))
    reading = read(Sheet(words))
    assert reading.headings == ((reading.text.index("附则"), 2),)


@pytest.mark.usefixtures("no_ocr")
def test_a_scan_without_ocr_says_how_to_install_it() -> None:
    with pytest.raises(UnreadableFile, match="可能是扫描件.*requirements-ocr.txt"):
        read(Sheet(picture=True), Sheet((Words(72, 72, "扫描王"),), picture=True))


@pytest.mark.usefixtures("no_ocr")
def test_scanned_pages_among_others_are_told() -> None:
    reading = read(Sheet(column(("第一条各单位应当遵守。",))), Sheet(picture=True))
    assert reading.text == "第一条各单位应当遵守。\n"
    assert [notice.kind for notice in reading.notices] == ["gap"]
    assert reading.notices[0].message.startswith("第 2 页是图片")


@pytest.mark.usefixtures("no_ocr")
def test_a_garbled_text_layer_is_refused_without_ocr() -> None:
    with pytest.raises(UnreadableFile, match="文字层是乱码"):
        read(Sheet(column([ARTICLE] * 3)), shift=0xE000 - 0x4E00)


def test_a_garbled_page_goes_through_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "is_available", lambda: True)
    monkeypatch.setattr(ocr, "_boxes", lambda picture: [(100, 100, 700, 130, "第一条正文。", 0.75)])
    reading = read(Sheet(column([ARTICLE] * 3)), shift=0xE000 - 0x4E00)
    assert reading.text == "第一条正文。\n"
    messages = [notice.message for notice in reading.notices]
    assert "文字层是乱码，改用图片识别" in messages[0]
    assert "平均置信度 0.75" in messages[1]
    assert reading.notices[2].context == "第一条正文。"


def test_a_password_is_named() -> None:
    with pytest.raises(UnreadableFile, match="有密码保护"):
        pdf.read(write_pdf([Sheet(column(("第一条",)))], encrypted=True), "a.pdf")


@pytest.mark.parametrize("length", [10, 200, 900])
def test_a_truncated_file_is_refused_or_said_to_be_cut(length: int) -> None:
    content = write_pdf([Sheet(column((ARTICLE,)))])
    try:
        reading = pdf.read(content[:length], "a.pdf")
    except UnreadableFile as error:
        assert "a.pdf" in str(error)
    else:
        assert any(notice.kind == "truncated" for notice in reading.notices)


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="没有文字"):
        read(Sheet())


def test_too_many_pages_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.formats.limits.MAX_PAGES", 5)
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match="有 6 页，最多可读 5 页"):
        read(*[Sheet(column((ARTICLE,)))] * 6)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("text", "unnamed", "garbled"),
    [
        (ARTICLE, 0.0, False),
        (ARTICLE, 1.0, False),  # fonts that name nothing and still read well
        ("\ue001\ue002" * 20, 0.0, True),
        ("Ó7$%&'２５６ÞÝàßÛÜ()。" * 5, 0.0, True),
        ("(cid:123)(cid:77)" * 9, 0.0, True),
        ("犛犲犪犾犐狀犳狅" * 9, 0.0, True),
        ("!\"#$%&'()*+,-./０１２３４５" * 3, 0.5, True),
        ("第一章总则…………………………………………1第二章…………………………………2", 0.5, False),
        ("The committee shall meet (at least) once a year; see Annex 2.", 0.0, False),
        ("\ue001", 0.0, False),  # too little to tell
    ],
)
def test_garbled(text: str, unnamed: float, garbled: bool) -> None:
    assert is_garbled(text, unnamed) is garbled
