"""What each ``python -m evaluation`` command does with its options; gives the exit status."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from evaluation.answers import Answering, judge, tallies
from evaluation.isolated import Isolated
from evaluation.judged import JudgedQuestion, load_judged
from evaluation.ranking import RUN_MODES, RunMode
from evaluation.report import answers_record, answers_table, failures_text
from evaluation.results import save
from ingest.console import DONE, REFUSED, print_json, print_text
from ingest.errors import InputError
from ingest.home import PROJECT_DIR, TABLES_DIR, Home, home_from
from ingest.progress import progress_for, track

if TYPE_CHECKING:
    from evaluation.beir import BeirFolder
    from evaluation.refusal import Group, Refusal

SETS = PROJECT_DIR / "evaluation" / "sets" / "plan"
DEV_SETS = (SETS / "dev.jsonl", SETS / "dev2.jsonl")  # what may be looked at: never the test half
EVERYDAY = PROJECT_DIR / "evaluation" / "sets" / "everyday" / "dev.jsonl"
RESULTS = PROJECT_DIR / "evaluation" / "results"


def run(options: argparse.Namespace) -> int:
    """Rank the queries of a BEIR folder and measure."""
    from evaluation.beir import load_beir
    from evaluation.runs import SavedRun, measure_runs
    from evaluation.runs_report import runs_record, runs_text
    from evaluation.translated import read_translations
    from evaluation.trec import check_writable, read_trec, write_trec

    modes = _run_modes(options)
    folder = load_beir(
        options.folder,
        corpus=options.corpus,
        queries=options.queries,
        qrels=options.qrels,
        category_field=options.category_field,
    )
    if options.trec:
        check_writable(options.trec, folder)
    compared = options.compare and SavedRun(options.compare.name, read_trec(options.compare, folder))
    translations = options.translated and read_translations(options.translated, folder)
    measured, ranked = measure_runs(
        folder,
        modes,
        home=options.home,
        model_home=home_from(),
        progress=progress_for(),
        saved=compared,
        translations=translations,
    )
    if options.trec:
        write_trec(options.trec, ranked[0].run, f"{modes[0]}-{measured.machine.commit}")
    if options.json:
        print_json(runs_record(measured))
    else:
        print_text(runs_text(measured))
    return DONE


def _run_modes(options: argparse.Namespace) -> tuple[RunMode, ...]:
    """The modes that were asked for, each once, in their order."""
    named = options.mode or ["hybrid"]
    modes = RUN_MODES if "all" in named else tuple(dict.fromkeys(named))
    if options.trec and len(modes) > 1:
        raise InputError(f"--trec 只写一种方式的结果，现在有 {len(modes)} 种。请用 --mode 只指明一种。")
    return modes


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
    """Measure start-up, page, questions and memory; at sizes and beside others where that is asked for."""
    from evaluation.bench_parts import measure_parts, parts_record, parts_text
    from evaluation.scale_texts import read_sizes

    if options.rivals and not options.texts:
        raise InputError("--rivals 要有评判过的问题才能比较。请用 --texts 指明一个 BEIR 格式的文件夹。")
    measured = measure_parts(
        [] if options.no_start else [each.question for each in load_judged(options.set or [SETS])],
        sizes=read_sizes(options.sizes) if options.sizes else (),
        texts=options.texts,
        rivals=options.rivals,
        made_vectors=options.made_vectors,
        with_page=not options.no_page,
        with_rates=not options.no_encode,
        model_home=home_from(),
        progress=progress_for(),
    )
    record = parts_record(measured)
    if options.json:
        print_json(record)
    else:
        print_text(parts_text(measured))
    if options.save:
        print(f"已存为 {save(record, RESULTS, 'bench')}", file=sys.stderr)
    return DONE


def refusal(options: argparse.Namespace) -> int:
    """Measure what is refused, of questions with an answer and of questions without."""
    from evaluation.beir import load_beir
    from evaluation.refusal_report import refusal_picture, refusal_record, refusal_text

    if options.picture and not options.picture.parent.is_dir():
        raise InputError(f"没有文件夹 {options.picture.parent}，写不了图。请先建立文件夹，或改正 --picture。")
    if options.sample < 1:
        raise InputError(f"--sample 是 {options.sample}。应为：至少 1 题。")
    names = [folder.resolve().name for folder in options.folders]
    if len(set(names)) < len(names):
        raise InputError(f"文件夹重名：{'、'.join(names)}。结果按文件夹的名字区分，请改名后重试。")
    folders = {name: load_beir(folder) for name, folder in zip(names, options.folders, strict=True)}
    measured = _measure_refusal(options, folders)
    record = refusal_record(measured)
    if options.json:
        print_json(record)
    else:
        print_text(refusal_text(measured))
    if options.picture:
        options.picture.write_text(refusal_picture(measured), encoding="utf-8")
    if options.save:
        print(f"已存为 {save(record, RESULTS, 'refusal')}", file=sys.stderr)
    return DONE


def _measure_refusal(options: argparse.Namespace, folders: dict[str, BeirFolder]) -> Refusal:
    from evaluation.refusal import weigh_groups
    from evaluation.refusal_asking import FarQuestion, far_questions, measure_folders, measure_judged
    from evaluation.refusal_fit import fit_answerability, write_answerability
    from index.encoder import open_encoder
    from qa.answerable import TABLE
    from qa.engine import Engine

    progress = progress_for()
    everyday = load_judged([EVERYDAY])
    others: list[FarQuestion] = []
    for folder in folders.values():
        others += far_questions(folder, options.sample)
    groups: list[Group] = []
    for (name, home), paths in _sets_by_base(options.set or DEV_SETS).items():
        engine = Engine.open(Home(Path(home).resolve()) if home else home_from(), progress=progress)
        groups += measure_judged(engine, f"sets/{name}", load_judged(paths), everyday, others, progress)
    encoder = open_encoder(home_from(), progress=progress)
    with tempfile.TemporaryDirectory(prefix="kb-refusal-", ignore_cleanup_errors=True) as scratch:
        homes = options.homes or Path(scratch)
        groups += measure_folders(
            folders, everyday, sample=options.sample, homes=homes, encoder=encoder, progress=progress
        )
    if not options.fit:
        return weigh_groups(groups, encoder.fingerprint)
    fitted = fit_answerability(groups, allowed=options.allowed)
    write_answerability(TABLES_DIR / TABLE, fitted)
    return weigh_groups(fitted.held_out, encoder.fingerprint, fitted.threshold)


def _sets_by_base(sets: Sequence[Path | str]) -> dict[tuple[str, str], list[Path]]:
    """Files of judged questions by the folder that they lie in and the knowledge base that is to answer them."""
    found: dict[tuple[str, str], list[Path]] = {}
    for each in sets:
        path, _, home = str(each).partition("=")
        found.setdefault((Path(path).resolve().parent.name, home), []).append(Path(path))
    return found


def parse(options: argparse.Namespace) -> int:
    """Read a folder of real documents and check what they became."""
    from evaluation.isolated import measure_each
    from evaluation.parse import measure_folders
    from evaluation.parse_report import parse_record, parse_text

    real = os.environ.get("KB_REALDATA")
    named = options.folder or (real and Path(real) / "documents")
    if not named:
        raise InputError("没有指明文件夹。请写 python -m evaluation parse 文件夹，或用环境变量 KB_REALDATA 指明。")
    if options.each:
        return _isolated(measure_each(Path(named), progress_for()), options)
    measured = measure_folders(Path(named), progress_for())
    if options.json:
        print_json(parse_record(measured))
    else:
        print_text(parse_text(measured))
    return DONE


def register(options: argparse.Namespace) -> int:
    """Read labelled sentences and compare."""
    from evaluation.register import compare, folders_at_hand, load_labelled, score, set_path
    from evaluation.register_report import register_record, register_text, wrong_text

    labelled = load_labelled(set_path(options.set))
    compared = compare(labelled, folders_at_hand(), progress_for())
    measured = score(compared, absent=len(labelled) - len(compared))
    if options.json:
        print_json(register_record(measured, compared))
        return DONE
    if options.failures:
        print_text(wrong_text(compared) + "\n")
    print_text(register_text(measured, compared))
    return DONE


def hostile(options: argparse.Namespace) -> int:
    """Read files that are made to do harm; an error that is no refusal is a failure."""
    from evaluation.hostile import hostile_files, measure_hostile

    if unknown := [name for name in options.names if name not in hostile_files()]:
        raise InputError(f"没有这种文件：{'、'.join(unknown)}。有的是：{'、'.join(hostile_files())}。")
    return _isolated(measure_hostile(options.names, progress_for()), options)


def _isolated(measured: Iterable[Isolated], options: argparse.Namespace) -> int:
    from evaluation.isolated import isolated_record, isolated_text

    found = tuple(measured)
    if options.json:
        print_json(isolated_record(found))
    else:
        print_text(isolated_text(found))
    return REFUSED if any(one.broken for one in found) else DONE


def fuzz(options: argparse.Namespace) -> int:
    """Give changed files to the readers; an unexpected error is a failure."""
    from evaluation.fuzz import fuzz as run_fuzzer
    from evaluation.fuzz import fuzz_record, fuzz_text

    real = os.environ.get("KB_REALDATA")
    fuzzed = run_fuzzer(options.minutes, real=Path(real) / "documents" if real else None, keep=options.keep)
    if options.json:
        print_json(fuzz_record(fuzzed))
    else:
        print_text(fuzz_text(fuzzed))
    return REFUSED if fuzzed.findings or fuzzed.ended else DONE


def lookup(options: argparse.Namespace) -> int:
    """Ask for every article of a collection by law and number."""
    from evaluation.lookup import lookup_record, lookup_text, measure_lookup, read_collection

    measured = measure_lookup(read_collection(options.folder), progress_for())
    if options.json:
        print_json(lookup_record(measured))
    else:
        print_text(lookup_text(measured))
    return DONE


def ties(options: argparse.Namespace) -> int:
    """Count anew which words belong to which law."""
    from evaluation.law_ties import count_ties, write_ties
    from index.lookup_reading import bare_title
    from index.segmentation import Segmenter, general_idf
    from ingest.statutes import IN_FORCE, fetch, open_library
    from qa.law_ties import TABLE

    progress = progress_for()
    with open_library(fetch(home_from(), progress)) as library:
        laws = [statute for statute in library.statutes if statute.status == IN_FORCE]
        articles = (
            (bare_title(law.name), article.text)
            for law in track(laws, progress, "数词语", "部")
            for article in library.articles(law)
        )
        counted = count_ties(articles, Segmenter().tokens, general_idf)
    write_ties(TABLES_DIR / TABLE, counted)
    print_text(f"{len(laws)} 部法律，{len(counted)} 个词，已写入 corpus/tables/{TABLE}。")
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
