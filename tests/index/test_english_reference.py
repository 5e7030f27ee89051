"""English questions that name a clause, in the words of look-up."""

from __future__ import annotations

import pytest

from index.english_reference import english_reference, english_told, law_names


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does Article 12 of the Education Law say?", "《教育法》第12条"),
        ("article 59 of the Law on Promoting Ethnic Unity and Progress", "《民族团结进步促进法》第59条"),
        ("Show me the Law on Compulsory Education, Article XI", "《义务教育法》第11条"),
        ("Article twenty-one of the PRC Compulsory Education Law", "《义务教育法》第21条"),
        ("Art. 1088 Civil Code", "《民法典》第1088条"),
        ("Civil Code of the People's Republic of China Article One Thousand and Eighty-Eight", "《民法典》第1088条"),
        ("the twelfth article of the Preschool Education Law", "《学前教育法》第12条"),
        ("the second paragraph of Article 12 of the Education Act", "《教育法》第12条第2款"),
        ("Education Law, Article 12, paragraph 2, item 3", "《教育法》第12条第2款第3项"),
        ("Article 291-1 of the Criminal Law", "《刑法》第291条之1"),
        ("Articles 12 and 13 of the Regulations on Religious Affairs", "《宗教事务条例》第12条和第13条"),
        ("chapter 3 of the Minors Protection Law", "《未成年人保护法》第3章"),
        ("What is article 7?", "第7条"),
    ],
)
def test_a_named_clause_in_chinese(question: str, expected: str) -> None:
    read = english_reference(question)
    assert read is not None and read.queries[0] == expected and not read.unknown


def test_what_may_mean_two_things_is_tried_both_ways() -> None:
    read = english_reference("section 3 of the Education Law")
    assert read is not None and read.queries == ("《教育法》第3节", "《教育法》第3部分")
    read = english_reference("Article 12(2) of the Education Law")
    assert read is not None and read.queries == ("《教育法》第12条第2款", "《教育法》第12条第2项")


def test_a_law_that_no_row_knows_is_named_as_it_is_written() -> None:
    read = english_reference("What does Article 5 of the Maritime Traffic Law say?")
    assert read is not None and (read.queries, read.unknown) == ((), "Maritime Traffic Law")


@pytest.mark.parametrize(
    "question",
    [
        "Does article 12 of the Education Law apply to private schools?",
        "What does the Education Law say about article 12 fees?",
        "What must schools do?",
        "What is the Education Law?",
        "newspaper article on part time work",
        "Who pays?",
    ],
)
def test_a_question_about_a_subject_is_no_look_up(question: str) -> None:
    assert english_reference(question) is None


def test_every_name_of_the_table_is_found() -> None:
    assert len(set(law_names().values())) > 90
    read = english_reference("Article 2 of the Law on the Protection of Women's Rights and Interests")
    assert read is not None and read.queries == ("《妇女权益保障法》第2条",)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does Article 12 of the Education Law require Mandarin?", "《教育法》第12条"),
        ("Who orders correction under Article 59 of the Law on Promoting Ethnic Unity and Progress?",
         "《民族团结进步促进法》第59条"),
        ("Article 5 of the Imaginary Education Law asks what of schools?", ""),
        ("Does Article 12 of the Education Law or Article 8 of the Teachers Law bind me?", ""),
        ("what does the education law ask of schools", ""),
    ],
)  # fmt: skip
def test_a_clause_that_a_question_asks_about(question: str, expected: str) -> None:
    assert next(iter(english_told(question)), "") == expected
