"""A base of small invented documents, in two versions where it matters, to hold drafts against."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.facts import FactsOverride
from ingest.home import Home
from ingest.parsing import parse_text
from ingest.records import ParsedDocument
from ingest.requirements import extract
from ingest.storage import Store
from qa.drafts.checking import check_draft
from qa.drafts.reading import draft_from_bytes
from qa.drafts.records import DraftCheck
from qa.drafts.sources import Library, read_library

DAY = "2025-06-01"

LAW_2019 = """中华人民共和国校园安全法

第一章 总则
第一条 为了保障校园安全，维护学生和教师的合法权益，制定本法。
第二条 学校应当每学期至少组织一次安全演练，并做好记录。
第三条 县级以上人民政府应当将校园安全经费列入年度预算。
教育主管部门应当每年检查一次学校的安全设施。
任何单位和个人不得挪用校园安全经费。
第四条 学校应当履行下列职责：
（一）建立安全管理制度；
（二）配备专职安全人员；
（三）定期检查消防设施。
第二章 责任
第五条 违反本法第三条第三款规定的，由上级机关责令改正。
"""
LAW_2024 = """中华人民共和国校园安全法

第一章 总则
第一条 为了保障校园安全，维护学生和教师的合法权益，制定本法。
第二条 学校应当每学期至少组织两次安全演练，并做好记录。
第三条 县级以上人民政府应当将校园安全经费列入年度预算。
教育主管部门应当每年检查一次学校的安全设施。
任何单位和个人不得挪用校园安全经费。
第四条 学校应当履行下列职责：
（一）建立安全管理制度；
（二）配备专职安全人员；
（三）定期检查消防设施。
第四条之一 学校食堂应当公示原料来源，接受家长监督。
第二章 责任
第六条 违反本法第三条第三款规定的，由上级机关责令改正；情节严重的，给予处分。
第七条 本法自2025年1月1日起施行。校园安全经费的增长比例不得低于3.5%。
"""
PLAN = """星河区“五进”阅读活动实施方案

一、总体要求
坚持以读者为中心，让居民在家门口读到好书。

二、工作任务
（一）进学校
1.开放书库。学校每周开放书库不少于3次，严禁向读者收取押金(含会员费)。
2.培训教师。各学校要把阅读指导纳入教师培训，每年至少安排一次专题培训。
（二）进社区
1.建设书屋。社区要设置书屋，鼓励居民捐赠图书。
"""
CANTEEN = """星河区学校食堂管理办法

第一条 为了加强学校食堂管理，制定本办法。
第二条 学校食堂应当公开采购价格。
第三条 食堂从业人员每年体检一次。
"""
BUS = """星河区校车管理规定

第一条 校车应当安装行驶记录仪。
第二条 校车驾驶人不得超速行驶。
"""
PRIVATE = """中华人民共和国民办教育促进法

第一条 为实施科教兴国战略，促进民办教育事业的健康发展，制定本法。
第二条 民办学校与公办学校具有同等的法律地位。
第三条 民办教育事业属于公益性事业。
"""
BROKEN = """星河区清洁校园行动计划

一、目标任务
到2026年，全区学校垃圾分类全覆盖。
二、工作措施
各学校要设置分类垃圾桶，并安排专人
"""
NORTH = """北山市宗教场所条例

第一条 为了规范场所管理，制定本条例。
第二条 场所应当登记。
"""
FACTS: dict[str, FactsOverride] = {
    "law": FactsOverride(status="in_force", issued_on="2024-11-01", effective_on="2025-01-01"),
    "law-2019": FactsOverride(status="in_force", issued_on="2019-03-01", effective_on="2019-06-01"),
    "plan": FactsOverride(doc_number="星办发〔2023〕12号", issued_on="2023-04-01"),
    "canteen": FactsOverride(status="repealed", doc_number="星政发〔2018〕7号", issued_on="2018-05-01"),
    "bus": FactsOverride(effective_on="2019-01-01", expires_on="2023-12-31", doc_number="星政发〔2018〕9号"),
    "private": FactsOverride(status="in_force", issued_on="2018-12-29"),
    "broken": FactsOverride(),
    "north": FactsOverride(status="in_force", issued_on="2020-01-01"),
}


def parsed(doc_id: str, text: str, facts: FactsOverride) -> ParsedDocument:
    digest = hashlib.sha256(text.encode()).hexdigest()
    found = parse_text(text, source_file=f"{doc_id}.txt", sha256=digest, doc_id=doc_id, facts=facts)
    return replace(found, requirements=extract(found.clauses, found.document))


def fill(home: Home) -> None:
    with Store.open(home, write=True) as store:
        store.add(parsed("law", LAW_2019, FACTS["law-2019"]))
        store.add(parsed("law", LAW_2024, FACTS["law"]))
        for doc_id, text in (
            ("plan", PLAN),
            ("canteen", CANTEEN),
            ("bus", BUS),
            ("private", PRIVATE),
            ("broken", BROKEN),
            ("north", NORTH),
        ):
            store.add(parsed(doc_id, text, FACTS[doc_id]))


@pytest.fixture(scope="session")
def draft_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The base; nobody writes into it."""
    home = Home(tmp_path_factory.mktemp("drafts") / "kb")
    fill(home)
    return home


@pytest.fixture(scope="session")
def library(draft_home: Home) -> Library:
    with Store.open(draft_home) as store:
        return read_library(store, DAY)


class Checker:
    """Checks a draft that is given as text."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __call__(self, text: str, *, name: str = "draft.txt", as_of: str = DAY) -> DraftCheck:
        library = self.library.on(as_of, today=as_of)
        return check_draft(draft_from_bytes(text.encode(), name), library)


@pytest.fixture(scope="session")
def check(library: Library) -> Checker:
    return Checker(library)


@pytest.fixture
def draft_file(tmp_path: Path) -> Path:
    return tmp_path / "draft.txt"
