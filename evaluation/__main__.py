"""``python -m evaluation``: measured quality and speed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation.answers import Answering, judge, tallies
from evaluation.judged import load_judged
from evaluation.report import answers_record, answers_table, failures_text
from ingest.errors import KnowledgeBaseError
from ingest.home import home_from

DONE, REFUSED = 0, 1
ANSWERS = "用评判过的问题检验回答：该答的是否答了，该拒的是否拒了，条款引得全不全、准不准。"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0 done, 1 refused (2, bad usage, comes from argparse)."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except KnowledgeBaseError as error:
        print(error, file=sys.stderr)
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="测量检索和回答的质量与速度。")
    commands = parser.add_subparsers(required=True, metavar="命令")
    answers = commands.add_parser("answers", help="用评判过的问题检验回答", description=ANSWERS)
    answers.add_argument("sets", nargs="+", type=Path, metavar="SET.jsonl", help="问题文件，或装有问题文件的文件夹")
    answers.add_argument("--failures", action="store_true", help="列出每个没有全对的问题和差别")
    answers.add_argument("--category", action="append", help="只测这一类（可重复）")
    answers.add_argument("--json", action="store_true", help="输出 JSON")
    answers.set_defaults(command=_answers)
    return parser


def _answers(options: argparse.Namespace) -> int:
    questions = load_judged(options.sets)
    if options.category:
        questions = tuple(question for question in questions if question.category in options.category)
    verdicts = tuple(judge(_engine(), questions))
    measured = tallies(verdicts)
    if options.json:
        print(json.dumps(answers_record(measured, verdicts), ensure_ascii=False, indent=1))
        return DONE
    if options.failures:
        print(failures_text(verdicts), end="\n\n")
    print(answers_table(measured))
    return DONE


def _engine() -> Answering:
    from qa.engine import Engine

    engine: Answering = Engine.open(home_from())
    return engine


if __name__ == "__main__":
    sys.exit(main())
