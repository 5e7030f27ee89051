"""The measures of the register, and the labelled sets themselves."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from evaluation import __main__ as command
from evaluation.register import (
    HALVES,
    ClassScore,
    Comparison,
    LabelledSentence,
    compare,
    folders_at_hand,
    iter_wrong,
    load_labelled,
    macro_f1,
    score,
    set_path,
)
from evaluation.register_report import register_text, wrong_text
from ingest.errors import InputError

TEXT = "示范通知\n\n一、要求\n学校应当每年检查两次。严禁收费。\n"


def digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def labelled(**more: object) -> dict[str, object]:
    sentence = "学校应当每年检查两次。"
    plain = {"id": "x1", "file": "a.txt", "clause": "一", "sentence": 0, "sha256": digest(sentence)}
    return {**plain, "modality": ["must"], "audience": ["school"], "subject": "学校", **more}


def write(folder: Path, *rows: dict[str, object]) -> Path:
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    path = folder / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_precision_recall_and_f1() -> None:
    one = ClassScore("must", labelled=4, read=5, both=3)
    assert (one.precision, one.recall) == (3 / 5, 3 / 4)
    assert one.f1 == pytest.approx(2 * (3 / 5) * (3 / 4) / (3 / 5 + 3 / 4))
    assert ClassScore("may", 0, 0, 0).f1 == ClassScore("may", 2, 0, 0).precision == 0
    assert macro_f1([one, ClassScore("may", 2, 0, 0), ClassScore("goal", 0, 3, 0)]) == pytest.approx((one.f1 + 0) / 2)


def test_a_right_sentence_and_a_wrong_one(tmp_path: Path) -> None:
    hashed = f"sha256:{digest('每年检查两次')}"
    right = labelled(frequency=[hashed], quantity=[])
    wrong = labelled(id="x2", modality=["may"], frequency=["每月"], quantity=["两次"])
    compared = compare(load_labelled(write(tmp_path, right, wrong)), [tmp_path])
    assert [each.labelled.sentence_id for each, _ in iter_wrong(compared)] == ["x2"]
    measured = score(compared, absent=1)
    fields = {each.name: each for each in measured.fields}
    assert (fields["frequency"].seen, fields["frequency"].exact) == (2, 1)
    assert fields["frequency"].share == 1 / 2
    assert (fields["quantity"].seen, fields["quantity"].exact, fields["quantity"].share_of_all) == (1, 0, 1 / 2)
    assert {each.name: each.both for each in measured.modality} == {"must": 1, "may": 0}
    assert "x2" in wrong_text(compared) and "另有 1 句" in register_text(measured, compared)


def test_a_kindergarten_counts_as_a_school() -> None:
    row = LabelledSentence("x", "a", "一", 0, "", frozenset({"must"}), frozenset({"kindergarten"}), None, {})
    measured = score([Comparison(row, "", frozenset({"must"}), frozenset({"school"}), (), {})])
    assert macro_f1(measured.audience) == 1
    assert macro_f1(measured.audience_exact) == 0


def test_a_sentence_whose_file_is_missing_is_measured_nowhere(tmp_path: Path) -> None:
    rows = load_labelled(write(tmp_path, labelled(file="gone.txt"), labelled(id="x2", sha256="0" * 16)))
    assert compare(rows, [tmp_path]) == ()


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有句子"):
        load_labelled(write(tmp_path))


def test_the_command_prints_and_gives_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaluation.register.folders_at_hand", lambda: (tmp_path,))
    path = write(tmp_path, labelled())
    assert command.main(["register", str(path), "--failures"]) == 0
    assert "没有读错的句子" in capsys.readouterr().out
    assert command.main(["register", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["modality_macro_f1"] == 1


def test_the_halves_share_no_sentence_and_hold_each_rare_field_often() -> None:
    halves = [load_labelled(set_path(name)) for name in HALVES]
    keys = [{(row.file, row.sha256) for row in rows} for rows in halves]
    assert not keys[0] & keys[1] and sum(map(len, halves)) >= 300
    for field in ("frequency", "quantity", "deadline", "lead_units", "support_units", "exception", "condition"):
        assert sum(bool(row.fields.get(field)) for rows in halves for row in rows) >= 25
    for modality in ("may", "encouraged", "must_not", "should"):
        assert sum(modality in row.modality for rows in halves for row in rows) >= 25


@pytest.mark.parametrize(("name", "modality"), [("build", 0.95), ("report", 0.95)])
def test_the_plan_is_read_as_labelled(name: str, modality: float) -> None:
    shipped = folders_at_hand()[:1]
    measured = score(compare(load_labelled(set_path(name)), shipped))
    assert measured.sentences >= 20
    assert (macro_f1(measured.modality) or 0) >= modality
    assert (macro_f1(measured.audience) or 0) >= 0.95


@pytest.mark.realdata
def test_the_reporting_half_keeps_its_marks(realdata: Path) -> None:
    rows = load_labelled(set_path("report"))
    measured = score(compare(rows, folders_at_hand()))
    assert measured.sentences == len(rows)
    assert (macro_f1(measured.modality) or 0) >= 0.90 and (macro_f1(measured.audience) or 0) >= 0.90
    shares = {each.name: each.share or 0 for each in measured.fields}
    assert min(shares[name] for name in ("frequency", "quantity", "deadline")) >= 0.95
