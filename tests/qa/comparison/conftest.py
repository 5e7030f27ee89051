"""Two versions of an invented rule and an invented plan with the notice that carries it out, read by the parser."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from index.packed_model import Matrix
from ingest.parsing import parse_text
from ingest.requirements import extract
from qa.comparison.records import Text

OLD = """星河区校园管理办法

第一章 总则
第一条 为了规范校园管理，制定本办法。
第二条 学校应当每年至少组织一次消防演练。
第三条 学校可以设立家长委员会，听取家长的意见。
第四条 学校应当在15个工作日内答复家长的书面意见。
第五条 校园内禁止停放电动自行车。
第二章 设施
第六条 学校应当配备不少于2名专职安全人员。
第七条 学校食堂应当公示每周的菜谱和价格。
第八条 操场应当铺设塑胶跑道，并由专人负责养护。
第九条 本办法自2018年1月1日起施行。
"""
NEW = """星河区校园管理办法

第一章 总则
第一条 为了规范校园管理，制定本办法。
第二条 学校应当每学期至少组织一次消防演练。
第三条 学校应当设立家长委员会，听取家长的意见。
第四条 学校应当在10个工作日内答复家长的书面意见。
第五条 教师参加培训的时间计入工作量。
第六条 校园内禁止停放电动自行车。
第二章 设施
第七条 学校应当配备不少于1名专职安全人员。
第八条 本办法自2024年1月1日起施行。
第九条 学校食堂应当公示每周的菜谱和价格。
"""
GOLDEN_VERSIONS = {
    # before: (after, kind, movement)
    "第一条": ("第一条", "same", ""),
    "第二条": ("第二条", "changed", ""),
    "第三条": ("第三条", "changed", ""),
    "第四条": ("第四条", "changed", ""),
    "第五条": ("第六条", "same", "renumbered"),
    "第六条": ("第七条", "changed", "renumbered"),
    "第七条": ("第九条", "same", "renumbered"),
    "第八条": (None, "removed", ""),
    "第九条": ("第八条", "changed", "moved"),
    None: ("第五条", "added", ""),
}
UPPER = """星河市阅读行动方案

一、进学校
1.学校应当每年至少开展两次阅读周活动。
2.学校要配备不少于3名图书管理人员。
3.严禁学校向学生摊派书籍。
二、进社区
1.社区应当在2025年底前建成书屋。
2.社区要建立图书借阅登记制度。
"""
LOWER = """星河区阅读活动实施通知

一、学校工作
1.各学校应当每年至少开展一次阅读周活动。
2.学校要配备不少于5名图书管理人员。
二、社区工作
1.各社区应当在2026年6月前建成书屋。
2.社区每月举办一次读书会。
"""


def text_of(doc_id: str, words: str) -> Text:
    digest = hashlib.sha256(words.encode()).hexdigest()
    parsed = parse_text(words, source_file=f"{doc_id}.txt", sha256=digest, doc_id=doc_id)
    parsed = replace(parsed, requirements=extract(parsed.clauses, parsed.document))
    return Text(doc_id, parsed.document, parsed.clauses, parsed.requirements, in_base=True)


@pytest.fixture(scope="session")
def old() -> Text:
    return text_of("rule", OLD)


@pytest.fixture(scope="session")
def new() -> Text:
    return text_of("rule", NEW)


@pytest.fixture(scope="session")
def upper() -> Text:
    return text_of("upper", UPPER)


@pytest.fixture(scope="session")
def lower() -> Text:
    return text_of("lower", LOWER)


@pytest.fixture(scope="session")
def toy_embed() -> Callable[[Sequence[str]], Matrix]:
    """Vectors by topic: words of one topic point the same way, whatever the wording."""
    topics = (("电动自行车", "电瓶车"), ("家长", "监护人"), ("食堂", "饭堂"), ("跑道", "操场"))

    def embed(texts: Sequence[str]) -> Matrix:
        rows = np.full((len(texts), len(topics) + 1), 0.05, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[-1] = 0.5
            for axis, words in enumerate(topics):
                row[axis] = float(any(word in text for word in words))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    return embed
