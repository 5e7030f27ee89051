"""``python -m qa check``: a draft against the knowledge base."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any

from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, print_json, print_text
from ingest.errors import UnreadableFile
from ingest.home import Home, home_from
from ingest.progress import progress_for
from ingest.storage import Store
from ingest.system_errors import reason
from ingest.validity import check_day
from qa.drafts.checking import check_draft
from qa.drafts.reading import draft_from_bytes, read_bytes
from qa.drafts.report import check_json, check_text, phrases
from qa.drafts.sources import Library, read_library
from qa.drafts.word_comments import word_file
from qa.wording import LANGUAGES


def add_check(commands: Any) -> None:
    """Add the command to the subparsers of ``python -m qa``."""
    words = "核对文稿里的引用、文号和引文"
    check = commands.add_parser("check", help=words, description=words)
    check.add_argument("file", metavar="文件", type=Path, help="文稿，ingest 能读的格式都可以")
    check.add_argument("--docx", metavar="文件", type=Path, help="另存一份带批注的 Word 文件")
    check.add_argument("--as-of", metavar="日期", help="按哪一天判断是否有效，如 2024-01-01；不写则为今天")
    check.add_argument("--lang", metavar="语言", choices=LANGUAGES, default="zh", help="说明用的语言：zh 或 en")
    check.add_json_option()
    check.set_defaults(act=run_check)


def run_check(arguments: argparse.Namespace) -> int:
    """Check one draft and print what was found; findings are no failure."""
    day = day_of(arguments.as_of)
    content = read_bytes(arguments.file)
    draft = draft_from_bytes(content, arguments.file.name)
    check = check_draft(draft, open_library(home_from(), day))
    words = phrases(arguments.lang)
    if arguments.docx:
        write_file(arguments.docx, word_file(check, content, words))
    if arguments.json:
        print_json(check_json(check, words))
    else:
        print_text(check_text(check, words))
    return DONE


def open_library(home: Home, day: str) -> Library:
    """The documents of ``home``, a fresh one first filled from ``corpus/``."""
    ensure_corpus(home, progress=progress_for(sys.stderr))
    with Store.open(home) as store:
        return read_library(store, day)


def day_of(text: str | None) -> str:
    """An ISO day, today where none is given.

    Raises:
        InputError: not a day.
    """
    return check_day(text) if text else date.today().isoformat()


def write_file(path: Path, content: bytes) -> None:
    """Write a file that a person asked for.

    Raises:
        UnreadableFile: it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UnreadableFile(f"文件“{path}”写不进去：{reason(error)}。请换一个位置或文件名。") from error
