"""From the bytes of Word, PDF and HTML files to clauses: outlines and tables written by hand first."""

from __future__ import annotations

from ingest import formats
from ingest.parsing import parse_reading
from ingest.records import Clause
from tests.ingest.formats.docx_files import cell, definition, docx, level, numbered, p, row, run, table
from tests.ingest.formats.pdf_files import Sheet, Words, column, grid, write_pdf

ARTICLES = definition(
    "0",
    level(0, "第%1章", "chineseCountingThousand"),
    level(1, "第%2条", "chineseCountingThousand", more="<w:lvlRestart w:val='0'/>"),
    level(2, "（%3）", "chineseCountingThousand"),
)
HEADS = definition("1", level(0, "%1、", "chineseCountingThousand"), level(1, "%2.", "decimal"))


def clauses(content: bytes) -> list[Clause]:
    reading = formats.read(content, "文件")
    return list(parse_reading(reading, source_file="文件", sha256="0" * 64).clauses)


def locators(content: bytes) -> list[str]:
    return [clause.locator for clause in clauses(content)]


def test_automatic_numbers_of_chapters_articles_and_items() -> None:
    body = (
        p("某市供热管理办法") + p("总则", num="1", level=0) + p("为了规范供热，制定本办法。", num="1", level=1)
       
        + p("供热单位应当履行下列职责：", num="1", level=1) + p("保证温度；", num="1", level=2)
        + p("公开收费标准。", num="1", level=2) + p("责任", num="1", level=0)
        + p("违反本办法的，责令改正。", num="1", level=1)
    )  # fmt: skip
    assert locators(docx(body, numbering=ARTICLES + numbered("1", "0"))) == [
        "第一章", "第一章第一条", "第一章第二条", "第一章第二条第（一）项", "第一章第二条第（二）项",
        "第二章", "第二章第三条",
    ]  # fmt: skip


def test_automatic_and_typed_numbers_in_one_document() -> None:
    body = (
        p("某县粮食安全工作方案") + p("工作目标", num="1", level=0) + p("（一）稳定面积。") + p("（二）提高单产。")
        + p("工作措施", num="1", level=0) + p("落实补贴", num="1", level=1) + p("培训农户", num="1", level=1)
    )  # fmt: skip
    assert locators(docx(body, numbering=HEADS + numbered("1", "1"))) == [
        "一", "一（一）", "一（二）", "二", "二1", "二2",
    ]  # fmt: skip


def test_tracked_changes_footnotes_and_text_boxes() -> None:
    inserted = f'<w:ins w:id="1">{run("第二条　学校应当配备校医。")}</w:ins>'
    deleted = '<w:del w:id="2"><w:r><w:delText>第二条　学校可以配备校医。</w:delText></w:r></w:del>'
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    box = (
        "<w:r><w:pict><v:textbox><w:txbxContent>"
        + p("第三条　校医应当持证上岗。")
        + "</w:txbxContent></v:textbox></w:pict></w:r>"
    )
    body = (
        p("某省学校卫生办法")
        + p("第一条　为了学生健康，制定本办法。", inside=note)
        + p(inside=deleted + inserted)
        + p(inside=box)
    )
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">'
        + p("健康包括心理健康。") + "</w:footnote></w:footnotes>"
    )  # fmt: skip
    found = clauses(docx(body, parts={"footnotes.xml": ("footnotes", notes)}))
    assert [clause.locator for clause in found] == ["第一条", "第二条", "第三条"]
    assert "健康包括心理健康" in found[0].text
    assert found[1].text == "第二条　学校应当配备校医。"


def test_a_long_table_of_word_keeps_head_and_row() -> None:
    rows = [row(f"项目{n}", "按照规定的条件和程序办理" * 2, f"{n}个工作日") for n in range(1, 12)]
    found = clauses(
        docx(p("某局办事指南") + p("一、办理期限") + table(row("项目", "标准", "期限"), *rows) + p("二、监督"))
    )
    at = next(clause for clause in found if "项目7｜" in clause.text)
    assert at.lead_in.startswith("项目｜标准｜期限") and at.text.endswith("｜7个工作日")
    assert [clause.locator for clause in found if clause.path[-1].code != "w"] == ["一", "一 表1", "二"]


def test_a_cell_that_spans_rows_is_inherited() -> None:
    merged = [cell("综合类", '<w:vMerge w:val="restart"/>'), *[cell("", "<w:vMerge/>")] * 9]
    rows = [row(one, f"事项{n}" + "按规定办理并报告结果" * 3, f"第{n}周") for n, one in enumerate(merged)]
    found = clauses(docx(p("某局工作安排") + p("一、任务") + table(row("类别", "事项", "时间"), *rows)))
    at = next(clause for clause in found if "事项6" in clause.text)
    assert "类别｜事项｜时间" in at.lead_in and "综合类" in at.lead_in + at.text


def test_a_table_over_two_pages_of_a_pdf_keeps_head_and_row() -> None:
    xs, head = (60.0, 160.0, 400.0, 520.0), ("项目", "标准", "期限")

    def sheet(rows: list[tuple[str, ...]], top: float, first: str = "") -> Sheet:
        ys = [top + 30.0 * place for place in range(len(rows) + 1)]
        words = [
            Words(x + 6, ys[r] + 8, text) for r, cells in enumerate(rows) for x, text in zip(xs, cells, strict=False)
        ]
        return Sheet((*column([first] if first else []), *words), grid(xs, ys))

    rows = [(f"项目{n}", "按照规定的条件和程序办理手续", f"{n}日内") for n in range(1, 23)]
    content = write_pdf([sheet([head, *rows[:12]], 120.0, "一、办理期限"), sheet([head, *rows[12:]], 72.0)])
    found = clauses(content)
    last = next(clause for clause in found if clause.text.startswith("项目20"))
    assert last.lead_in == "项目｜标准｜期限" and last.text.split("｜") == [
        "项目20",
        "按照规定的条件和程序办理手续",
        "20日内",
    ]
    assert sum("项目｜标准｜期限" in clause.text for clause in found) == 1
    assert last.page == 2


def test_two_columns_of_a_pdf_keep_the_order_of_articles() -> None:
    left = column([f"第{n}条　各单位应当按照规定办理。" for n in "一二三四五六"], x=60)
    right = column([f"第{n}条　各单位应当按照规定办理。" for n in ("七", "八", "九", "十", "十一", "十二")], x=320)
    found = locators(write_pdf([Sheet((*left, *right))]))
    assert found == [f"第{n}条" for n in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")]


def test_a_page_with_an_outline_a_table_and_an_attachment() -> None:
    cells = "".join(f"<tr><td>第{n}类<td>{'应当提交申请表和身份证明' * 3}</tr>" for n in range(1, 10))
    page = (
        "<html><body><div id=nav><a href=/>首页</a></div><div id=zoom><h1>某区办事指南</h1><p>一、办理条件</p>"
        f"<p>（一）本区户籍。</p><p>（二）年满十八周岁。</p><p>二、材料</p><table><tr><th>类别<th>材料</tr>{cells}</table>"
        "<p>附件：1.申请表.docx</p></div></body></html>"
    )
    found = clauses(page.encode())
    outline = [clause.locator for clause in found if clause.path[-1].code != "w"]
    assert outline == ["一", "一（一）", "一（二）", "二", "二 表1"]
    assert next(clause for clause in found if clause.text.startswith("第5类")).lead_in == "类别｜材料"
