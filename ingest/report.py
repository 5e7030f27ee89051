"""What the ingest commands print for people. For machines see ``contract.py``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from ingest import tables
from ingest.contract import counts_of, tally
from ingest.intake import Intake, printable_name
from ingest.progress import cells
from ingest.records import Clause, Document, Notice, ParsedDocument, Requirement
from ingest.storage import Added, Counts
from ingest.validity import Validity

STATUS = {
    "in_force": "现行有效",
    "not_yet": "尚未施行",
    "amended": "已被修改",
    "repealed": "已废止",
    "expired": "已失效",
    "unknown": "效力未知",
}
RANK = {
    "law": "法律",
    "administrative_regulation": "行政法规",
    "local_regulation": "地方性法规",
    "rule": "规章",
    "normative_document": "规范性文件",
    "plan": "方案、计划",
    "unknown": "类别未知",
}
MODALITY = {
    "must": "必须",
    "must_not": "不得",
    "should": "应当",
    "may": "可以",
    "encouraged": "鼓励",
    "goal": "目标",
    "statement": "陈述",
}
NOTICE = {
    "healed": "已接合",
    "removed": "已去除",
    "guess": "推断",
    "gap": "编号不连",
    "truncated": "原文不全",
    "unplaced": "未归入条款",
    "corrected": "人工更正",
    "lapsed": "更正没有用上",
}
FACT = {
    "title": "标题",
    "status": "效力",
    "rank": "类别",
    "doc_number": "文号",
    "issuer": "发文机关",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "addressee": "主送",
    "signature": "落款",
    "repeals": "废止",
}
OUTCOME = {"new": "新增", "unchanged": "未变", "new_version": "更新", "reread": "重读"}
UNKNOWN = "未知"
LEAD_IN_SHOWN = 30  # characters; a preview repeats a lead-in above every piece that inherits it


def list_text(
    documents: Sequence[Document], counts: dict[str, Counts], validities: Mapping[str, Validity], day: str
) -> str:
    """What ``list`` prints; the status is that on ``day``."""
    if not documents:
        return "知识库里还没有文件。用 python -m ingest add 文件 添加。"
    lines = []
    titles = {document.doc_id: document.title for document in documents}
    for document in documents:
        lines += [
            f"《{document.title}》",
            f"  编号 {document.doc_id} · 第 {document.version} 版 · {_facts(document)}",
            f"  {day} {validity_text(validities[document.doc_id], titles)}",
            f"  {counts_text(counts[document.doc_id])} · 来源 {document.source_file}",
            *(f"  注意：{note}" for note in document.notes),
        ]
    return "\n".join([*lines, f"共 {len(documents)} 份文件。"])


def validity_text(validity: Validity, titles: Mapping[str, str]) -> str:
    """The status on a day with its reason: "已废止（2021-01-01 起，由《…》废止或代替）", "是否有效：未知"."""
    if validity.status == "unknown" and validity.replaced_by is None:
        return "是否有效：未知"
    word = "是否有效：未知" if validity.status == "unknown" else STATUS[validity.status]
    parts = [f"{validity.since} 起"] if validity.since and validity.is_outdated else []
    if validity.earlier_text:
        parts = [f"这一文本 {validity.until} 才公布或施行，当天适用的是更早的文本"]
    elif validity.status == "not_yet":
        parts = [f"{validity.until} 起施行"]
    elif validity.status == "in_force" and validity.until:
        parts = [f"到 {validity.until} 前"]
    if validity.replaced_by:
        parts.append(
            f"由《{titles.get(validity.replaced_by, validity.replaced_by)}》代替或废止，编号 {validity.replaced_by}"
        )
    return f"{word}（{'，'.join(parts)}）" if parts else word


def preview_text(parsed: ParsedDocument) -> str:
    """What ``preview`` prints: facts, every piece under its heading, notices, and what is in no clause."""
    document = parsed.document
    lines = [
        f"《{document.title}》",
        _facts(document),
        f"{counts_text(counts_of(parsed))} · 来源 {document.source_file}",
    ]
    lines += [f"注意：{note}" for note in document.notes]
    lines += ["", *(_piece(clause) for clause in parsed.clauses)]
    if parsed.notices:
        lines += ["", f"读取时的提示（{len(parsed.notices)} 条）："]
        lines += [_notice_text(notice) for notice in parsed.notices]
    if parsed.facts:
        lines += ["", f"从文件里读到的事实（{len(parsed.facts)} 条，后面是出处原文）："]
        lines += [
            f"  {FACT.get(fact.name, fact.name)} {fact.value} · {_shortened(fact.quote, 60)}" for fact in parsed.facts
        ]
    leavings = [parsed.source[span.start : span.end].strip() for span in parsed.leavings]
    if leavings := [text for text in leavings if text]:
        lines += ["", f"不属于任何条款的文字（{len(leavings)} 处）：", *(f"  {_flat(text)}" for text in leavings)]
    return "\n".join(lines)


def show_text(parsed: ParsedDocument, versions: Sequence[Document]) -> str:
    """What ``show`` prints: the preview, the requirements, and the versions where there are several."""
    lines = [preview_text(parsed)]
    if parsed.requirements:
        lines += ["", f"要求（{len(parsed.requirements)} 条）："]
        locators = {clause.clause_id: clause.locator for clause in parsed.clauses}
        lines += [_requirement_text(found, locators[found.clause_id]) for found in parsed.requirements]
    if len(versions) > 1:
        shown = parsed.document.version
        lines += ["", f"共 {len(versions)} 版（用 show 编号 --version 版次 查看）："]
        lines += [
            f"  第 {old.version} 版 · {old.source_file} · {_facts(old)}{'（本次显示）' if old.version == shown else ''}"
            for old in versions
        ]
    return "\n".join(lines)


def added_text(added: Added, counts: Counts) -> str:
    """One line on a file that was taken in."""
    document = added.document
    name = f"《{document.title}》（编号 {document.doc_id}）"
    if added.held is not None:
        return (
            f"未变：这份文件就是{name}保留着的第 {added.held} 版，现行的是第 {document.version} 版，没有改动。"
            f"要改用这一版，请用 update {document.doc_id} 文件；"
            f"要查看它，用 show {document.doc_id} --version {added.held}。"
        )
    if added.outcome == "unchanged":
        return f"未变：{name}已经收录过这份文件，现行第 {document.version} 版，没有改动。"
    if added.outcome == "reread":
        return f"重读：{name}，文字没有变，仍是第 {document.version} 版。{counts_text(counts)}。"
    if added.outcome == "new_version":
        line = f"更新：{name}记为第 {document.version} 版，旧版保留。{counts_text(counts)}。"
        return "\n".join(filter(None, (line, changed_text(added))))
    return f"新增：{name}。{counts_text(counts)}。"


def changed_text(added: Added) -> str:
    """Which facts differ from the version before and what to do, "" where none do."""
    if not added.changed:
        return ""
    differing = "；".join(
        f"{FACT.get(each.name, each.name)} {_value(each.name, each.before)}→{_value(each.name, each.after)}"
        for each in added.changed
    )
    return f"  与上一版不同的事实：{differing}。如有不对，请在说明文件（文件名.facts.json）里写明后再添加。"


def _value(name: str, value: str | None) -> str:
    if name == "status":
        return STATUS[value or "unknown"]
    return RANK[value or "unknown"] if name == "rank" else value or UNKNOWN


def intakes_text(intakes: Sequence[Intake], counts: dict[str, Counts]) -> str:
    """The table that ends an ``add`` of several files: one row a file, then the sums."""
    rows = []
    folder = _common_folder(intakes)
    for intake in sorted(intakes, key=lambda intake: intake.added is None):  # refusals last, where they are seen
        name = printable_name(os.path.relpath(intake.path.absolute(), folder) if folder else str(intake.path))
        if intake.added is None:
            rows.append(("拒绝", name, intake.refused or ""))
        else:
            document = intake.added.document
            facts = f"{document.doc_id} 第 {document.version} 版，{counts_text(counts[document.doc_id])}"
            if intake.added.held is not None:
                facts = (
                    f"{document.doc_id} 保留的第 {intake.added.held} 版，现行第 {document.version} 版；可用 update 改用"
                )
            rows.append((OUTCOME[intake.added.outcome], name, facts + changed_text(intake.added)))
    width = max(cells(name) for _, name, _ in rows)
    lines = [f"{label}  {name}{' ' * (width - cells(name))}  {_flat(rest)}" for label, name, rest in rows]
    sums = tally(intakes)
    return "\n".join(
        [*lines, f"共 {len(rows)} 份：收录 {sums['read']}，未变 {sums['unchanged']}，拒绝 {sums['refused']}。"]
    )


def _common_folder(intakes: Sequence[Intake]) -> str | None:
    try:
        return os.path.commonpath([intake.path.absolute().parent for intake in intakes])
    except ValueError:  # on several drives
        return None


def counts_text(counts: Counts) -> str:
    """``条款 21 条 · 标题 9 个 · 要求 60 条 · 提示 12 条``."""
    pieces = f"条款 {counts.clauses} 条 · 标题 {counts.headings} 个"
    return f"{pieces} · 要求 {counts.requirements} 条 · 提示 {counts.notices} 条"


def _facts(document: Document) -> str:
    dates = (("发布", document.issued_on), ("施行", document.effective_on), ("失效", document.expires_on))
    return " · ".join(
        [
            RANK[document.rank],
            STATUS[document.status],
            f"文号 {document.doc_number or UNKNOWN}",
            f"发文机关 {document.issuer or UNKNOWN}",
            *(f"{label} {day}" for label, day in dates if day),
        ]
    )


def _piece(clause: Clause) -> str:
    indent = "  " * (len(clause.path) - 1)
    guessed = f"，编号“{clause.path[-1].label}”为推断" if clause.path and clause.path[-1].guessed else ""
    if clause.kind == "heading":
        return f"{indent}{_flat(clause.text)}{guessed and f'（{guessed[1:]}）'}"
    page = f"，第 {clause.page} 页" if clause.page is not None else ""
    lead_in = [f"{indent}  （承接：{_shortened(clause.lead_in)}）"] if clause.lead_in else []
    lines = [f"{indent}  {line}" for line in clause.text.splitlines() if line.strip()]
    return "\n".join([f"{indent}[{clause.locator}{page}{guessed}]", *lead_in, *lines])


def _notice_text(notice: Notice) -> str:
    place = f"第 {notice.line} 行：" if notice.line is not None else ""
    return f"  {NOTICE[notice.kind]} · {place}{_flat(notice.message)}"


def _requirement_text(requirement: Requirement, locator: str) -> str:
    names = tables.audiences()
    audience = "、".join(names[key].zh if key in names else key for key in requirement.audience) or "未指明对象"
    return f"  [{locator}] {MODALITY[requirement.modality]} · {audience}：{_flat(requirement.sentence)}"


def _shortened(text: str, length: int = LEAD_IN_SHOWN) -> str:
    flat = _flat(text)
    return flat if len(flat) <= length else f"{flat[:length]}……"


def _flat(text: str) -> str:
    return " ".join(text.split())
