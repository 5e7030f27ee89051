"""A small knowledge base held in memory, so that the page is tested without the model.

Its texts are a short action plan, a notice, and a document whose every part tries to be HTML or Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ingest.errors import UnknownDocument
from ingest.home import Home
from ingest.parsing import parse_text
from ingest.records import Clause, Document, Modality, Notice, Requirement, Span, Step
from ingest.reference_places import Target
from ingest.references import Reference
from ingest.requirements import extract
from ingest.validity import Validity
from qa.comparison.comparing import compare_texts
from qa.comparison.records import Comparison, Mode, Text
from qa.drafts.checking import check_draft
from qa.drafts.reading import draft_from_bytes
from qa.drafts.records import DraftCheck, Source
from qa.drafts.sources import Library, bare_title
from qa.records import Answer, Citation
from qa.selection import Selection

HOSTILE = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1> **粗** [链](javascript:1) `码` $x$"
HOSTILE_TITLE = "恶意<b onmouseover=window.hacked=1>文件</title>--></style>"
SCHOOL_1 = (
    "1.加大民族团结进步教育力度。把民族团结进步内容纳入思政教育必修课程，推动进教材、进课堂、进头脑。"
    "每学期至少组织一次主题班会。鼓励支持教研活动和课题研究。"
)
COMMUNITY_2 = (
    "2.维护少数民族群众的合法权益。加强流动人口服务管理，在劳动就业、子女入学等方面提供帮助。"
    "严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。"
)
CITING = "第四条　违反本办法第三条、《示范市门卫办法》第二条规定的，由教育局责令改正。"


def document(doc_id: str, title: str, **facts: object) -> Document:
    """A document about which nothing is known but what ``facts`` say."""
    blank = Document(doc_id, title, None, None, None, None, None, "unknown", "unknown", f"{doc_id}.docx", "0" * 64, 1)
    return replace(blank, **facts)  # type: ignore[arg-type]


class Draft:
    """A document being written down: clauses follow each other in its source."""

    def __init__(self, facts: Document, opening: str = "") -> None:
        self.document = facts
        self.source = opening
        self.clauses: list[Clause] = []

    def add(self, number: str, steps: Sequence[tuple[str, str]], text: str, body: str = "", **more: object) -> Clause:
        """Append a clause: its dotted number, the labels and titles of its path, its text, where its body begins."""
        path = tuple(Step("x", 1, 0, label, title) for label, title in steps)
        start = len(self.source) + 1
        self.source += "\n" + text
        clause = Clause(
            clause_id=f"{self.document.doc_id}.{number}",
            doc_id=self.document.doc_id,
            order=len(self.clauses),
            kind="clause" if body else "heading",
            path=path,
            breadcrumb=tuple(
                label + title if label.endswith(("）", ".")) else f"{label}、{title}" for label, title in steps
            ),
            locator="".join(label.rstrip(".") for label, _ in steps),
            text=text,
            lead_in="",
            span=Span(start, len(self.source)),
            body_start=text.index(body) if body else len(text),
        )
        clause = replace(clause, **more)  # type: ignore[arg-type]
        self.clauses.append(clause)
        return clause


def requirement(clause: Clause, sentence: str, modality: Modality, **more: object) -> Requirement:
    """What one sentence of a clause asks."""
    start = clause.text.index(sentence)
    plain = Requirement(
        f"{clause.clause_id}#{start}",
        clause.clause_id,
        clause.doc_id,
        Span(start, start + len(sentence)),
        sentence,
        None,
        ("school",),
        modality,
        sentence,
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def plan() -> Draft:
    """The action plan: source unknown in part, breaks off."""
    note = "来源在“进学校”第2条中间中断，此后的内容不在手头的文本里。"
    draft = Draft(
        document("demo-plan", "示范区民族团结进步创建活动行动方案", rank="plan", notes=(note,)),
        "示范区民族团结进步创建活动行动方案",
    )
    three = ("三", "具体要求")
    draft.add("s3", [three], "三、具体要求")
    draft.add("s3.s3", [three, ("（三）", "进社区")], "（三）进社区")
    draft.add("s3.s3.2", [three, ("（三）", "进社区"), ("2.", "维护合法权益")], COMMUNITY_2, "加强流动")
    draft.add(
        "s3.s5",
        [three, ("（五）", "进学校")],
        "（五）进学校",
        path=(Step("x", 3, 0, "三", "具体要求"), Step("x", 5, 0, "（五）", "进学校", True)),
    )
    draft.add("s3.s5.1", [three, ("（五）", "进学校"), ("1.", "加大教育力度")], SCHOOL_1, "把民族")
    draft.add(
        "s3.s5.2",
        [three, ("（五）", "进学校"), ("2.", "深化载体途径")],
        "2.深化教育载体途径。有计划地开展专题讲座、知识竞赛，在校园设置",
        "有计划",
        page=4,
    )
    return draft


def measures() -> Draft:
    """Measures with every fact known, no longer in force, and a clause that inherits a lead-in."""
    facts = document(
        "demo-measures",
        "示范市学校安全管理办法",
        issuer="示范市教育局",
        doc_number="示教〔2019〕7号",
        issued_on="2019-05-06",
        effective_on="2019-06-01",
        status="repealed",
        rank="normative_document",
    )
    draft = Draft(facts)
    draft.add("a3", [("第三条", "")], "第三条　学校应当履行下列职责：", "学校应当", breadcrumb=("第三条",))
    draft.add(
        "a3.i1",
        [("第三条", ""), ("第（一）项", "")],
        "（一）每年至少开展两次安全演练；",
        "每年",
        lead_in="学校应当履行下列职责：",
        breadcrumb=("第三条", "（一）"),
        locator="第三条第（一）项",
    )
    draft.add("a4", [("第四条", "")], CITING, "违反", breadcrumb=("第四条",), locator="第四条")
    return draft


def hostile() -> Draft:
    """Markup in every part of a document."""
    draft = Draft(document("demo-hostile", HOSTILE_TITLE, issuer=HOSTILE, notes=(HOSTILE,)))
    draft.add("1", [("1.", HOSTILE)], f"1.{HOSTILE}正文{HOSTILE}。", "正文", locator="1<i>", lead_in=HOSTILE)
    return draft


def _source(draft: Draft, doc_id: str) -> Source:
    """A demo document as ingest reads its text, which gives its clauses their real numbers."""
    text = "\n".join([draft.document.title, *(clause.text for clause in draft.clauses)])
    read = parse_text(text, source_file=f"{doc_id}.txt", sha256="0" * 64, doc_id=doc_id)
    return Source(draft.document, read.clauses, current=True)


class DemoReader:
    """Answers a handful of questions as the engine would."""

    home = Home(Path("/nonexistent"))  # nothing of the demo can be corrected

    def __init__(self) -> None:
        self._drafts = {draft.document.doc_id: draft for draft in (plan(), measures(), hostile())}
        self._answers: dict[str, Callable[[str], Answer]] = {
            "学校必须做什么": self._schools,
            "What must schools do?": self._schools,
            "宾馆以民族为由拒绝客人入住，违反哪一条": self._hotel,
            "进连队具体要求是什么": self._no_section,
            "恶意": self._hostile,
            "违反规定怎么办": self._outdated,
        }

    def ask(
        self, question: str, *, doc_ids: Sequence[str] = (), language: str = "zh", as_of: str | None = None
    ) -> Answer:
        """The prepared answer, or a refusal that points to the nearest clause."""
        if question in self._answers:
            return self._answers[question](question)
        near = self._cite("demo-plan", "s3.s3.2", "加强流动人口服务管理，在劳动就业、子女入学等方面提供帮助。")
        reason = "没有条款讲到所问的事。" if language == "zh" else "No clause deals with this."
        return Answer(question, False, reason, "", "refused", near_misses=(near,))

    def versions(self) -> list[Document]:
        """Two of them."""
        return [draft.document for draft in (measures(), plan())]

    def side(self, named: str) -> Text:
        """A demo document as ingest reads it."""
        doc_id = named.partition("@")[0]
        source = _source(self._draft(doc_id), doc_id)
        requirements = extract(source.clauses, source.document)
        return Text(named, source.document, source.clauses, requirements, in_base=True)

    def compare(self, before: Text, after: Text, mode: Mode | None, audience: Sequence[str]) -> Comparison:
        """Without a model: by words."""
        return compare_texts(before, after, mode=mode, audience=audience)

    def check_draft(self, content: bytes, name: str, as_of: str) -> DraftCheck:
        """The draft against the plan and the measures, as the engine does it."""
        sources = [_source(plan(), "demo-plan"), _source(measures(), "demo-measures")]
        library = Library({bare_title(each.document.title): (each,) for each in sources}, as_of).on(as_of)
        return check_draft(draft_from_bytes(content, name), library)

    def listing(self, selection: Selection, *, language: str = "zh", as_of: str | None = None) -> Answer:
        """The prepared list for schools, narrowed by strength and unit, or a refusal."""
        answer = self._schools("")
        rows = tuple(row for row in answer.requirements if row.modality in selection.modalities)
        if selection.unit:
            rows = tuple(row for row in rows if selection.unit in "".join((*row.lead_units, *row.support_units)))
        if not rows or (selection.audiences and "school" not in selection.audiences):
            return Answer("", False, "没有", "知识库中没有这样的要求。", "refused")
        cited = {row.clause_id for row in rows}
        kept = tuple(each for each in answer.citations if each.clause.clause_id in cited)
        return replace(answer, requirements=rows, citations=kept, as_of=as_of or "2024-05-06")

    def documents(self) -> list[Document]:
        """All of them."""
        return [draft.document for draft in self._drafts.values()]

    def document(self, doc_id: str) -> Document:
        """One of them."""
        return self._draft(doc_id).document

    def outline(self, doc_id: str) -> list[Clause]:
        """Its clauses."""
        return list(self._draft(doc_id).clauses)

    def source(self, doc_id: str) -> str:
        """Its text."""
        return self._draft(doc_id).source

    def notices(self, doc_id: str) -> list[Notice]:
        """One healed sentence and one inferred number for the plan."""
        if doc_id != "demo-plan":
            return []
        return [
            Notice("healed", "接上了被页码隔开的“铸牢中华民｜族共同体意识”。", line=18),
            Notice("guess", "“进学校”前没有编号，按前后顺序推断为（五）。", line=40),
            Notice("truncated", "来源在“在校园设置”处中断，句子没有写完。", line=41),
        ]

    def references(self, doc_id: str) -> list[Reference]:
        """Of the measures: one to a clause of their own, one to a document that is not here."""
        if doc_id != "demo-measures":
            return []
        own, other = CITING.index("本办法第三条"), CITING.index("《示范市门卫办法》第二条")
        target = (Target("demo-measures.a3"),)
        made = "demo-measures.a4"
        return [
            Reference(made, Span(own, own + 6), "本办法第三条", "", doc_id, target, "found", "第四条", "第三条"),
            Reference(
                made, Span(other, other + 12), CITING[other : other + 12], "示范市门卫办法", None, (), "no_document"
            ),
        ]

    def referrers(self, doc_id: str) -> dict[str, list[Reference]]:
        """The same, seen from the clause that is meant; and from the plan, where the measures are."""
        return {"demo-measures.a3": self.references(doc_id)[:1]} if doc_id == "demo-measures" else {}

    def validities(self, as_of: str | None = None) -> dict[str, Validity]:
        """The measures are repealed from 2024 on, of the others nothing is known."""
        repealed = Validity("repealed", "2024-01-01", None, "demo-plan", "《示范市学校安全管理办法》同时废止。")
        known = {doc_id: Validity("unknown") for doc_id in self._drafts}
        return known | {"demo-measures": Validity("in_force") if (as_of or "9") < "2024-01-01" else repealed}

    def _draft(self, doc_id: str) -> Draft:
        if doc_id not in self._drafts:
            raise UnknownDocument(f"没有编号为“{doc_id}”的文件。")
        return self._drafts[doc_id]

    def _clause(self, doc_id: str, number: str) -> Clause:
        return next(each for each in self._draft(doc_id).clauses if each.clause_id == f"{doc_id}.{number}")

    def _cite(self, doc_id: str, number: str, *quotes: str) -> Citation:
        clause = self._clause(doc_id, number)
        starts = [clause.text.index(quote) for quote in quotes]
        spans = tuple(Span(start, start + len(quote)) for start, quote in zip(starts, quotes, strict=True))
        return Citation(clause, self.document(doc_id), spans, 0.9)

    def _schools(self, question: str) -> Answer:
        first, second = (
            "把民族团结进步内容纳入思政教育必修课程，推动进教材、进课堂、进头脑。",
            "每学期至少组织一次主题班会。",
        )
        third, drill = "鼓励支持教研活动和课题研究。", "每年至少开展两次安全演练；"
        school, duty = self._clause("demo-plan", "s3.s5.1"), self._clause("demo-measures", "a3.i1")
        return Answer(
            question,
            True,
            None,
            "对学校的要求共有 4 项，出自两份文件。",
            "register",
            (self._cite("demo-plan", "s3.s5.1", first, second, third), self._cite("demo-measures", "a3.i1", drill)),
            (
                requirement(school, first, "must", subject="学校"),
                requirement(school, second, "must", frequency="每学期至少一次"),
                requirement(school, third, "encouraged"),
                requirement(
                    duty,
                    drill,
                    "should",
                    frequency="每年至少两次",
                    lead_units=("教育局",),
                    support_units=("消防", "公安"),
                ),
            ),
        )

    def _hotel(self, question: str) -> Answer:
        quote = "严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。"
        return Answer(
            question,
            True,
            None,
            "这种做法违反三（三）2：严禁针对特定少数民族拒住。",
            "search",
            (self._cite("demo-plan", "s3.s3.2", quote),),
            (requirement(self._clause("demo-plan", "s3.s3.2"), quote, "must_not"),),
        )

    def _no_section(self, question: str) -> Answer:
        near = self._cite("demo-plan", "s3.s5.2")
        return Answer(
            question, False, "文本在进学校第2条中断，没有“进连队”一节。", "", "section_missing", near_misses=(near,)
        )

    def _outdated(self, question: str) -> Answer:
        near = self._cite("demo-measures", "a4", "违反本办法第三条、《示范市门卫办法》第二条规定的，由教育局责令改正。")
        reason = "在今天有效的文件里没有找到答案。"
        return Answer(question, False, reason, reason, "not_in_force", near_misses=(near,))

    def _hostile(self, question: str) -> Answer:
        cited = self._cite("demo-hostile", "1", f"正文{HOSTILE}。")
        rule = requirement(cited.clause, f"正文{HOSTILE}。", "must", subject=HOSTILE)
        return Answer(HOSTILE, True, None, HOSTILE, "search", (cited,), (rule,))
