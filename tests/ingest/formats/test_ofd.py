from __future__ import annotations

import io
import zipfile

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import ocr, ofd
from ingest.formats.ofd_package import numbers
from ingest.formats.reading import Reading

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU\x00\x00\x00\nIDATx"
    b"\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)


def words(text: str, x: float, y: float, size: float = 4.0, more: str = "", code: str = "") -> str:
    """A text object whose characters stand side by side; ``y`` is the top of its frame in millimetres."""
    deltas = code or f'DeltaX="g {max(len(text) - 1, 1)} {size}"'
    frame = f'Boundary="{x} {y} {len(text) * size} {size + 1}"'
    inner = f'<ofd:TextCode X="0" Y="{size}" {deltas}>{text}</ofd:TextCode>'
    return f'<ofd:TextObject {frame} Size="{size}" {more}>{inner}</ofd:TextObject>'


def unit(content: str) -> str:
    """A drawing that pages use by number."""
    return f'<ofd:CompositeGraphicUnit ID="7"><ofd:Content>{content}</ofd:Content></ofd:CompositeGraphicUnit>'


def page(*objects: str, template: str = "") -> str:
    used = f'<ofd:Template TemplateID="{template}"/>' if template else ""
    layer = f"<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content>"
    return f"<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:Area>{used}{layer}</ofd:Page>"


def write_ofd(
    *pages: str,
    resources: str = "",
    templates: str = "",
    title: str = "",
    root: str = "Doc_0/Document.xml",
    **files: str,
) -> bytes:
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/P{n}.xml"/>' for n in range(len(pages)))
    document = (
        f"<ofd:Document {NS}><ofd:CommonData>{templates}<ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )
    info = f"<ofd:DocInfo><ofd:Title>{title}</ofd:Title></ofd:DocInfo>"
    members = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody>{info}<ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": document,
        "Doc_0/Res.xml": f'<ofd:Res {NS} BaseLoc="Res">{resources}</ofd:Res>',
        **{f"Doc_0/Pages/P{n}.xml": text for n, text in enumerate(pages)},
        **files,
    }
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
        archive.writestr("DOC_0/Res/A.PNG", PICTURE)
    return stored.getvalue()


def read(*pages: str, **options: str) -> Reading:
    return ofd.read(write_ofd(*pages, **options), "样例.ofd")


FULL = "各单位应当按照本办法的规定落实责任并依照职责分工认真组织开展有关工作"


def test_lines_become_paragraphs_over_a_page_break() -> None:
    first = page(words(FULL[:-2], 38, 40), words("任务。", 30, 48), words(FULL[:-2], 38, 56), words("— 1 —", 100, 280))
    second = page(words("任务。", 30, 40), words("— 2 —", 100, 280))
    reading = read(first, second, root="/Doc_0/Document.xml")
    assert reading.file_type == "ofd"
    assert reading.text == f"{FULL[:-2]}任务。\n" * 2
    assert reading.page_starts == (0, 2 * len(FULL) - 4 + 4)
    assert [notice.kind for notice in reading.notices] == ["removed"]


def test_a_matrix_and_deltas_place_the_characters() -> None:
    scaled = words("第二条", 30, 60, 10, 'CTM="0.4 0 0 0.4 0 0"', 'DeltaX="10 10"')
    spaced = words("第三条为了", 30, 70, 4, "", 'DeltaX="4 4 8 4"')
    assert read(page(words("第一条", 30, 50), spaced, scaled)).text == "第一条\n第二条\n第三条 为了\n"


def test_the_text_of_a_template_is_read_once_a_page() -> None:
    head = page(words("处理单", 30, 20))
    listed = '<ofd:TemplatePage ID="9" BaseLoc="T.xml"/>'
    reading = read(page(words("第一条", 30, 50), template="9"), templates=listed, **{"Doc_0/T.xml": head})
    assert reading.text == "处理单\n第一条\n"


def test_what_is_hidden_or_askew_is_left_out() -> None:
    askew = words("内部资料", 30, 80, 10, 'CTM="0.7 0.7 -0.7 0.7 0 0"')
    hidden = words("隐藏", 30, 90, 4, 'Visible="false"')
    assert read(page(words("第一条", 30, 50), askew, hidden)).text == "第一条\n"


