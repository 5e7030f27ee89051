import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from demo import HOSTILE, HOSTILE_TITLE, SCHOOL_1, DemoReader

from qa.records import Answer, Written
from views.answer import answer_view, counts, strengths, summary_lines
from views.cards import quotation
from views.links import Place
from views.texts import texts_in

ZH, EN = texts_in("zh"), texts_in("en")


def ask(question: str) -> Answer:
    return DemoReader().ask(question)


def shown(html: str) -> str:
    """What a reader sees: the tags gone, the references resolved."""
    import html as references

    return references.unescape(re.sub("<[^>]*>", "", html))


def copied(html: str) -> list[str]:
    return [unquote(text) for text in re.findall('data-copy="([^"]*)"', html)]


def test_an_answer_shows_the_whole_clause_and_marks_the_sentences() -> None:
    html = answer_view(ask("学校必须做什么"), Place(question="学校必须做什么"), ZH)
    card = html.split('class="kb-rows')[1].split("</article>")[0]
    assert SCHOOL_1 in shown("".join(re.findall(r'kb-verbatim">(.*?)</p>', card)))
    assert "<mark>每学期至少组织一次主题班会。</mark>" in html
    assert "<strong>1.加大民族团结进步教育力度。</strong>" in html


def test_each_requirement_carries_its_strength_and_measures() -> None:
    html = answer_view(ask("学校必须做什么"), Place(), ZH)
    words = shown(html)
    # The sentence orders without 必须 or 应当, and the page does not put such a word into its mouth.
    assert re.search(r'kb-directive">要求</span>.{0,80}<mark>每学期至少组织一次主题班会。', html)
    assert re.search(r'kb-encouraged">鼓励</span>.{0,80}<mark>鼓励支持教研', html)
    assert "频次每学期至少一次" in words
    assert "牵头教育局" in words
    assert "配合消防、公安" in words


def test_the_tally_counts_every_requirement_penalties_too() -> None:
    answer = ask("学校必须做什么")
    first, *others = answer.requirements
    penalty = replace(first, modality="statement", sanction="处警告", modal_word=None)
    tally = shown(strengths((penalty, *others), ZH))
    assert "处罚 1" in tally
    assert sum(int(count) for count in re.findall(r"\d+", tally)) == len(answer.requirements)


def test_path_locator_facts_and_lead_in_stand_on_the_card() -> None:
    html = answer_view(ask("学校必须做什么"), Place(), ZH)
    assert "<li>三、具体要求</li><li>（五）进学校</li>" in html
    assert '<h3 class="kb-locator">三（五）1</h3>' in html
    assert "<dt>发文机关</dt><dd>未知</dd>" in html
    assert "<dt>文号</dt><dd>示教〔2019〕7号</dd>" in html
    assert '<span class="kb-flag">已废止</span>' in html
    assert "承接上文</span>学校应当履行下列职责：" in html


def test_a_bare_mark_stands_before_its_words_and_a_heading_by_itself() -> None:
    html = answer_view(ask("学校必须做什么"), Place(), ZH)
    assert "<strong>（一）</strong><mark>每年至少开展两次安全演练；</mark>" in html
    assert "<strong>1.加大民族团结进步教育力度。</strong></p>" in html


def test_a_lead_in_that_repeats_is_folded_and_not_lost() -> None:
    answer = ask("学校必须做什么")
    drill = answer.citations[1]
    html = answer_view(replace(answer, citations=(drill, drill)), Place(), ZH)
    assert html.count("学校应当履行下列职责：</p>") == 2
    assert html.count("<summary>承接上文（与上一条相同）</summary>") == 1


def test_citations_can_be_copied() -> None:
    answer = ask("宾馆以民族为由拒绝客人入住，违反哪一条")
    html = answer_view(answer, Place(), ZH)
    reference = "《示范区民族团结进步创建活动行动方案》三（三）2"
    assert copied(html) == [reference, f"“严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。”（{reference}）"]
    assert quotation(answer.citations[0]) in copied(html)
    both = answer_view(ask("学校必须做什么"), Place(), ZH)
    assert (
        copied(both)[0] == "《示范区民族团结进步创建活动行动方案》三（五）1\n《示范市学校安全管理办法》第三条第（一）项"
    )


def test_the_link_to_the_text_carries_clause_and_marks() -> None:
    answer = ask("宾馆以民族为由拒绝客人入住，违反哪一条")
    (quote,) = answer.citations[0].quotes
    address = f"?doc=demo-plan&amp;clause=demo-plan.s3.s3.2&amp;marks={quote.start}-{quote.end}&amp;lang=en"
    assert f'href="{address}"' in answer_view(answer, Place(), EN)


