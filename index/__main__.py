"""``python -m index``: build, search, stats, verify and model."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from index import commands
from index.records import MODES
from ingest.console import Parser, run
from ingest.home import home_from
from ingest.tables import MODALITIES


def parser() -> Parser:
    """The command line."""
    top = Parser(prog="python -m index", description="生成检索索引，检索条款，查看模型。知识库的位置由 KB_HOME 指定。")
    command = top.commands()
    build = command("build", commands.build, "让检索索引与知识库一致；已算过的向量不再计算")
    build.add_argument("--again", action="store_true", help="即使已是最新也重新生成")
    build.add_argument(
        "--sentences",
        action="store_true",
        help="另预先算好每句话的向量，大的知识库里第一次问不必等；用时与建索引相当",
    )
    _add_search_options(command("search", commands.search, "检索条款"))
    command("stats", commands.stats, "显示索引的规模、模型和分词")
    command("verify", commands.verify, "校验模型和索引的文件，并与知识库核对")
    model = command("model", commands.model, "显示向量模型；不在本机时先获取")
    model.add_argument("--again", action="store_true", help="重新获取并生成默认模型")
    model.add_argument("--wheel", metavar="文件", type=Path, help="用已下载的安装包（.whl）生成默认模型，不联网")
    return top


def _add_search_options(search: Parser) -> None:
    search.add_argument("query", metavar="问题", help="中文或英文")
    search.add_argument("--top-k", metavar="条数", type=_positive, default=5, help="最多返回几条，默认 5")
    search.add_argument("--doc", metavar="编号", action="append", default=[], help="只查这份文件，可以重复")
    search.add_argument(
        "--audience", metavar="对象", action="append", default=[], help="只查约束这类对象的条款，可以重复"
    )
    search.add_argument(
        "--modality",
        metavar="强度",
        action="append",
        default=[],
        choices=MODALITIES,
        help="只查这种强度的条款，可以重复",
    )
    search.add_argument("--mode", metavar="方式", choices=MODES, default="hybrid", help="hybrid、lexical 或 dense")


def _positive(text: str) -> int:
    """A whole number from 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} 小于 1")
    return number


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    arguments = parser().parse_args(argv)
    home = home_from()
    return run(
        lambda: int(arguments.act(arguments, home)), as_json=arguments.json, interrupted="已中断，原有的索引没有改动。"
    )


if __name__ == "__main__":
    sys.exit(main())
