"""Every planted citation and quotation is found, and is judged as a careful colleague would."""

from __future__ import annotations

import pytest

from qa.drafts.records import SEVERITY_OF, DraftCheck
from tests.qa.drafts.conftest import Checker
from tests.qa.drafts.planted import PLANTED, REPORTING

ALL = [*PLANTED, *REPORTING]
LEAST = 60  # planted citations of every kind


def found_in(check: DraftCheck) -> list[tuple[str, str]]:
    return [(finding.words, finding.verdict) for finding in check.findings]


@pytest.mark.parametrize(("sentence", "expected"), ALL, ids=[row[0][:24] for row in ALL])
def test_a_planted_sentence(sentence: str, expected: list[tuple[str, str]], check: Checker) -> None:
    assert found_in(check(f"工作汇报\n\n{sentence}\n")) == expected


def test_all_of_them_in_one_draft(check: Checker) -> None:
    """One paragraph a sentence: nothing is missed, nothing added, and each finding stands in its paragraph."""
    alone = ("第三条对此", "对此，第三条", "《民促法》", "以下简称")  # the rest of the draft says what these mean
    rows = [row for row in ALL if not any(words in row[0] for words in alone)]
    checked = check("工作汇报\n\n" + "\n".join(sentence for sentence, _ in rows) + "\n")
    found: dict[int, list[tuple[str, str]]] = {}
    for finding in checked.findings:
        found.setdefault(finding.paragraph - 2, []).append((finding.words, finding.verdict))
    expected = {number: row[1] for number, row in enumerate(rows) if row[1]}
    assert found == expected
    assert sum(map(len, expected.values())) >= LEAST


def test_a_source_that_is_not_in_the_base_is_never_wrong(check: Checker) -> None:
    checked = check(
        "汇报\n\n《某省学校条例》第九百条规定“学校应当每学期至少组织九次安全演练”。某某办法第八百条另有规定。\n"
        "教〔2031〕9号文件要求“校园安全经费不得挪用一分一厘”。《实施细则》第一千条。\n"
    )
    assert {finding.severity for finding in checked.findings} == {"unchecked"}
    assert len(checked.findings) == 6


def test_every_kind_of_verdict_is_planted() -> None:
    planted = {verdict for _, expected in ALL for _, verdict in expected}
    assert set(SEVERITY_OF) - planted == {"unread", "number_elsewhere", "number_unstated"}