@pytest.mark.parametrize(
    ("question", "zh", "en"),
    [
        ("学校必须做什么", "4 项要求，出自 2 条条款、2 份文件", "Requirements: 4 · clauses: 2 · documents: 2"),
        ("恶意", "1 项要求，出自 1 条条款", "Requirements: 1 · clauses: 1"),
    ],
)
def test_counts(question: str, zh: str, en: str) -> None:
    assert counts(ask(question), ZH) == zh
    assert counts(ask(question), EN) == en


@pytest.mark.parametrize(
    ("summary", "first", "rest"),
    [
        ("共 3 项。来源中断。", "共 3 项。", "来源中断。"),
        ("共 3 项", "共 3 项", ""),
        ("Three in 三（五）1. See below. More.", "Three in 三（五）1.", "See below. More."),
        ("Version 1.2 holds. 全", "Version 1.2 holds. 全", ""),
        ("", "", ""),
    ],
)
def test_the_first_sentence_of_a_summary_stands_out(summary: str, first: str, rest: str) -> None:
    lines = re.findall("<p[^>]*>(.*?)</p>", summary_lines(summary))
    assert lines == [first, *([rest] if rest else [])]


@pytest.mark.parametrize(
    ("cards", "buttons", "folded"), [(2, 0, False), (3, 3, False), (12, 12, False), (13, 13, True)]
)
def test_many_cards_get_buttons_to_jump_to_them(cards: int, buttons: int, folded: bool) -> None:
    answer = ask("宾馆以民族为由拒绝客人入住，违反哪一条")
    html = answer_view(replace(answer, citations=answer.citations * cards), Place(), ZH)
    assert html.count("data-jump=") == buttons
    assert ("<summary>跳到某一条" in html) is folded


def test_without_requirements_the_clause_runs_on() -> None:
    answer = replace(ask("宾馆以民族为由拒绝客人入住，违反哪一条"), requirements=())
    html = answer_view(answer, Place(), ZH)
    assert "出自 1 条条款" in shown(html)
    assert "kb-row" not in html
    assert "<mark>严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。</mark></p>" in html


def test_a_requirement_whose_clause_is_not_cited_is_still_shown() -> None:
    answer = ask("学校必须做什么")
    html = answer_view(replace(answer, citations=answer.citations[:1]), Place(), ZH)
    assert "另外还有这些要求" in html
    assert "<mark>每年至少开展两次安全演练；</mark>" in html


def test_a_refusal_says_so_and_marks_what_is_near_as_no_answer() -> None:
    html = answer_view(ask("个人所得税起征点是多少"), Place(), ZH)
    words = shown(html)
    assert "知识库中没有回答这个问题的条款" in words
    assert "没有条款讲到所问的事。" in words
    assert "最接近的条款（不是答案）" in words
    assert html.count("不是答案</span>") == 1
    assert "复制引用" not in words


def test_a_missing_section_shows_where_it_is_named() -> None:
    words = shown(answer_view(ask("进连队具体要求是什么"), Place(), ZH))
    assert "手头的文本里没有这一部分" in words
    assert "文本在进学校第2条中断" in words
    assert "提到它的地方" in words
    assert "第 4 页" in words


def test_a_refusal_without_neighbours_stands_alone() -> None:
    html = answer_view(replace(ask("x"), near_misses=()), Place(), ZH, "只查了：《甲》")
    assert "最接近" not in html
    assert "只查了：《甲》" in html


def test_hostile_text_stays_text_everywhere() -> None:
    html = answer_view(ask("恶意"), Place(question=HOSTILE), ZH, HOSTILE)
    tags = set(re.findall(r"<(\w+)", html))
    assert not tags & {"script", "img", "b", "i", "style", "title"}
    assert not re.search(r"<[^>]*\son\w+=", html)
    assert shown(html).count(HOSTILE) >= 6
    assert f"《{HOSTILE_TITLE}》" in shown(html)
    assert copied(html)[0] == f"《{HOSTILE_TITLE}》1<i>"


def test_no_figure_of_the_search_is_shown() -> None:
    assert "0.9" not in answer_view(ask("学校必须做什么"), Place(), ZH)


def test_what_a_language_model_wrote_is_labelled_escaped_and_leads_to_its_clauses() -> None:
    answer = ask("学校必须做什么")
    clause = answer.citations[0].clause
    html = answer_view(replace(answer, written=(Written("<b>学校</b>。", (clause.clause_id,)),)), Place(), ZH)
    assert "由语言模型根据所引条款归纳，请以原文为准" in html and "&lt;b&gt;学校" in html
    block = html.split('class="kb-written"')[1].split("</ul>")[0]
    assert f'data-jump="{clause.clause_id}"' in block and clause.locator in block
    assert html.index("kb-summary-text") < html.index("kb-written") < html.index("kb-card")
    assert "kb-written" not in answer_view(answer, Place(), ZH)
