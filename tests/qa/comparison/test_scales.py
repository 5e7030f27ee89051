"""Which of two measures is stricter."""

from __future__ import annotations

import pytest

from qa.comparison.scales import deadline_shift, frequency_shift, quantity_shift


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("不少于2次", "不少于3次", "tightened"),
        ("不低于80%", "不低于70%", "loosened"),
        ("不少于两名", "不少于3名", "tightened"),
        ("不超过30人", "不超过45人", "loosened"),
        ("不少于2次", "不超过3次", "changed"),
        ("不少于2次", "不少于3名", "changed"),
        ("8个", "10个", "changed"),
        ("不少于3.5%", "不少于4%", "tightened"),
    ],
)
def test_quantities(before: str, after: str, expected: str) -> None:
    assert quantity_shift(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("每年至少一次", "每学期至少一次", "tightened"),
        ("每月一次", "每季度一次", "loosened"),
        ("每年至少安排两次", "每半年至少安排一次", "changed"),
        ("每年至少两次", "每年至少四次", "tightened"),
        ("每两年一次", "每年一次", "tightened"),
        ("定期", "每年一次", "changed"),
    ],
)
def test_frequencies(before: str, after: str, expected: str) -> None:
    assert frequency_shift(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2025年底前", "2024年6月前", "tightened"),
        ("2025年6月底前", "2025年底前", "loosened"),
        ("15个工作日内", "10个工作日内", "tightened"),
        ("30日内", "2个月内", "loosened"),
        ("2025年底前", "10日内", "changed"),
        ("年底前", "2025年底前", "changed"),
    ],
)
def test_deadlines(before: str, after: str, expected: str) -> None:
    assert deadline_shift(before, after) == expected
