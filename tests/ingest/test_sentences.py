from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans

CASES = [
    ("", []),
    (" \n\u3000\n", []),
    ("一句话没有句号", ["一句话没有句号"]),
    ("健全机制。每年一次。", ["健全机制。", "每年一次。"]),
    ("1.健全常态化教育机制。成立办公室,由专人负责。", ["1.健全常态化教育机制。", "成立办公室,由专人负责。"]),
    ("真的吗？！是的!", ["真的吗？！", "是的!"]),
    ("第一行\n第二行。第三句", ["第一行", "第二行。", "第三句"]),
    ("严禁“拒住。拒租。拒卖”等行为。违者处理。", ["严禁“拒住。拒租。拒卖”等行为。", "违者处理。"]),
    ("要求写明“做到全覆盖。”随后检查。", ["要求写明“做到全覆盖。”随后检查。"]),
    ("（由教育局负责。）另行通知。", ["（由教育局负责。）另行通知。"]),
    ("防范“黑天鹅”灰犀牛”事件。守住底线。", ["防范“黑天鹅”灰犀牛”事件。", "守住底线。"]),
    ("引号“没有关上。下一句照样分开。", ["引号“没有关上。", "下一句照样分开。"]),
    ("先登记；后入学。", ["先登记；后入学。"]),
    (
        "学校应当每学期组织一次应急演练；家长应当配合学校做好安全教育。",
        ["学校应当每学期组织一次应急演练；", "家长应当配合学校做好安全教育。"],
    ),
    ("甲；乙；丙；学校应当每学期组织一次应急演练。", ["甲；乙；丙；学校应当每学期组织一次应急演练。"]),
    ("达到1.5小时,约60.5%。", ["达到1.5小时,约60.5%。"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in sentence_spans(text)] == expected


@given(st.text(alphabet="学校应当。；！“”（）\n a1,，", max_size=120))
def test_every_character_but_white_space_is_in_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    inside = "".join(text[span.start : span.end] for span in spans)
    assert "".join(inside.split()) == "".join(text.split())
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)


def test_a_sentence_without_end_is_cut_at_commas_and_loses_nothing() -> None:
    text = "各单位应当按照规定办理，" * 1000 + "应" * 5000
    spans = sentence_spans(text)
    assert max(span.end - span.start for span in spans) <= 2000
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(text[span.end - 1] == "，" for span in spans[:5])
