"""The measured register as text for people and as JSON for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from evaluation.register import MEASURED, ClassScore, Comparison, FieldScore, RegisterScore, iter_wrong, macro_f1
from evaluation.register_actions import ItemScore, score_items
from evaluation.report import number, table
from ingest import tables

CLASS_HEAD = ("类别", "标注", "读出", "相符", "精确率", "召回率", "F1")
FIELD_HEAD = ("字段", "标注有", "标注或读出有", "完全相符", "相符率", "全部句子的相符率")
FIELD_NAMES = {
    "frequency": "频次",
    "quantity": "数量",
    "deadline": "期限",
    "lead_units": "牵头单位",
    "support_units": "配合单位",
    "exception": "除外",
    "condition": "条件",
    "subject": "主体",
    "action": "动作",
    "object": "行为对象",
}
MODALITY_NAMES = {
    "must": "必须",
    "must_not": "禁止",
    "should": "应当（原则上）",
    "may": "可以",
    "encouraged": "鼓励",
    "goal": "目标",
    "statement": "说明",
}
ITEM_HEAD = ("字段", "句子", "标注", "读出", "完全相符", "中心词相符", "F1（完全）", "F1（中心词）")


def register_record(score: RegisterScore, comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """The whole result as one JSON object."""
    return {
        "sentences": score.sentences,
        "absent": score.absent,
        "modality_macro_f1": macro_f1(score.modality),
        "audience_macro_f1": macro_f1(score.audience),
        "modality": [_class_record(each) for each in score.modality],
        "audience": [_class_record(each) for each in score.audience],
        "audience_exact": [_class_record(each) for each in score.audience_exact],
        "fields": [_field_record(each) for each in score.fields],
        "items": [_item_record(each) for each in score_items(comparisons)],
        "wrong": [
            {
                "id": each.labelled.sentence_id,
                "differences": {name: [_plain(one) for one in pair] for name, pair in wrong.items()},
            }
            for each, wrong in iter_wrong(comparisons)
        ],
    }


def register_text(score: RegisterScore, comparisons: Sequence[Comparison]) -> str:
    """The tables, one line a class or field, and what they leave out."""
    audiences = {key: audience.zh for key, audience in tables.audiences().items()}
    measured = [each for each in score.fields if each.name in MEASURED and each.share is not None]
    lines = [
        f"{score.sentences} 句" + (f"；另有 {score.absent} 句的文件不在手边，没有测" if score.absent else ""),
        f"约束力 macro F1 {number(macro_f1(score.modality))}，"
        f"对象 macro F1 {number(macro_f1(score.audience))}，"
        + "，".join(f"{FIELD_NAMES[each.name]} {number(each.share)}" for each in measured),
        "",
        table(CLASS_HEAD, [_class_row(each, MODALITY_NAMES) for each in score.modality]),
        "",
        table(CLASS_HEAD, [_class_row(each, audiences) for each in score.audience]),
        "",
        table(FIELD_HEAD, [_field_row(each) for each in score.fields]),
        "",
        table(ITEM_HEAD, [_item_row(each) for each in score_items(comparisons)]),
        "",
        "对象按大类计（教师、幼儿园算作学校），标注时看不准的不计。相符率只算标注或读出了该字段的句子。",
    ]
    return "\n".join(lines)


def wrong_text(comparisons: Sequence[Comparison]) -> str:
    """Every sentence that is not entirely right, with what was labelled and what was read."""
    lines = []
    for each, wrong in iter_wrong(comparisons):
        lines.append(f"✗ {each.labelled.sentence_id} {each.labelled.file} {each.labelled.locator}：{each.text}")
        lines += [f"  {name}：应为 {_shown(pair[0])}，读出 {_shown(pair[1])}" for name, pair in wrong.items()]
    return "\n".join(lines) or "没有读错的句子。"


def _class_row(score: ClassScore, names: dict[str, str]) -> tuple[str, ...]:
    counts = (str(score.labelled), str(score.read), str(score.both))
    return (names.get(score.name, score.name), *counts, *map(number, (score.precision, score.recall, score.f1)))


def _field_row(score: FieldScore) -> tuple[str, ...]:
    counts = (str(score.stated), str(score.seen), str(score.exact))
    return (FIELD_NAMES[score.name], *counts, number(score.share), number(score.share_of_all))


def _class_record(score: ClassScore) -> dict[str, Any]:
    counts = {"labelled": score.labelled, "read": score.read, "both": score.both}
    return {"name": score.name, **counts, "precision": score.precision, "recall": score.recall, "f1": score.f1}


def _item_record(score: ItemScore) -> dict[str, Any]:
    counts = {"labelled": score.labelled, "read": score.read, "exact": score.exact, "heads": score.heads}
    shares = {"exact_f1": score.exact_f1, "head_f1": score.head_f1}
    return {"name": score.name, "sentences": score.sentences, **counts, **shares}


def _item_row(score: ItemScore) -> tuple[str, ...]:
    counts = (score.sentences, score.labelled, score.read, score.exact, score.heads)
    return (FIELD_NAMES[score.name], *map(str, counts), number(score.exact_f1), number(score.head_f1))


def _field_record(score: FieldScore) -> dict[str, Any]:
    counts = {"stated": score.stated, "seen": score.seen, "exact": score.exact, "judged": score.judged}
    return {"name": score.name, **counts, "share": score.share, "share_of_all": score.share_of_all}


def _plain(value: object) -> list[str]:
    if isinstance(value, Counter):
        return list(value.elements())
    return sorted(map(str, value)) if isinstance(value, Iterable) else [str(value)]


def _shown(value: object) -> str:
    return "、".join(_plain(value)) or "无"
