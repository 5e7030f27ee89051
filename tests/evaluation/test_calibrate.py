"""The fit of the answering confidence, on examples in which one feature alone decides."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from evaluation.calibrate import FOLDS, Example, Fit, fit, fit_text, write_calibration, write_case_calibration
from evaluation.judged import JudgedQuestion
from ingest.errors import InputError
from qa import applying
from qa.evidence import FEATURES

CANDIDATES = 5


def example(number: int, *, answerable: bool) -> Example:
    """Five candidates; the first one of an answerable question has the deciding feature."""
    features = np.zeros((CANDIDATES, len(FEATURES)))
    features[:, 1] = np.random.default_rng(number).normal(size=CANDIDATES)  # says nothing
    answers = np.zeros(CANDIDATES, dtype=bool)
    if answerable:
        features[0, 0] = 1.0
        answers[0] = True
    judged = JudgedQuestion(str(number), "问", "c", answerable, ("一",) if answerable else ())
    return Example(judged, features, answers, answers, np.ones(CANDIDATES, dtype=bool))


EXAMPLES = [example(number, answerable=number % 2 == 0) for number in range(4 * FOLDS)]


def test_the_deciding_feature_gets_the_weight() -> None:
    fitted = fit(EXAMPLES, thresholds=[0.5])
    assert int(np.argmax(np.abs(fitted.weights))) == 0
    (point,) = fitted.curve
    assert (point.answered, point.right, point.refused) == (20, 20, 20)
    assert (point.answerable, point.unanswerable) == (20, 20)
    assert "20/20、20/20" in fit_text(fitted)


@pytest.mark.parametrize("few", [EXAMPLES[: FOLDS - 1], EXAMPLES[::2], []])
def test_too_little_is_refused(few: list[Example]) -> None:
    with pytest.raises(InputError, match="不够校准"):
        fit(few)


def test_the_saved_table_holds_every_weight(tmp_path: Path) -> None:
    fitted = fit(EXAMPLES)
    write_calibration(tmp_path / "calibration.toml", fitted, 0.45, 0.7)
    table = tomllib.loads((tmp_path / "calibration.toml").read_text(encoding="utf-8"))
    assert tuple(table["weights"]) == FEATURES
    assert table["threshold"] == 0.45
    assert table["weights"][FEATURES[0]] == pytest.approx(fitted.weights[0], abs=1e-4)


def test_the_saved_table_for_cases_keeps_what_is_no_weight(tmp_path: Path) -> None:
    in_use = applying.read_case_calibration()
    fitted = Fit(tuple(0.5 + n for n in range(len(applying.FEATURES))), -1.0, ())
    write_case_calibration(tmp_path / applying.TABLE, fitted, in_use)
    table = tomllib.loads((tmp_path / applying.TABLE).read_text(encoding="utf-8"))
    assert tuple(table["weights"]) == applying.FEATURES
    assert tuple(table["weights"].values()) == fitted.weights
    assert (table["threshold"], table["most"]) == (in_use.threshold, in_use.most)
