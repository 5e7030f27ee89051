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
from index.records import MODES
from ingest.errors import InputError, KnowledgeBaseError
from ingest.home import PROJECT_DIR, TABLES_DIR, Home, home_from
from ingest.progress import progress_for, track

DONE, REFUSED = 0, 1
SETS = PROJECT_DIR / "evaluation" / "sets" / "plan"
RESULTS = PROJECT_DIR / "evaluation" / "results"
ANSWERS = "用评判过的问题检验回答：该答的是否答了，该拒的是否拒了，条款引得全不全、准不准。使用 KB_HOME 里的知识库。"
RUN = (
    "用 BEIR 格式的文件夹（corpus.jsonl、queries.jsonl、qrels/*.tsv，可为 .gz）测量检索：recall@1/5/10/100、"
    "MRR@10、nDCG@10 和 95% 区间。所有评判过的问题都计入，没有检出的按 0 计。"
)
CALIBRATE = "按评判过的问题重新拟合“有几分把握”的权重，用交叉验证报告每个门槛下答对和拒答的数目。"
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
    _add_run(commands.add_parser("run", help="用 BEIR 格式的文件夹测量检索", description=RUN))
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
    calibrate = commands.add_parser("calibrate", help="用评判过的问题校准回答的把握", description=CALIBRATE)
    calibrate.add_argument(
        "sets", nargs="+", metavar="SET.jsonl[=DIR]", help="问题文件；“=DIR”指明回答它的知识库，缺省为 KB_HOME"
    )
    calibrate.add_argument("--save", action="store_true", help="写入 corpus/tables/calibration.toml")
    calibrate.set_defaults(command=_calibrate)
    return parser


def _add_run(run: argparse.ArgumentParser) -> None:
    run.add_argument("folder", type=Path, metavar="DIR", help="BEIR 格式的文件夹")
    run.add_argument("--corpus", type=Path, metavar="FILE", help="段落文件，缺省为 DIR/corpus.jsonl")
    run.add_argument("--queries", type=Path, metavar="FILE", help="问题文件，缺省为 DIR/queries.jsonl")
    run.add_argument("--qrels", type=Path, metavar="FILE", help="评判文件，缺省为 DIR/qrels 里的 test.tsv 或唯一的文件")
    run.add_argument("--mode", choices=(*MODES, "all"), default="hybrid", help="检索方式，缺省 hybrid；all 逐个都测")
    run.add_argument(
        "--home", type=Path, metavar="DIR", help="把语料和向量留在这个文件夹，下次不必重算；缺省用临时文件夹"
    )
    run.add_argument("--json", action="store_true", help="输出 JSON")
    run.set_defaults(command=_run)


def _run(options: argparse.Namespace) -> int:
    from evaluation.beir import load_beir
    from evaluation.runs import measure_runs, runs_record, runs_text

    folder = load_beir(options.folder, corpus=options.corpus, queries=options.queries, qrels=options.qrels)
    modes = MODES if options.mode == "all" else (options.mode,)
    measured = measure_runs(folder, modes, home=options.home, model_home=home_from(), progress=progress_for())
    if options.json:
        _print_json(runs_record(measured))
    else:
        print(runs_text(measured))
    return DONE


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


def _calibrate(options: argparse.Namespace) -> int:
    from evaluation.calibrate import examples, fit, fit_text, write_calibration
    from qa.engine import Engine
    from qa.evidence import read_calibration

    found = []
    for name in options.sets:
        path, _, home = name.partition("=")
        engine = Engine.open(Home(Path(home).resolve()) if home else home_from(), progress=progress_for())
        found += examples(engine, load_judged([Path(path)]))
    fitted = fit(found)
    print(fit_text(fitted))
    if options.save:
        in_use = read_calibration()
        write_calibration(TABLES_DIR / "calibration.toml", fitted, in_use.threshold, in_use.companion)
    return DONE


def _engine() -> Answering:
    from qa.engine import Engine

    engine: Answering = Engine.open(home_from(), progress=progress_for())
    return engine


def _print_json(record: dict[str, Any]) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
