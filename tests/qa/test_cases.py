"""How a case is read, which clauses apply to it, and what the answer says of each fact. Toy index, invented texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from index.searcher import Searcher
from ingest.errors import TableError
from ingest.home import Home
from ingest.storage import Store
from qa import applying, case_answers
from qa.applying import FEATURES, CaseCalibration, read_case_calibration
from qa.base import read_base
from qa.case_answers import answer_case
from qa.cases import MAX_CASE, asks_several, case_tables, longest_allowed, read_case, tells_case
from qa.contract import answer_json
from qa.engine import Engine
from qa.questions import MAX_QUESTION
from qa.records import Answer
from qa.report import answer_text
from qa.wording import Wording

from .conftest import ToySearcher, parsed

REFUSED_ENTRY = "馆里的人看我穿得破，不让我进去。后来的人都放进去了。这样可以吗？"


@pytest.mark.parametrize(
    "text",
    [
        REFUSED_ENTRY,
        "邻居的狗没拴，把我妈咬了。",
        "老板招了个十四岁的孩子，天天让他干到半夜，工钱也不给",
        "宾馆以民族为由拒绝客人入住，违反哪一条",
        "餐馆不接待少数民族顾客违反了什么规定",
    ],
)
def test_what_is_told_in_sentences_is_a_case(text: str) -> None:
    assert tells_case(text)


@pytest.mark.parametrize(
    "text",
    [
        "学校必须做什么",
        "违反哪一条",
        "我们公司接到了通知，领导也开了会。请把所有要求列出来",
        "父母不管教、管教不当或者打孩子，分别有什么法律后果",
        "A hotel refused a guest. Is that allowed?",
        "",
        "。。。",
    ],
)
def test_a_question_a_request_and_english_are_no_case(text: str) -> None:
    assert read_case(text) is None


def test_facts_are_the_told_sentences_without_the_asking_part() -> None:
    case = read_case("老师打了学生手心，还罚站。家长去问，校长说没事。这违反了哪条规定？")
    assert case is not None
    assert [fact.text for fact in case.facts] == ["老师打了学生手心，还罚站。", "家长去问，校长说没事。"]
    assert "体罚" in {word for matter in case.facts[0].matters for word in matter.words}
    assert {"teacher", "child", "parent"} <= {party.key for party in case.parties}


def test_what_stands_before_the_breach_is_told() -> None:
    case = read_case("餐馆不接待少数民族顾客违反了什么规定")
    assert case is not None and [fact.text for fact in case.facts] == ["餐馆不接待少数民族顾客"]


def test_the_matter_of_a_dispute_is_named() -> None:
    case = read_case("我买的衣服掉色，商家说不给退货。平台也不理。")
    assert case is not None and case.disputes == ("退货",)


def test_a_long_text_keeps_the_facts_that_tell_most_in_order() -> None:
    talk = "那天下着小雨，我们一家人吃过了晚饭。" * 40
    case = read_case(f"{talk}邻居的狗没拴，把我妈咬了。{talk}他还拿棍子打人，威胁要弄死我。{talk}")
    assert case is not None
    assert [fact.text for fact in case.facts] == ["邻居的狗没拴，把我妈咬了。", "他还拿棍子打人，威胁要弄死我。"]
    assert case.left_out == 120
    told_again = read_case("邻居的狗没拴，把我妈咬了。" * 40 + "他还拿棍子打人，威胁要弄死我。")
    assert told_again is not None and "威胁" in told_again.facts[-1].text
    bites = read_case("邻居的狗没拴，把我妈咬了。" * 40)
    assert bites is not None and len(bites.facts) == case_tables().most_facts


def test_words_without_a_stop_are_cut() -> None:
    case = read_case("他打了我" + "啊" * 3000 + "，又骂了我，还不让我走")
    assert case is not None
    assert max(len(fact.text) for fact in case.facts) <= 160


def test_a_case_may_be_longer_than_a_question_and_not_endless() -> None:
    long = "邻居的狗没拴，把我妈咬了。" * 400
    assert longest_allowed(long) == MAX_CASE > len(long) > MAX_QUESTION
    assert longest_allowed("学校必须做什么" * 400) == MAX_QUESTION
    assert read_case("邻居的狗没拴，把我妈咬了。" * 2000) is None


def test_every_row_of_the_table_is_a_pair_of_patterns() -> None:
    known = case_tables()
    assert len(known.matters) > 150
    assert all(matter.official for matter in known.matters)


@pytest.fixture
def by_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The confidence is decided by the official words alone."""
    weights = dict.fromkeys(FEATURES, 0.0) | {"matter": 4.0, "dispute": 4.0}
    made = CaseCalibration(tuple(weights[name] for name in FEATURES), -4.0, 0.5, 0.75, 4, 2)
    for module in (applying, case_answers):
        monkeypatch.setattr(module, "read_case_calibration", lambda: made)


LAW = """星河市旅馆业和犬只管理条例

第一章　总则
第一条　为了加强管理，制定本条例。

第二章　经营
第二条　任何单位和个人不得以民族身份为由拒绝提供商品或者服务；造成不良影响的，由有关部门责令改正，给予警告。
第三条　未对动物采取安全措施，致使动物伤害他人的，处一千元以下罚款；情节较重的，处五日以上十日以下拘留。
第四条　经营者可以向居民捐赠图书。
"""
PLAN = """星河区民族团结行动方案

一、社区
（一）维护权益
1.合理照顾风俗习惯。严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。
"""
REFUSED_GUEST = "前台看我是少数民族，说没房了，不让我们住。邻居的狗没拴，把我妈咬了。怎么办？"