def test_a_drawing_used_again_brings_its_text() -> None:
    used = '<ofd:CompositeObject ResourceID="7" Boundary="30 60 20 20"/>'
    reading = read(page(words("第一条", 30, 50), used), resources=unit(words("第二条", 0, 0)))
    assert reading.text == "第一条\n第二条\n"


def test_a_drawing_within_itself_ends() -> None:
    used = '<ofd:CompositeObject ResourceID="7" Boundary="30 60 20 20"/>'
    assert read(page(words("第一条", 30, 50), used), resources=unit(used)).text == "第一条\n"


def test_a_ruled_table_is_rows() -> None:
    def path(x: float, y: float, wide: float, high: float) -> str:
        drawn = f"<ofd:AbbreviatedData>M 0 0 L {wide} {high}</ofd:AbbreviatedData>"
        return f'<ofd:PathObject Boundary="{x} {y} {wide} {high}">{drawn}</ofd:PathObject>'

    rules = [path(30, y, 100, 0) for y in (40, 50, 60)] + [path(x, 40, 0, 20) for x in (30, 80, 130)]
    cells = [words("项目", 32, 42), words("标准", 82, 42), words("补助", 32, 52), words("每年", 82, 52)]
    reading = read(page(*rules, *cells))
    assert reading.text == "项目｜标准\n补助｜每年\n"
    assert len(reading.tables) == 1


@pytest.mark.parametrize(
    ("title", "told"), [("关于加强工作的通知", "关于加强工作的通知"), ("某市教育局", None), ("文档1", None)]
)
def test_a_stated_title_counts_where_the_text_has_it(title: str, told: str | None) -> None:
    lines = (words("某市教育局", 80, 20), words("关于加强工作的通知", 60, 40), words("第一条", 30, 60))
    assert read(page(*lines), title=title).title == told


SCAN = '<ofd:ImageObject Boundary="10 10 190 270" ResourceID="4"/>'
MEDIUM = '<ofd:MultiMedia ID="4" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>'


def test_a_scan_without_ocr_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "is_available", lambda: False)
    with pytest.raises(UnreadableFile, match="可能是扫描件.*requirements-ocr.txt"):
        read(page(SCAN), resources=MEDIUM)


def test_a_scan_goes_through_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PIL")
    monkeypatch.setattr(ofd, "is_available", lambda: True)
    monkeypatch.setattr(ocr, "_boxes", lambda picture: [(0, 0, 1, 0.05, "第一条正文。", 0.9)])
    reading = read(page(SCAN), page(words("第二条" * 8 + "。", 30, 50)), resources=MEDIUM)
    assert reading.text.startswith("第一条正文。\n")
    assert [notice.message[:8] for notice in reading.notices] == ["第 1 页的文字"]


def test_a_missing_picture_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ofd, "is_available", lambda: True)
    with pytest.raises(UnreadableFile, match="图片打不开"):
        read(page(SCAN))
    reading = read(page(SCAN), page(words("第二条", 30, 50)))
    assert [notice.kind for notice in reading.notices] == ["gap"]


def test_damaged_packages() -> None:
    with pytest.raises(UnreadableFile, match="缺少“Doc_9/Document.xml”"):
        read(page(words("第一条", 30, 50)), root="Doc_9/Document.xml")
    with pytest.raises(UnreadableFile, match="加密保护"):
        read(page(words("第一条", 30, 50)), **{"Encryptions.xml": "<a/>"})
    with pytest.raises(UnreadableFile, match="没有文字"):
        read(page())
    with pytest.raises(UnreadableFile, match="有害"):
        read('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    content = write_ofd(page(words("第一条", 30, 50)))
    with pytest.raises(UnreadableFile, match="损坏或不完整"):
        ofd.read(content[: len(content) // 2], "a.ofd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, []),
        ("1 2.5", [1, 2.5]),
        ("g 3 2 1", [2, 2, 2, 1]),
        ("g x 2", []),
        ("1e99 NaN?", []),
        ("g 999999 1", [1] * 10000),
    ],
)
def test_numbers(text: str | None, expected: list[float]) -> None:
    assert numbers(text) == expected
