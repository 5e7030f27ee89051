"""``python -m evaluation``: measured quality and speed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evaluation.answers import Answering, judge, tallies
from evaluation.judged import JudgedQuestion, load_judged
from evaluation.report import answers_record, answers_table, failures_text
from ingest.errors import InputError, KnowledgeBaseError
from ingest.home import PROJECT_DIR, home_from
from ingest.progress import progress_for, track

DONE, REFUSED = 0, 1
SETS = PROJECT_DIR / "evaluation" / "sets" / "plan"
RESULTS = PROJECT_DIR / "evaluation" / "results"
ANSWERS = "用评判过的问题检验回答：该答的是否答了，该拒的是否拒了，条款引得全不全、准不准。使用 KB_HOME 里的知识库。"
BENCH = "测量速度：首次和再次启动、页面出现第一个回答、提问用时、内存。在临时文件夹里用自带的文件测，不动现有的知识库。"


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
    answers.add_argument("--category", action="append", metavar="类别", help="只测这一类（可重复）")
    answers.add_argument("--json", action="store_true", help="输出 JSON")
    answers.set_defaults(command=_answers)
    bench = commands.add_parser("bench", help="测量启动和提问的速度", description=BENCH)
    bench.add_argument("--set", action="append", type=Path, metavar="SET.jsonl", help="提问用的问题（可重复）")
    bench.add_argument("--no-page", action="store_true", help="不测页面")
    bench.add_argument("--save", action="store_true", help="把结果存为 evaluation/results/bench-提交号.json")
    bench.add_argument("--json", action="store_true", help="输出 JSON")
    bench.set_defaults(command=_bench)
    return parser


def _answers(options: argparse.Namespace) -> int:
    questions = _chosen(load_judged(options.sets), options.category)
    verdicts = tuple(judge(_engine(), _counted(questions)))
    measured = tallies(verdicts)
    if options.json:
        _print_json(answers_record(measured, verdicts))
        return DONE
    if options.failures:
        print(failures_text(verdicts), end="\n\n")
    print(answers_table(measured))
    return DONE


def _chosen(questions: Sequence[JudgedQuestion], categories: Sequence[str] | None) -> Sequence[JudgedQuestion]:
    if not categories:
        return questions
    known = dict.fromkeys(question.category for question in questions)
    if unknown := [name for name in categories if name not in known]:
        raise InputError(
            f"问题里没有这些类别：{'、'.join(unknown)}。有的类别是：{'、'.join(known)}。请改正 --category。"
        )
    return [question for question in questions if question.category in categories]


def _counted(questions: Sequence[JudgedQuestion]) -> Iterator[JudgedQuestion]:
    return track(questions, progress_for(), "提问", "题")


def _bench(options: argparse.Namespace) -> int:
    from evaluation.bench import bench_record, measure, save
    from evaluation.bench_report import bench_text

    judged = load_judged(options.set or [SETS])
    bench = measure([question.question for question in judged], with_page=not options.no_page)
    record = bench_record(bench)
    if options.json:
        _print_json(record)
    else:
        print(bench_text(bench))
    if options.save:
        print(f"已存为 {save(record, RESULTS)}", file=sys.stderr)
    return DONE


def _engine() -> Answering:
    from qa.engine import Engine

    engine: Answering = Engine.open(home_from(), progress=progress_for())
    return engine


def _print_json(record: dict[str, Any]) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
