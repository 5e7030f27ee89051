"""``python -m qa compare``: two versions, or an upper document and the one that carries it out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, print_json, print_text
from ingest.errors import ModelError, PackageError
from ingest.home import Home, home_from
from ingest.progress import progress_for
from qa.comparison.comparing import compare_texts
from qa.comparison.likeness import Embed
from qa.comparison.report import comparison_json, comparison_text, phrases
from qa.comparison.texts import read_side
from qa.comparison.workbook import workbook
from qa.drafts.command import write_file
from qa.wording import LANGUAGES


def add_compare(commands: Any) -> None:
    """Add the command to the subparsers of ``python -m qa``."""
    words = "对照两份文件：两个版本，或上级文件与落实文件"
    compare = commands.add_parser("compare", help=words, description=words)
    named = "知识库里的文件编号、“编号@版次”，或一个文件"
    compare.add_argument("before", metavar="前", help=f"旧版或上级文件：{named}")
    compare.add_argument("after", metavar="后", help=f"新版或落实文件：{named}")
    kinds = "两者的关系：versions 两个版本，levels 上级文件与落实文件；不写则自行判断"
    compare.add_argument("--as", dest="mode", metavar="关系", choices=("versions", "levels"), help=kinds)
    bound = "只看上级文件对这类对象的要求，如 school，可以写多次"
    compare.add_argument("--audience", metavar="对象", action="append", default=[], help=bound)
    compare.add_argument("--xlsx", metavar="文件", type=Path, help="另存一份 Excel 对照表")
    compare.add_argument("--lang", metavar="语言", choices=LANGUAGES, default="zh", help="说明用的语言：zh 或 en")
    compare.add_json_option()
    compare.set_defaults(act=run_compare)


def run_compare(arguments: argparse.Namespace) -> int:
    """Compare two texts and print what differs; differences are no failure."""
    home = home_from()
    ensure_corpus(home, progress=progress_for(sys.stderr))
    before, after = read_side(arguments.before, home), read_side(arguments.after, home)
    chosen = {"mode": arguments.mode, "audience": arguments.audience}
    comparison = compare_texts(before, after, embed=embed_with(home), **chosen)
    if arguments.xlsx:
        write_file(arguments.xlsx, workbook(comparison, arguments.lang))
    if arguments.json:
        print_json(comparison_json(comparison))
    else:
        print_text(comparison_text(comparison, phrases(arguments.lang)))
    return DONE


def embed_with(home: Home) -> Embed | None:
    """Vectors by the model of ``home`` and its cache; ``None`` where the model cannot be had, which is then said."""
    from index.embedding_cache import EmbeddingCache
    from index.encoder import open_encoder

    try:
        encoder = open_encoder(home, progress=progress_for(sys.stderr))
    except (ModelError, PackageError):
        return None
    cache = EmbeddingCache(home.embeddings)
    return lambda texts: cache.passages(encoder, texts)
