"""``python -m qa``: ask the knowledge base, check a draft against it, list requirements, compare documents."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.console import DONE, Parser, print_json, print_text, run
from ingest.errors import InputError, UnreadableFile
from ingest.home import home_from
from ingest.progress import progress_for
from ingest.validity import check_day
from qa.comparison.command import add_compare
from qa.contract import answer_json
from qa.drafts.command import add_check
from qa.engine import Engine
from qa.language_model import LONGEST_WAIT
from qa.questions import language_of
from qa.records import Answer
from qa.register_command import add_requirements
from qa.report import answer_text, written_lines
from qa.summary import is_due, summarised
from qa.wording import LANGUAGES, Wording


def parser() -> Parser:
    """The command line."""
    top = Parser(prog="python -m qa", description="向知识库提问，得到逐字引用的条款。知识库的位置由 KB_HOME 指定。")
    commands = top.add_subparsers(dest="name", metavar="命令", required=True, title="命令")
    words = "回答一个问题，或一个文件里的全部问题"
    ask = commands.add_parser("ask", help=words, description=words)
    ask.add_argument("question", metavar="问题", nargs="?", help="例如：学校必须做什么")
    ask.add_argument(
        "--questions", metavar="文件", type=Path, help='每行一个 {"id": "…", "question": "…"}，用 --json 时每行回答一个'
    )
    ask.add_argument("--doc", metavar="编号", action="append", default=[], help="只在这份文件里找，可以写多次")
    words = "按这一天有效的文件回答，例如 2020-01-01；不写则为今天"
    ask.add_argument("--as-of", metavar="日期", type=_day, help=words)
    ask.add_argument("--lang", metavar="语言", choices=LANGUAGES, help="回答用的语言：zh 或 en；缺省跟随问题的语言")
    ask.add_json_option()
    add_check(commands)
    add_compare(commands)
    add_requirements(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    top = parser()
    arguments = top.parse_args(argv)
    if arguments.name != "ask":
        return run(lambda: int(arguments.act(arguments)), as_json=arguments.json)
    if (arguments.question is None) == (arguments.questions is None):
        top.error("请写一个问题，或用 --questions 给出问题文件，二者取一")
    return run(lambda: _ask(arguments), as_json=arguments.json)


def _day(words: str) -> str:
    """A day of the command line; what is none is bad usage."""
    try:
        return check_day(words)
    except InputError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _ask(arguments: argparse.Namespace) -> int:
    asked = list(read_questions(arguments.questions)) if arguments.questions else []
    engine = Engine.open(home_from(), progress=progress_for(sys.stderr))
    if not asked and arguments.question is not None:
        asked = [(None, arguments.question)]
    for question_id, question in asked:
        language = arguments.lang or language_of(question)
        answer = engine.ask(question, doc_ids=arguments.doc, language=language, as_of=arguments.as_of)
        if not arguments.json:
            if arguments.questions:
                print_text(f"[{question_id}] {question}")
            _print_answer(answer, language)
            if arguments.questions:
                print_text("")
            sys.stdout.flush()
            continue
        row = answer_json(summarised(answer, Wording(language)).answer)
        if arguments.questions:
            print(json.dumps({"id": question_id, **row}, ensure_ascii=False), flush=True)
        else:
            print_json(row)
    return DONE  # a stated refusal is an answer, not an error


def _print_answer(answer: Answer, language: str) -> None:
    """The answer at once; what a language model makes of it below, or why there is nothing."""
    wording = Wording(language)
    print_text(answer_text(answer, language))
    if not is_due(answer):
        return
    sys.stdout.flush()
    print(wording.say("written_waiting", seconds=f"{LONGEST_WAIT:g}"), file=sys.stderr, flush=True)
    found = summarised(answer, wording)
    if found.answer.written:
        print_text("\n".join(("", *written_lines(found.answer, wording))))
    else:
        print(wording.say("written_failed", reason=found.reason or wording.say("written_none")), file=sys.stderr)


def read_questions(path: Path) -> Iterator[tuple[object, str]]:
    """The ``id`` and ``question`` of each line; blank lines are passed over.

    Raises:
        UnreadableFile: the file is missing, not UTF-8, or a line is not such an object; the message names the line.
    """
    try:
        # Not splitlines(): JSON allows U+2028 and its like inside a string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"问题文件 {path} 读不出来：{error}。需要 UTF-8 的 JSON Lines 文件。") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(f"问题文件 {path} 第 {number} 行不是 JSON：{error}。") from error
        if not isinstance(row, dict) or not isinstance(row.get("question"), str) or "id" not in row:
            raise UnreadableFile(f'问题文件 {path} 第 {number} 行应为 {{"id": …, "question": "…"}}。')
        yield row["id"], row["question"]


if __name__ == "__main__":
    sys.exit(main())
