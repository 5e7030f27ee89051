"""Passages a second: each backend on the same texts, and a missing one told."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import encode_rate
from evaluation.encode_rate import Rate, encode_rates
from evaluation.scale_report import rates_text
from index.models import ModelFolder

MODEL = ModelFolder("toy", Path("none"), "query: ", "passage: ", "toy-1")


def test_each_backend_encodes_the_same_texts_and_a_missing_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, list[str]] = {"openvino": [], "torch": []}
    for name in seen:
        monkeypatch.setattr(encode_rate, f"_{name}", lambda model, name=name: seen[name].extend)

    def missing(model: ModelFolder) -> None:
        raise ImportError("没有装")

    monkeypatch.setattr(encode_rate, "_numpy", missing)
    texts = ["短", "长" * 9, "中" * 4] * 10
    rates = encode_rates(MODEL, texts)
    assert seen["openvino"] == seen["torch"]
    assert seen["torch"][encode_rate.WARM_UP :] == sorted((f"passage: {text}" for text in texts), key=len)
    assert [(rate.backend, rate.passages, rate.failed) for rate in rates] == [
        ("openvino", 30, ""),
        ("torch", 30, ""),
        ("numpy", 0, "没有装"),
    ]
    assert rates[0].a_second and rates[2].a_second is None
    assert "12.5" in rates_text([Rate("torch", 30, 12.5)])
