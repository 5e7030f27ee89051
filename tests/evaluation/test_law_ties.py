"""Counting which words belong to which law."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.law_ties import count_ties, write_ties


def test_a_word_is_tied_by_its_share_of_articles(tmp_path: Path) -> None:
    articles = [("商标法", "商标 注册")] * 6 + [("公司法", "公司 注册")] * 3 + [("邮政法", "信件")] * 2
    ties = count_ties(articles, str.split, lambda word: 9.0)
    assert ties["商标"] == {"商标法": pytest.approx(6 / (6 + 3))}
    assert ties["注册"] == {"公司法": pytest.approx(3 / 12), "商标法": pytest.approx(6 / 12)}
    assert "信件" not in ties  # two articles prove little
    write_ties(tmp_path / "ties.tsv", ties)
    assert "\n注册\t公司法\t25\t商标法\t50\n" in (tmp_path / "ties.tsv").read_text(encoding="utf-8")


def test_a_common_word_is_tied_to_no_law() -> None:
    assert count_ties([("商标法", "工作")] * 9, str.split, lambda word: 4.9) == {}
