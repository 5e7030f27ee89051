"""``python -m evaluation``: measured quality and speed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation import commands
from evaluation.ranking import RUN_MODES
from ingest import console
from ingest.console import Parser

RUN = (
    "用 BEIR 格式的文件夹（corpus.jsonl、queries.jsonl、qrels/*.tsv，可为 .gz）测量检索：recall@1/5/10/100、"
    "MRR@10、nDCG@10 和 95%% 区间。所有评判过的问题都计入，没有检出的按 0 计。"
)
ANSWERS = "用评判过的问题检验回答：该答的是否答了，该拒的是否拒了，条款引得全不全、准不准。使用 KB_HOME 里的知识库。"
BENCH = (
    "测量速度：首次和再次启动、页面出现第一个回答、提问用时、编码速度、内存；"
    "--sizes 另测各种规模，--rivals 另与别的工具比较。"
    "在临时文件夹里测，不动现有的知识库。"
)
PARSE = (
    "读一个文件夹里的真实文件，检验标题、文号、条款编号、条文、网站导航文字是否读对，每个字是否恰在一处，并测速度和内存。"
    "文件夹里各有子文件夹时，逐个报告。"
)
REFUSAL = (
    "测量拒答：有答案的问题有多少被误拒，没有答案的问题有多少被拒，门槛从 0 到 1 各是多少。没有答案的问题有："
    "别的领域的（拿一个文件夹的问题去问别的知识库）、所问的法律已从库里拿掉的、日常问题、评判为文件没有写的。"
)
REGISTER = (
    "用逐句标注过的句子检验要求清单读得对不对：约束力、对象、频次、数量、期限、牵头和配合单位、除外、条件。"
    "句子所在的文件取自 corpus/documents 和环境变量 KB_REALDATA 指明的文件夹。"
)
HOSTILE = (
    "临时造出过大、过深、过密的文件（300 MB 的各类文件、压缩炸弹、一万页的 PDF、百万个空段等），每份用一个进程读，"
    "报告用时、内存峰值和结果。约需 2 GB 内存和 10 分钟。"
)
FUZZ = (
    "把改坏的文件不断交给各格式的读取程序，只许得到条款或清楚的拒绝，不许出现意外错误。需要 requirements-fuzz.txt。"
    "设了环境变量 KB_REALDATA 时，也从其中 documents 里的小文件出发。"
)
LOOKUP = (
    "把每一条都按文件名和条号问一遍（中文数字、阿拉伯数字、全角数字、不写“第”四种写法），数第一个就是它的有多少。"
    "BEIR 文件夹里的条号取自段落编号的末尾（“|291-1”是第二百九十一条之一）。"
)
SETS = "问题文件；“=DIR”指明回答它的知识库，缺省为 KB_HOME"
TIES = (
    "数一数法律库的现行法律里每个词出现在哪些法律的条文中，写入 corpus/tables/law_ties.tsv。"
    "拒答时用它看出所问的法不在知识库里。"
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
    _add_refusal_options(command("refusal", commands.refusal, "测量该拒的拒了多少、该答的误拒多少", REFUSAL))
    register = command("register", commands.register, "用标注过的句子检验要求清单", REGISTER)
    register.add_argument("set", metavar="build|report|FILE", help="调规则用的一半、只报告的一半，或一个文件")
    register.add_argument("--failures", action="store_true", help="列出每个没有全对的句子和差别")
    parse.add_argument("--each", action="store_true", help="每份文件各用一个进程读，报告各自的用时和内存峰值")
    hostile = command("hostile", commands.hostile, "用有害的文件试内存、用时和拒读的说明", HOSTILE)
    hostile.add_argument("names", nargs="*", metavar="NAME", help="只试这几种；缺省全部")
    fuzz = command("fuzz", commands.fuzz, "用改坏的文件试各格式的读取程序", FUZZ)
    fuzz.add_argument("--minutes", type=float, default=10.0, metavar="N", help="跑几分钟，缺省 10")
    fuzz.add_argument("--keep", type=Path, metavar="DIR", help="把试过的文件和出错的文件留在这个文件夹")
    lookup = command("lookup", commands.lookup, "检验按文件名和条号能否找到每一条", LOOKUP)
    lookup.add_argument("folder", type=Path, metavar="DIR", help="BEIR 格式的文件夹，或知识库的文件夹（KB_HOME）")
    calibrate = command("calibrate", commands.calibrate, "用评判过的问题校准回答的把握", CALIBRATE)
    calibrate.add_argument("sets", nargs="+", metavar="SET.jsonl[=DIR]", help=SETS)
    calibrate.add_argument("--save", action="store_true", help="写入 corpus/tables/calibration.toml")
    calibrate.add_argument("--cases", action="store_true", help="校准案情的条款，写入 case_calibration.toml")
    command("ties", commands.ties, "重新统计哪些词属于哪部法律", TIES)
    return top


def _add_refusal_options(refusal: Parser) -> None:
    refusal.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="BEIR 格式的文件夹，每个另建一个知识库")
    refusal.add_argument("--sample", type=int, default=200, metavar="N", help="每个文件夹取多少题，缺省 200，每次相同")
    refusal.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SET.jsonl[=DIR]",
        help="评判过的问题，可以重复；“=DIR”指明回答它的知识库，缺省为 KB_HOME；不写为 plan 的 dev 和 dev2",
    )
    refusal.add_argument("--homes", type=Path, metavar="DIR", help="把各个知识库留在这个文件夹，下次不必重算")
    refusal.add_argument("--picture", type=Path, metavar="FILE.svg", help="把取舍曲线画成图")
    refusal.add_argument(
        "--fit", action="store_true", help="重新拟合，写入 corpus/tables/answerable.toml；报告的是逐个留出知识库测的"
    )
    refusal.add_argument(
        "--allowed", type=float, default=0.08, metavar="SHARE", help="拟合门槛时，有答案的最多误拒多少，缺省 0.08"
    )
    refusal.add_argument("--save", action="store_true", help="把结果存为 evaluation/results/refusal-提交号.json")


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
    bench.add_argument("--no-start", action="store_true", help="不测启动、页面和提问")
    bench.add_argument("--no-encode", action="store_true", help="不测编码速度")
    bench.add_argument("--sizes", metavar="5k,25k,58k,1m", help="另测这些条款数的知识库：建立、打开、提问、内存")
    bench.add_argument("--texts", type=Path, metavar="DIR", help="取真实段落和问题的 BEIR 文件夹；缺省用合成的文字")
    bench.add_argument(
        "--made-vectors", action="store_true", help="各种规模都用合成的段落向量；缺省只有十万条以上的才用"
    )
    bench.add_argument(
        "--rivals",
        action="store_true",
        help="另用 --texts 与 LangChain、LlamaIndex、txtai、bm25s、china-law-mcp 比较（先装 requirements-bench.txt）",
    )
    bench.add_argument("--save", action="store_true", help="把结果存为 evaluation/results/bench-提交号.json")


def _add_run_options(run: Parser) -> None:
    run.add_argument("folder", type=Path, metavar="DIR", help="BEIR 格式的文件夹")
    run.add_argument("--corpus", type=Path, metavar="FILE", help="段落文件，缺省为 DIR/corpus.jsonl")
    run.add_argument("--queries", type=Path, metavar="FILE", help="问题文件，缺省为 DIR/queries.jsonl")
    run.add_argument("--qrels", type=Path, metavar="FILE", help="评判文件，缺省为 DIR/qrels 里的 test.tsv 或唯一的文件")
    run.add_argument(
        "--mode",
        action="append",
        choices=(*RUN_MODES, "all"),
        help="检索方式，缺省 hybrid；full 还按条款号查找、按证据重排；all 逐个都测；可以重复，后面的与第一个作比较",
    )
    run.add_argument("--category-field", metavar="字段", help="问题里写明类别的字段，缺省为 metadata 里的 category")
    run.add_argument("--compare", type=Path, metavar="RUN", help="与这个 TREC 格式的结果文件作成对检验")
    run.add_argument("--trec", type=Path, metavar="RUN", help="把排序结果写成 TREC 格式的文件")
    run.add_argument(
        "--translated", type=Path, metavar="FILE", help="这些问题的译文（_id、text）；另测原题和译题的 recall@5 及其比"
    )
    run.add_argument(
        "--home", type=Path, metavar="DIR", help="把语料和向量留在这个文件夹，下次不必重算；缺省用临时文件夹"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    options = parser().parse_args(arguments)
    return console.run(lambda: int(options.act(options)), as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
