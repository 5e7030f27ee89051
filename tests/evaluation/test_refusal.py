"""What is refused: the arithmetic of shares and curves, and the score against the product's own decision."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import evaluation.__main__ as command
from evaluation.beir import BeirFolder, Passage
from evaluation.judged import JudgedQuestion, load_judged
from evaluation.ranking import fill, open_searcher
from evaluation.refusal import (
    Group,
    highest,
    separation,
    weigh_groups,
)
from evaluation.refusal_asking import FarQuestion, measure_folders, measure_judged, sampled, weighed_question
from evaluation.refusal_fit import fit_answerability, write_answerability
from evaluation.refusal_report import refusal_picture, refusal_record, refusal_text
from ingest.errors import InputError
from ingest.home import PROJECT_DIR, Home
from ingest.progress import Silent
from qa.answerable import FEATURES, read_answerability
from qa.engine import Engine

CORPUS = (
    Passage("s1", "学校办法", "学校应当每年开设民族团结课。"),
    Passage("s2", "学校办法", "学校应当建立校车管理制度。"),
    Passage("h1", "宾馆办法", "宾馆不得拒绝客人入住。"),
)
FOLDER = BeirFolder(
    CORPUS,
    {"q1": "学校每年要开设什么课", "q2": "宾馆能拒绝客人入住吗"},
    {"q1": {"s1": 1}, "q2": {"h1": 1}},
    Path("dev.tsv"),
)
OTHER = BeirFolder((Passage("x1", "", "火锅底料的做法。"),), {"x": "火锅底料怎么做"}, {"x": {"x1": 1}}, Path("dev.tsv"))
EVERYDAY = (JudgedQuestion("e", "今天下雨吗", "everyday", False),)


class LengthEncoder:
    """Vectors that say little: the first two characters' codes."""

    fingerprint = "codes-1"
    dimension = 3

    def encode_queries(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = [[1.0, ord(text[0]) % 7 / 7, ord(text[-1]) % 5 / 5] for text in texts]
        vectors = np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimension)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    encode_passages = encode_queries


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    home = Home(tmp_path_factory.mktemp("refusal") / "kb")
    fill(home, CORPUS)
    return Engine(home, open_searcher(home, LengthEncoder(), Silent()))


@pytest.mark.parametrize(
    "question",
    [
        "学校每年要开设什么课",
        "宾馆能拒绝客人入住吗",
        "火锅底料怎么做",
        "校车",
        "学校办法第2条",
        "学校办法第9条",
        "？？",
        "",
    ],
)
def test_the_score_is_what_the_product_decides_by(engine: Engine, question: str) -> None:
    assert (weighed_question(engine, question)[0] >= read_answerability().threshold) == engine.ask(question).answered


def test_likeness_without_a_common_word_scores_0(engine: Engine) -> None:
    assert weighed_question(engine, "火锅底料怎么做") == (0.0, ())


def test_groups_are_made_from_folders(tmp_path: Path) -> None:
    folders = {"rules": FOLDER, "food": OTHER}
    groups = measure_folders(folders, EVERYDAY, sample=5, homes=tmp_path, encoder=LengthEncoder(), progress=Silent())
    assert {(group.base, group.kind): len(group.scores) for group in groups} == {
        ("rules", "answerable"): 2,
        ("rules", "law_missing"): 2,
        ("rules", "out_of_domain"): 1,
        ("rules", "everyday"): 1,
        ("food", "answerable"): 1,
        ("food", "out_of_domain"): 2,
        ("food", "everyday"): 1,
    }
    by_kind = {group.kind: group for group in groups if group.base == "rules"}
    assert max(by_kind["law_missing"].scores) < max(by_kind["answerable"].scores)


def test_judged_questions_fall_into_kinds(engine: Engine) -> None:
    judged = [
        JudgedQuestion("a", "学校每年要开设什么课", "fact", True, ("1",)),
        JudgedQuestion("b", "火锅底料怎么做", "unanswerable_far", False),
        JudgedQuestion("c", "校车的颜色", "unanswerable_unstated", False),
    ]
    groups = measure_judged(engine, "甲", judged, EVERYDAY, [FarQuestion("别的")], Silent())
    assert {group.kind: len(group.scores) for group in groups} == {
        "answerable": 1,
        "out_of_domain": 2,
        "unstated": 1,
        "everyday": 1,
    }


def test_a_sample_is_the_same_every_time() -> None:
    queries = {str(number): f"问{number}" for number in range(50)}
    chosen = sampled(queries, 10)
    assert len(chosen) == 10
    assert chosen == sampled(dict(reversed(queries.items())), 10)
    assert list(sampled(queries, 20))[:10] == list(chosen)


