"""The text of a DOCX as Word shows it: paragraphs, numbers, headings, changes, fields, notes, boxes."""

from __future__ import annotations

import io
import zipfile

import pytest

from ingest.errors import UnreadableFile
from ingest.formats import docx as reader
from ingest.formats.reading import Reading
from tests.ingest.formats.docx_files import (
    STRICT_W,
    W,
    cell,
    definition,
    docx,
    field,
    level,
    numbered,
    p,
    root,
    row,
    run,
    style,
    table,
)

ARTICLES = definition(
    "0",
    level(0, "第%1章", "chineseCountingThousand", more='<w:suff w:val="space"/>'),
    level(1, "第%2条", "chineseCountingThousand", more='<w:lvlRestart w:val="0"/><w:suff w:val="space"/>'),
    level(2, "（%3）", "chineseCounting", more='<w:suff w:val="nothing"/>'),
)


def read(body: str, **parts: object) -> Reading:
    return reader.read(docx(body, **parts), "甲.docx")  # type: ignore[arg-type]


def lines(body: str, **parts: object) -> list[str]:
    return read(body, **parts).text.splitlines()


def told(reading: Reading, words: str) -> str:
    """The context of the one notice that has ``words`` in its message."""
    found = [notice for notice in reading.notices if words in notice.message]
    assert len(found) == 1, [notice.message for notice in reading.notices]
    return found[0].message + found[0].context


def test_paragraphs_in_order_and_empty_ones_left_out() -> None:
    assert read(p("甲") + p() + p("　　乙　") + p("丙")).text == "甲\n乙\n丙\n"


def test_automatic_numbers_stand_in_the_text() -> None:
    body = p("总则", num="1", level=0) + p("为了教育。", num="1", level=1) + p("下列事项：", num="1", level=1)
    body += p("甲事；", num="1", level=2) + p("乙事。", num="1", level=2) + p("职责", num="1", level=0)
    body += p("学校应当。", num="1", level=1)
    assert lines(body, numbering=ARTICLES + numbered("1", "0")) == [
        "第一章 总则",
        "第一条 为了教育。",
        "第二条 下列事项：",
        "（一）甲事；",
        "（二）乙事。",
        "第二章 职责",
        "第三条 学校应当。",
    ]


def test_numbers_come_through_styles_and_what_they_are_based_on() -> None:
    styles = style("1", "heading 1", paragraph='<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/>')
    styles += style("2", "heading 2", paragraph='<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>')
    styles += style("条", "条文", based_on="2") + style(
        "无", "不编号", based_on="2", paragraph='<w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    levels = definition(
        "0",
        level(0, "%1、", "chineseCounting", more='<w:pStyle w:val="1"/>'),
        level(1, "（%2）", "chineseCounting", more='<w:pStyle w:val="2"/>'),
    )
    body = p("总体要求", style="1") + p("目标", style="2") + p("任务", style="条") + p("按语", style="无")
    body += p("不编号", style="1", num="0") + p("保障", style="1")
    found = read(body, styles=styles, numbering=levels + numbered("1", "0"))
    assert found.text.splitlines() == ["一、总体要求", "（一）目标", "（二）任务", "按语", "不编号", "二、保障"]
    assert [depth for _, depth in found.headings] == [1, 2, 2, 2, 1, 1]


def test_a_list_may_change_levels_and_starts() -> None:
    changes = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>{level(0, "%1)", "lowerLetter")}</w:lvlOverride>'
    numbering = definition("0", level(0, "%1.")) + numbered("1", "0") + numbered("2", "0", changes)
    body = p("甲", num="1") + p("乙", num="1") + p("丙", num="2") + p("丁", num="2")
    assert lines(body, numbering=numbering) == ["1. 甲", "2. 乙", "e) 丙", "f) 丁"]


def test_a_definition_may_stand_behind_a_list_style() -> None:
    styles = style("L", "法条列表", kind="numbering", paragraph='<w:numPr><w:numId w:val="2"/></w:numPr>')
    numbering = definition("0", more='<w:numStyleLink w:val="L"/>') + definition(
        "1", level(0, "%1、", "chineseCounting")
    )
    numbering += numbered("1", "0") + numbered("2", "1")
    assert lines(p("甲", num="1") + p("乙", num="1"), styles=styles, numbering=numbering) == ["一、甲", "二、乙"]