@pytest.fixture
def searcher_of_laws(tmp_path: Path) -> ToySearcher:
    home = Home(tmp_path / "kb")
    with Store.open(home, write=True) as store:
        store.add(parsed("plan", PLAN))
        store.add(parsed("law", LAW))
    toy = ToySearcher(home)
    toy.refresh()
    return toy


@pytest.fixture
def asked(searcher_of_laws: ToySearcher, by_matter: None) -> Callable[..., Answer]:
    """The answer to a case over an invented regulation and an invented plan."""
    base = read_base(searcher_of_laws.home)
    searcher = cast(Searcher, searcher_of_laws)

    def ask(text: str, language: str = "zh", doc_ids: tuple[str, ...] = ()) -> Answer:
        case = read_case(text)
        assert case is not None
        return answer_case(text, case, (), searcher, base, doc_ids, Wording(language))

    return ask


def test_each_fact_has_its_clauses_statutes_before_plans(asked: Callable[..., Answer]) -> None:
    answer = asked(REFUSED_GUEST)
    assert answer.answered and answer.route == "case"
    first, second = answer.facts
    assert [applied.citation.place for applied in first.clauses] == ["第二条", "一（一）1"]
    assert [applied.citation.place for applied in second.clauses] == ["第三条"]
    assert {c.clause.clause_id for c in answer.citations} == {
        applied.citation.clause.clause_id for fact in answer.facts for applied in fact.clauses
    }


def test_a_clause_says_what_it_does_and_in_which_words(asked: Callable[..., Answer]) -> None:
    first, second = asked(REFUSED_GUEST).facts
    law, plan = first.clauses
    assert law.effects[:2] == ("must_not", "penalty")
    assert {"以民族身份为由", "拒绝提供商品或者服务"} <= set(law.matched)
    assert plan.effects == ("must_not",)
    assert second.clauses[0].effects == ("penalty",)
    assert plan.citation.quote == "严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。"


def test_conditions_that_the_case_does_not_say_are_named(asked: Callable[..., Answer]) -> None:
    (dog,) = asked(REFUSED_GUEST).facts[1].clauses
    assert dog.needs == ("情节较重的",)
    severe = asked("邻居的狗没拴，把我妈咬了。她住院半个月，骨折了。")
    assert severe.facts[0].clauses[0].needs == ()


def test_a_case_that_no_clause_decides_is_refused_with_its_matter(asked: Callable[..., Answer]) -> None:
    answer = asked("我买的衣服掉色，商家说不给退货。平台也不理。")
    assert not answer.answered and not answer.citations and not answer.facts
    assert answer.reason is not None and "“退货”" in answer.reason
    assert len(answer.near_misses) == case_answers.NEAR_MISSES


def test_a_clause_that_speaks_of_a_second_fact_stands_there_too(asked: Callable[..., Answer]) -> None:
    answer = asked("邻居的狗没拴，到处乱跑。昨天那条狗咬了我妈，流了血。")
    assert [[a.citation.place for a in fact.clauses] for fact in answer.facts] == [["第三条"], ["第三条"]]
    assert len(answer.citations) == 1


def test_only_the_named_documents_are_searched(asked: Callable[..., Answer]) -> None:
    answer = asked(REFUSED_GUEST, doc_ids=("plan",))
    assert {citation.clause.doc_id for citation in answer.citations} == {"plan"}


def test_text_and_json_show_the_facts(asked: Callable[..., Answer]) -> None:
    answer = asked(REFUSED_GUEST)
    shown = answer_text(answer, "zh")
    assert "事实 1：前台看我是少数民族" in shown
    assert "[方案] 禁止" in shown
    assert "条款还要求：“情节较重的”（案情没有提到）" in shown
    facts = answer_json(answer)["facts"]
    assert [len(fact["clauses"]) for fact in facts] == [2, 1]
    assert facts[1]["clauses"][0]["needs"] == ["情节较重的"]
    assert "Fact 1:" in answer_text(asked(REFUSED_GUEST, "en"), "en")


def test_a_long_case_says_what_was_left_out(asked: Callable[..., Answer]) -> None:
    talk = "那天下着小雨，我们一家人吃过了晚饭。" * 30
    answer = asked(f"{talk}邻居的狗没拴，把我妈咬了。")
    assert answer.answered and "另有 30 处没有查" in answer.summary


def test_weights_that_do_not_fit_the_features_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.weights.tables.read_toml", lambda _: {"weights": {"matter": 1.0}})
    read_case_calibration.cache_clear()
    with pytest.raises(TableError, match="case_calibration.toml"):
        read_case_calibration()
    read_case_calibration.cache_clear()


def test_the_engine_answers_a_case_and_refuses_an_endless_one(engine: Engine) -> None:
    told = "社区的人以衣着为由，拒绝我入馆。我走了，别人进去了。"
    assert engine.case_clauses(told) is not None
    assert engine.case_clauses("学校必须做什么") is None
    assert engine.evidence(told) is None
    endless = engine.ask("邻居的狗没拴，把我妈咬了。" * 2000)
    assert not endless.answered and endless.reason is not None and "20000" in endless.reason
    long = engine.ask("邻居的狗没拴，把我妈咬了。" * 400)
    assert long.reason is None or "最多" not in long.reason


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("宣传周是哪天，谁负责，不搞怎么罚", True),
        ("教师节是哪天？宪法日呢？", True),
        ("教师节是哪天", False),
        ("邻居养狗，能不能管", False),
    ],
)
def test_several_things_asked_at_once(text: str, several: bool) -> None:
    assert asks_several(text) is several