def test_the_share_refused_is_below_the_threshold() -> None:
    group = Group("b", "everyday", (0.0, 0.2, 0.55, 0.9))
    assert (group.refused(0.0), group.refused(0.55), group.refused(1.0)) == (0 / 4, 2 / 4, 4 / 4)


def test_separation_counts_pairs() -> None:
    lower, upper = (0.1, 0.5), (0.5, 0.9, 0.2)
    assert separation(lower, upper) == pytest.approx(((3 + 0) + (1 + 0.5)) / 6)


def test_the_highest_threshold_that_is_allowed() -> None:
    assert highest(lambda threshold: threshold / 2, 0.03) == pytest.approx(0.06)
    assert highest(lambda _: 1.0, 0.03) == 0


GROUPS = (
    Group("甲<1>", "answerable", (0.9, 0.8, 0.7, 0.2)),
    Group("甲<1>", "law_missing", (0.1, 0.6)),
    Group("乙", "answerable", (0.9,)),
)


def test_the_report_tells_shares_and_other_thresholds() -> None:
    measured = weigh_groups(GROUPS, "model-1")
    assert [share.refused for share in measured.shares] == [1 / 4, 1 / 2, 0.0]
    assert [(share.own_threshold, share.own_refused) for share in measured.shares] == [
        (pytest.approx(0.2), 0.0),
        (pytest.approx(0.2), 1 / 2),
        (pytest.approx(0.9), 0.0),
    ]
    strictest = measured.trades[0]
    assert (strictest.threshold, strictest.refused) == (pytest.approx(0.2), (0.0, 1 / 2, 0.0))
    text = refusal_text(measured)
    assert "甲<1>：所问的法不在库里" in text and "model-1" in text
    assert refusal_record(measured)["groups"][1] == {"base": "甲<1>", "kind": "law_missing", "questions": 2}


def test_the_picture_holds_one_line_a_group_of_unanswerable_questions() -> None:
    drawn = ElementTree.fromstring(refusal_picture(weigh_groups(GROUPS, "model-1")))
    (line,) = drawn.iter("{http://www.w3.org/2000/svg}polyline")
    places = [tuple(map(float, place.split(","))) for place in line.attrib["points"].split()]
    assert places == sorted(places, key=lambda place: (place[0], -place[1]))
    assert any("甲<1>：所问的法不在库里（2 题）" in "".join(each.itertext()) for each in drawn.iter())


def test_everyday_questions_have_no_answer() -> None:
    everyday = load_judged([PROJECT_DIR / "evaluation" / "sets" / "everyday" / "dev.jsonl"])
    assert len(everyday) == len({each.question for each in everyday}) == 60
    assert not any(each.answered for each in everyday)


def test_the_command_refuses_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["refusal", "--picture", str(tmp_path / "none" / "curve.svg")]) == 1
    assert "没有文件夹" in capsys.readouterr().err
    assert command.main(["refusal", "--sample", "0"]) == 1
    assert command.main(["refusal", str(tmp_path), str(tmp_path)]) == 1
    assert "文件夹重名" in capsys.readouterr().err


def _rows(*best: float) -> tuple[tuple[float, ...], ...]:
    return tuple((value, *(0.0 for _ in FEATURES[1:])) for value in best)


def _fittable(base: str) -> list[Group]:
    return [
        Group(base, "answerable", (0.0, 0.0, 0.0, 0.0), (*_rows(2.0, 3.0, 2.5), ())),
        Group(base, "everyday", (0.0, 0.0, 0.0), _rows(-3.0, -2.0, -2.5)),
    ]


def test_the_fit_holds_for_bases_left_out(tmp_path: Path) -> None:
    fitted = fit_answerability([*_fittable("甲"), *_fittable("乙")], allowed=0.0)
    assert fitted.weights[0] > 0
    for group in fitted.held_out:
        expected = 1 / 4 if group.kind == "answerable" else 1.0  # the one without features stays at 0
        assert group.refused(fitted.threshold) == expected
    write_answerability(tmp_path / "table.toml", fitted)
    assert f"best = {fitted.weights[0]:.4f}" in (tmp_path / "table.toml").read_text(encoding="utf-8")


def test_too_little_to_fit_is_said() -> None:
    with pytest.raises(InputError, match="只有 1 个知识库"):
        fit_answerability(_fittable("甲"), allowed=0.03)


def test_a_question_is_asked_again_without_its_law(engine: Engine) -> None:
    judged = [JudgedQuestion("a", "学校每年要开设什么课", "fact", True, ("《学校办法》1",))]
    groups = measure_judged(engine, "甲", judged, (), [FarQuestion("宾馆", frozenset({"宾馆办法"}))], Silent())
    by_kind = {group.kind: group for group in groups}
    assert set(by_kind) == {"answerable", "law_missing"}  # a far question that a document here answers is not asked
    assert by_kind["law_missing"].scores[0] < by_kind["answerable"].scores[0]
