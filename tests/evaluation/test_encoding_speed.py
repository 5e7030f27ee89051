"""The speed of each engine, measured on a few real passages."""

from __future__ import annotations

import pytest

from evaluation.encoding_speed import EncodingSpeed, encoding_speeds, speeds_text
from index import openvino_encoder
from index.models import DEFAULT_MODEL, ensure_model
from ingest.home import Home


def test_the_table_gives_ratios_to_the_first_engine() -> None:
    text = speeds_text(
        [EncodingSpeed("torch", 100, 10, 18, 1, 1), EncodingSpeed("openvino", 100, 2, 4, 0.9986, 0.9995)]
    )
    assert [line.split() for line in text.splitlines()[-2:]] == [
        ["torch", "10.0", "1.00", "18.0", "1.00", "1.0000", "1.0000"],
        ["openvino", "50.0", "5.00", "4.0", "4.50", "0.9986", "0.9995"],
    ]


@pytest.mark.model
def test_an_engine_that_is_missing_is_left_out(model_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_encoder, "is_installed", lambda: False)
    model = ensure_model(model_home, name=DEFAULT_MODEL)
    assert encoding_speeds(model, ["学校应当每年开展一次检查。"], engines=("openvino",)) == ()