def test_custom_format_of_new_word_is_read_from_its_choice() -> None:
    inside = (
        '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/>'
        '</mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    )
    numbering = definition("0", f'<w:lvl w:ilvl="0"><w:start w:val="7"/>{inside}<w:lvlText w:val="%1号"/></w:lvl>')
    assert lines(p("甲", num="1"), numbering=numbering + numbered("1", "0")) == ["007号 甲"]


def test_bullets_are_dropped_and_empty_numbers_counted_with_notices() -> None:
    numbering = definition("0", level(0, "\uf06c", "bullet"), level(1, "%2."))
    found = read(
        p("甲", num="1", level=0) + p(num="1", level=1) + p("乙", num="1", level=1),
        numbering=numbering + numbered("1", "0"),
    )
    assert found.text == "甲\n2. 乙\n"
    assert told(found, "项目符号") and told(found, "后面没有文字")


def test_headings_by_style_by_name_and_by_outline_level_but_not_long_paragraphs() -> None:
    styles = style("a", "标题 2") + style("b", "我的", based_on="a") + style("T", "Title")
    body = p("关于做好工作的通知", style="T") + p("一、要求", style="b") + p("甲", more='<w:outlineLvl w:val="2"/>')
    body += p("正文", style="a", more='<w:outlineLvl w:val="9"/>') + p("长" * 101, style="a")
    found = read(body, styles=styles)
    places = [(found.text[offset:].split("\n")[0], depth) for offset, depth in found.headings]
    assert places == [("一、要求", 2), ("甲", 3)]
    assert found.title == "关于做好工作的通知"


def test_a_soft_break_parts_lines_but_not_a_title() -> None:
    breaks = "<w:r><w:br/></w:r>"
    styles = style("T", "Title") + style("1", "heading 1")
    body = p("关于印发", style="T", inside=breaks + run("方案的通知")) + p("甲：", inside=breaks + run("（一）乙"))
    found = read(body, styles=styles)
    assert found.text == "关于印发方案的通知\n甲：\n（一）乙\n"
    assert found.title == "关于印发方案的通知"


def test_characters_that_are_elements() -> None:
    inside = "<w:r><w:tab/></w:r>" + run("乙") + "<w:r><w:noBreakHyphen/><w:softHyphen/><w:cr/></w:r>" + run("丙")
    inside += '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r><w:r><w:sym w:font="无名" w:char="E123"/></w:r>'
    inside += "<w:r><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath></w:r>"
    inside += f"<w:r><w:ruby><w:rt>{run('yi')}</w:rt><w:rubyBase>{run('丁')}</w:rubyBase></w:ruby></w:r>"
    found = read(p("甲", inside=inside))
    assert found.text == "甲\t乙-\n丙☑〓x=1丁\n"
    assert told(found, "专用字体")


def test_changes_are_taken_as_accepted_and_moved_text_stands_once() -> None:
    gone = '<w:del w:id="1"><w:r><w:delText>可以</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="3">{run("移动")}</w:moveFrom>'
    body = p("学校", inside=gone + f'<w:ins w:id="2">{run("应当")}</w:ins>' + run("开展。") + moved)
    body += p(inside=f'<w:moveTo w:id="3">{run("移动")}</w:moveTo>')
    found = read(body)
    assert found.text == "学校应当开展。\n移动\n"
    assert "可以" in told(found, "标为删除") and "应当" in told(found, "标为插入")


def test_a_deleted_paragraph_mark_joins_and_a_deleted_paragraph_takes_no_number() -> None:
    deleted = "<w:rPr><w:del w:id='9'/></w:rPr>"
    body = p("甲", num="1", more=deleted) + p("乙", num="1")
    body += p(num="1", more=deleted, inside="<w:del><w:r><w:delText>旧条</w:delText></w:r></w:del>") + p("丙", num="1")
    assert lines(body, numbering=definition("0", level(0, "%1.")) + numbered("1", "0")) == ["1. 甲乙", "2. 丙"]


def test_hidden_text_is_dropped_with_a_notice_wherever_it_is_said() -> None:
    hidden = "<w:vanish/>"
    styles = style("H", "暗", characters=hidden) + style("C", "暗字", characters=hidden, kind="character")
    body = p("甲", inside=run("一", hidden) + run("二", '<w:rStyle w:val="C"/>') + run("乙", '<w:vanish w:val="0"/>'))
    body += p("三", style="H", inside=run("丙", '<w:vanish w:val="false"/>'))
    found = read(body, styles=styles)
    assert found.text == "甲乙\n丙\n"
    assert "一 / 二 / 三" in told(found, "隐藏文字 3 处")


def test_fields_give_their_results_and_never_their_instructions() -> None:
    body = p(
        "见",
        inside=field(" REF _Ref1 \\h ", "第三条")
        + run("，共")
        + f'<w:fldSimple w:instr="NUMPAGES">{run("5")}</w:fldSimple>',
    )
    body += p(inside=f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink>' + field(" EQ \\o\\ac(○,11)", None))
    body += p(inside=field(f'IF 1=1 "{"甲"}"', "乙")) + p("选", inside=field(" FORMCHECKBOX ", None))
    assert lines(body) == ["见第三条，共5", "链接⑪", "乙", "选□"]


def test_a_field_within_an_instruction_is_no_text() -> None:
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    inside = begin + "<w:r><w:instrText>IF </w:instrText></w:r>" + field("PAGE", "7") + middle + run("甲") + end
    assert lines(p(inside=inside)) == ["甲"]


CONTENTS = (
    p("目　录")
    + '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
    + f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("一、要求	1")}</w:p>'
    + f'<w:p>{run("二、任务	2")}</w:p><w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)


def test_a_table_of_contents_is_dropped_with_its_head() -> None:
    found = read(p("标题") + CONTENTS + p("一、要求"))
    assert found.text == "标题\n一、要求\n"
    assert told(found, "自动目录")


def test_contents_by_style_and_by_content_control() -> None:
    control = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    control += f"<w:sdtContent>{p('目录')}{p('一、甲 1')}</w:sdtContent></w:sdt>"
    body = control + p("一、甲	1", style="T1") + p("一、甲")
    assert lines(body, styles=style("T1", "toc 1")) == ["一、甲"]


def test_an_open_field_swallows_nothing() -> None:
    body = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r></w:p>' + p(
        "正文"
    )
    found = read(body)
    assert found.text == "正文\n"
    assert told(found, "不配对")


def test_contents_longer_than_the_text_are_text() -> None:
    end = CONTENTS.rindex("<w:p><w:r><w:fldChar")
    body = CONTENTS[:end] + "".join(p(f"第{place}条 学校应当。") for place in range(50)) + CONTENTS[end:]
    found = read(body + p("尾"))
    assert found.text.count("学校应当") == 50
    assert told(found, "不配对")


def test_a_title_of_two_paragraphs_is_one() -> None:
    body = p("某市人民政府", style="T") + p("关于做好工作的通知", style="T") + p("正文") + p("附件", style="T")
    assert read(body, styles=style("T", "Title")).title == "某市人民政府关于做好工作的通知"


def test_notes_stand_after_their_paragraph() -> None:
    notes = root(
        "w:footnotes",
        f'<w:footnote w:id="0" w:type="separator">{p("线")}</w:footnote>'
        f'<w:footnote w:id="2">{p("见甲。")}</w:footnote>',
    )
    ends = root("w:endnotes", f'<w:endnote w:id="2">{p("见乙。")}{p("又见丙。")}</w:endnote>')
    marks = '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("，后") + '<w:r><w:endnoteReference w:id="2"/></w:r>'
    found = read(p("前", inside=marks) + p("下段"), parts={"f.xml": ("footnotes", notes), "e.xml": ("endnotes", ends)})
    assert found.text == "前（注1），后（注2）\n（注1：见甲。）\n（注2：见乙。又见丙。）\n下段\n"
    assert told(found, "脚注")


BOX = f"<w:txbxContent>{p('框内文字')}</w:txbxContent>"


@pytest.mark.parametrize(
    "inside",
    [
        f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>",
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>{BOX}</wps:txbx></wps:wsp>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
        f"<w:r><mc:AlternateContent><mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    ],
)
def test_a_text_box_stands_once_after_its_paragraph(inside: str) -> None:
    assert lines(p("锚点", inside=inside) + p("后文")) == ["锚点", "框内文字", "后文"]


def test_what_is_not_read_is_told() -> None:
    header = root("w:hdr", p("内部资料"))
    inside = "<w:r><w:drawing><pic:pic/></w:drawing></w:r><w:r><w:commentReference w:id='1'/></w:r>"
    inside += f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入')}</w:sdtContent></w:sdt>"
    found = read(p("甲", inside=inside), parts={"header1.xml": ("header", header)})
    assert found.text == "甲\n"
    assert "内部资料" in told(found, "页眉、页脚")
    assert told(found, "图片 1 张") and told(found, "批注 1 处") and "单击此处输入" in told(found, "表单提示语")


def test_page_breaks_give_no_pages() -> None:
    found = read(
        p(
            "甲",
            inside="<w:r><w:lastRenderedPageBreak/></w:r>" + run("乙") + '<w:r><w:br w:type="page"/></w:r>' + run("丙"),
        )
    )
    assert (found.text, found.page_starts) == ("甲乙\n丙\n", ())


def test_the_strict_dialect_reads_the_same() -> None:
    strict = docx(p("甲", inside="<w:r><w:tab/></w:r>" + run("乙")))
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(W.encode(), STRICT_W.encode()))
    assert reader.read(packed.getvalue(), "甲.docx").text == "甲\t乙\n"


def test_a_table_is_rows_of_cells() -> None:
    found = read(p("附表") + table(row("单位", "职责"), row("学校", "开展"), row("", "")) + p("后"))
    assert found.text == "附表\n单位｜职责\n学校｜开展\n后\n"
    assert [found.text[span.start : span.end] for span in found.tables] == ["单位｜职责\n学校｜开展\n"]


def test_merged_cells_are_blank_at_the_start_and_repeated_after_it() -> None:
    start, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    body = table(
        row(cell("类别"), cell("要求", wide), cell("责任单位")),
        row(cell("甲", start), cell("一"), cell("二"), cell("教育局", start)),
        row(cell("", on), cell("三"), cell("四"), cell("", on)),
        row(cell("", on), cell("", on), cell("五"), cell("长" * 201, start)),
        row(cell("乙"), cell("六"), cell("七"), cell("", on)),
    )
    expected = [
        "类别｜要求｜｜责任单位",
        "甲｜一｜二｜教育局",
        "｜三｜四｜教育局",
        "｜｜五｜" + "长" * 201,
        "乙｜六｜七｜",
    ]
    assert lines(body) == expected


def test_a_caption_across_the_table_stands_before_it() -> None:
    found = read(table(row(cell("任务分工表", '<w:gridSpan w:val="2"/>')), row("事项", "单位"), row("甲", "乙")))
    assert found.text == "任务分工表\n事项｜单位\n甲｜乙\n"
    assert found.tables[0].start == 6


def test_frames_are_text_and_nested_tables_stay_in_their_cell() -> None:
    inner = table(row("a", "b"), row("c", "d"))
    frame = table(row(cell(inside=p("框中一、甲") + inner)))
    assert lines(frame) == ["框中一、甲", "a｜b", "c｜d"]
    nested = read(table(row("甲", cell(inside=p("前") + inner)), row("乙", "丙|丁")))
    assert nested.text == "甲｜前；a b；c d\n乙｜丙|丁\n"
    assert told(nested, "套着的表格")


def test_numbers_and_deleted_rows_in_tables() -> None:
    gone = f"<w:tr><w:trPr><w:del w:id='1'/></w:trPr>{cell('旧')}{cell('行')}</w:tr>"
    body = table(row("序号", "事项"), row(cell(inside=p(num="1")), "甲"), gone, row(cell(inside=p(num="1")), "乙"))
    numbering = definition("0", level(0, "%1", more='<w:suff w:val="nothing"/>')) + numbered("1", "0")
    assert lines(body, numbering=numbering) == ["序号｜事项", "1｜甲", "2｜乙"]


def test_controls_around_rows_and_cells_are_seen_through() -> None:
    wrapped = f"<w:sdt><w:sdtContent>{row('甲', '乙')}</w:sdtContent></w:sdt>"
    assert lines(table(row("一", "二"), wrapped)) == ["一｜二", "甲｜乙"]
    assert lines(f"<w:sdt><w:sdtContent>{p('丙')}</w:sdtContent></w:sdt>") == ["丙"]


@pytest.mark.parametrize("body", ["", p(), "<w:sectPr/>"])
def test_a_document_without_words_is_refused(body: str) -> None:
    with pytest.raises(UnreadableFile, match="没有文字"):
        read(body)


def test_a_document_of_pictures_says_so() -> None:
    with pytest.raises(UnreadableFile, match="只有图片（1 张）"):
        read(p(inside="<w:r><w:drawing><pic:pic/></w:drawing></w:r>"))
