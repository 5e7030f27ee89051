"""What each ``python -m evaluation`` command does with its options; gives the exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from evaluation.answers import Answering, judge, tallies
from evaluation.judged import JudgedQuestion, load_judged
from evaluation.report import answers_record, answers_table, failures_text
from index.records import MODES
from ingest.console import DONE, print_json, print_text
from ingest.errors import InputError
from ingest.home import PROJECT_DIR, TABLES_DIR, Home, home_from
from ingest.progress import progress_for, track

SETS = PROJECT_DIR / "evaluation" / "sets" / "plan"
RESULTS = PROJECT_DIR / "evaluation" / "results"


def run(options: argparse.Namespace) -> int:
    """Rank the queries of a BEIR folder and measure."""
    from evaluation.beir import load_beir
    from evaluation.runs import measure_runs, runs_record, runs_text

    folder = load_beir(options.folder, corpus=options.corpus, queries=options.queries, qrels=options.qrels)
    modes = MODES if options.mode == "all" else (options.mode,)
    measured = measure_runs(folder, modes, home=options.home, model_home=home_from(), progress=progress_for())
    if options.json:
        print_json(runs_record(measured))
    else:
        print_text(runs_text(measured))
    return DONE


def answers(options: argparse.Namespace) -> int:
    """Ask judged questions and compare."""
    questions = _chosen(load_judged(options.sets), options.category)
    if options.everywhere:
        questions = [replace(question, documents=()) for question in questions]
    verdicts = tuple(judge(open_engine(home_from()), track(questions, progress_for(), "提问", "题")))
    measured = tallies(verdicts)
    if options.json:
        print_json(answers_record(measured, verdicts))
        return DONE
    if options.failures:
        print_text(failures_text(verdicts) + "\n")
    print_text(answers_table(measured))
    return DONE


def bench(options: argparse.Namespace) -> int:
    """Measure start-up, page, questions and memory."""
    from evaluation.bench import bench_record, measure, save
    from evaluation.bench_report import bench_text

    judged = load_judged(options.set or [SETS])
    measured = measure([question.question for question in judged], with_page=not options.no_page)
    record = bench_record(measured)
    if options.json:
        print_json(record)
    else:
        print_text(bench_text(measured))
    if options.save:
        print(f"已存为 {save(record, RESULTS)}", file=sys.stderr)
    return DONE


def parse(options: argparse.Namespace) -> int:
    """Read a folder of real documents and check what they became."""
    from evaluation.parse import measure_folders
    from evaluation.parse_report import parse_record, parse_text

    real = os.environ.get("KB_REALDATA")
    named = options.folder or (real and Path(real) / "documents")
    if not named:
        raise InputError("没有指明文件夹。请写 python -m evaluation parse 文件夹，或用环境变量 KB_REALDATA 指明。")
    measured = measure_folders(Path(named), progress_for())
    if options.json:
        print_json(parse_record(measured))
    else:
        print_text(parse_text(measured))
    return DONE


def calibrate(options: argparse.Namespace) -> int:
    """Fit the answering confidence anew and show, or save, the outcome."""
    from evaluation.calibrate import case_examples, examples, fit, fit_text, write_calibration, write_case_calibration
    from qa import applying, evidence
    from qa.engine import Engine

    found = []
    for name in options.sets:
        path, _, home = name.partition("=")
        engine = Engine.open(Home(Path(home).resolve()) if home else home_from(), progress=progress_for())
        found += (case_examples if options.cases else examples)(engine, load_judged([Path(path)]))
    fitted = fit(found)
    if options.json:
        print_json(asdict(fitted))
    else:
        print_text(fit_text(fitted, applying.FEATURES if options.cases else evidence.FEATURES))
    if options.save and options.cases:
        write_case_calibration(TABLES_DIR / applying.TABLE, fitted, applying.read_case_calibration())
    elif options.save:
        in_use = evidence.read_calibration()
        write_calibration(TABLES_DIR / "calibration.toml", fitted, in_use.threshold, in_use.companion)
    return DONE


def open_engine(home: Home) -> Answering:
    """The answering engine of ``home``, first built where it is fresh."""
    from qa.engine import Engine

    return Engine.open(home, progress=progress_for())


def _chosen(questions: Sequence[JudgedQuestion], categories: Sequence[str]) -> Sequence[JudgedQuestion]:
    if not categories:
        return questions
    known = dict.fromkeys(question.category for question in questions)
    if unknown := [name for name in categories if name not in known]:
        raise InputError(
            f"问题里没有这些类别：{'、'.join(unknown)}。有的类别是：{'、'.join(known)}。请改正 --category。"
        )
    return [question for question in questions if question.category in categories]
