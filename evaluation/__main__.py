"""``python -m evaluation``: measured quality and speed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation import commands
from index.records import MODES
from ingest import console
from ingest.console import Parser

RUN = (
    "用 BEIR 格式的文件夹（corpus.jsonl、queries.jsonl、qrels/*.tsv，可为 .gz）测量检索：recall@1/5/10/100、"
    "MRR@10、nDCG@10 和 95%% 区间。所有评判过的问题都计入，没有检出的按 0 计。"
)
ANSWERS = "用评判过的问题检验回答：该答的是否答了，该拒的是否拒了，条款引得全不全、准不准。使用 KB_HOME 里的知识库。"
BENCH = "测量速度：首次和再次启动、页面出现第一个回答、提问用时、内存。在临时文件夹里用自带的文件测，不动现有的知识库。"
PARSE = (
    "读一个文件夹里的真实文件，检验标题、文号、条款编号、条文、网站导航文字是否读对，每个字是否恰在一处，并测速度和内存。"
    "文件夹里各有子文件夹时，逐个报告。"
)
CALIBRATE = "按评判过的问题重新拟合“有几分把握”的权重，用交叉验证报告每个门槛下答对和拒答的数目。"


def parser() -> Parser:
    """The command line."""
    top = Parser(prog="python -m evaluation", description="测量检索和回答的质量与速度。")
    command = top.commands()
    _add_run_options(command("run", commands.run, "用 BEIR 格式的文件夹测量检索", RUN))
    answers = command("answers", commands.answers, "用评判过的问题检验回答", ANSWERS)
    answers.add_argument("sets", nargs="+", type=Path, metavar="SET.jsonl", help="问题文件，或装有问题文件的文件夹")
    answers.add_argument("--failures", action="store_true", help="列出每个没有全对的问题和差别")
    answers.add_argument("--category", action="append", default=[], metavar="类别", help="只测这一类，可以重复")
    answers.add_argument(
        "--everywhere", action="store_true", help="在全部文件里提问，不限于题目所依据的（documents.txt 所列）"
    )
    _add_bench_options(command("bench", commands.bench, "测量启动和提问的速度", BENCH))
    parse = command("parse", commands.parse, "检验文件读得对不对", PARSE)
    parse.add_argument(
        "folder",
        nargs="?",
        type=Path,
        metavar="DIR",
        help="放着文件的文件夹；缺省为环境变量 KB_REALDATA 指明的文件夹里的 documents",
    )
    calibrate = command("calibrate", commands.calibrate, "用评判过的问题校准回答的把握", CALIBRATE)
    calibrate.add_argument(
        "sets", nargs="+", metavar="SET.jsonl[=DIR]", help="问题文件；“=DIR”指明回答它的知识库，缺省为 KB_HOME"
    )
    calibrate.add_argument("--cases", action="store_true", help="校准案情的条款，写入 case_calibration.toml")
    calibrate.add_argument("--save", action="store_true", help="写入 corpus/tables/calibration.toml")
    return top


def _add_bench_options(bench: Parser) -> None:
    bench.add_argument(
        "--set",
        action="append",
        default=[],
        type=Path,
        metavar="SET.jsonl",
        help="提问用的问题，可以重复；缺省为 evaluation/sets/plan",
    )
    bench.add_argument("--no-page", action="store_true", help="不测页面")
    bench.add_argument("--save", action="store_true", help="把结果存为 evaluation/results/bench-提交号.json")


def _add_run_options(run: Parser) -> None:
    run.add_argument("folder", type=Path, metavar="DIR", help="BEIR 格式的文件夹")
    run.add_argument("--corpus", type=Path, metavar="FILE", help="段落文件，缺省为 DIR/corpus.jsonl")
    run.add_argument("--queries", type=Path, metavar="FILE", help="问题文件，缺省为 DIR/queries.jsonl")
    run.add_argument("--qrels", type=Path, metavar="FILE", help="评判文件，缺省为 DIR/qrels 里的 test.tsv 或唯一的文件")
    run.add_argument("--mode", choices=(*MODES, "all"), default="hybrid", help="检索方式，缺省 hybrid；all 逐个都测")
    run.add_argument(
        "--home", type=Path, metavar="DIR", help="把语料和向量留在这个文件夹，下次不必重算；缺省用临时文件夹"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    options = parser().parse_args(arguments)
    return console.run(lambda: int(options.act(options)), as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
