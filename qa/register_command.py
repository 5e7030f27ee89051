"""``python -m qa requirements``: a complete list out of the register, on the screen, as JSON, or as a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ingest import tables
from ingest.console import DONE, REFUSED, Parser, print_json, print_text
from ingest.errors import InputError
from ingest.home import home_from
from ingest.progress import progress_for
from ingest.records import Modality
from qa.contract import answer_json
from qa.records import Answer
from qa.register_export import FORMATS, save
from qa.report import answer_text
from qa.selection import ASSIGNED, LISTED, STATED_FIELDS, Selection, audience_keys, iso_day
from qa.wording import LANGUAGES, Wording

SANCTIONS = ("penalty", "处罚", "法律责任", "sanction")  # names for what states a sanction, of any modality
ROLES = {"any": "任何", "lead": "牵头或负责", "support": "配合"}


def add_requirements(commands: Any) -> None:
    """Add the command to ``python -m qa``."""
    words = "列出登记的要求：按对象、约束力、单位、频次、期限、文件挑选，可存为 Excel、Word、CSV"
    made: Parser = commands.add_parser("requirements", help=words, description=words)
    made.set_defaults(act=requirements)
    for option, help_words in (
        ("--audience", "对象，例如 school 或 学校；用逗号分开，可以写多次"),
        (
            "--modality",
            "约束力：must、must_not、should、may、encouraged、goal、statement，或 必须、禁止…；处罚 列出写明处罚的",
        ),
    ):
        made.add_argument(option, action="append", default=[], metavar="名称", help=help_words)
    made.add_argument(
        "--unit", default="", metavar="单位", help="承担、牵头或配合的单位，写名称或其中一段，例如 教育局"
    )
    made.add_argument(
        "--role", choices=tuple(ROLES), default="any", help="单位的角色：any 任何，lead 牵头，support 配合"
    )
    made.add_argument("--frequency", default="", metavar="频次", help="频次里的字，例如 每年、每学期、定期")
    made.add_argument("--deadline-before", metavar="日期", help="写明在这一天或之前完成的，例如 2025-12-31")
    made.add_argument("--stated", choices=STATED_FIELDS, action="append", default=[], help="必须写明这一项，可以写多次")
    made.add_argument("--as-of", metavar="日期", help="只列这一天有效的文件，例如 2020-01-01；效力不明的保留并注明")
    made.add_argument("--doc", metavar="编号", action="append", default=[], help="只在这份文件里找，可以写多次")
    for name, label in FORMATS.items():
        made.add_argument(f"--{name}", type=Path, metavar="文件", help=f"存为 {label}")
    made.add_argument("--lang", metavar="语言", choices=LANGUAGES, default="zh", help="说明用的语言：zh 或 en")
    made.add_json_option()


def requirements(options: argparse.Namespace) -> int:
    """List, print or save; 1 where the register has none."""
    from qa.engine import Engine

    selection = selection_from(options)
    answer = Engine.open(home_from(), progress=progress_for(sys.stderr)).listing(
        selection, language=options.lang, as_of=options.as_of and iso_day(options.as_of)
    )
    for name in FORMATS:
        path: Path | None = getattr(options, name)
        if path and answer.answered:
            save(answer, path, name, Wording(options.lang))
            print(f"已存为 {path}", file=sys.stderr)
    _print(answer, options)
    return DONE if answer.answered else REFUSED


def _print(answer: Answer, options: argparse.Namespace) -> None:
    if options.json:
        print_json(answer_json(answer))
    elif not answer.answered or not any(getattr(options, name) for name in FORMATS):
        print_text(answer_text(answer, options.lang))
    else:
        print_text(answer.summary)


def selection_from(options: argparse.Namespace) -> Selection:
    """The selection that the options describe.

    Raises:
        InputError: an unknown audience or modality, or a date that is none.
    """
    named = _split(options.modality)
    sanctions = [name for name in named if name in SANCTIONS]
    modalities = frozenset(_modality(name) for name in named if name not in SANCTIONS)
    return Selection(
        audiences=audience_keys(_split(options.audience)),
        modalities=modalities if sanctions else modalities or _usual(options),
        doc_ids=tuple(options.doc),
        unit=options.unit.strip(),
        role=options.role,
        frequency=options.frequency.strip(),
        due_by=iso_day(options.deadline_before) if options.deadline_before else None,
        stated=tuple(options.stated),
        sanctions=bool(sanctions),
    )


def _usual(options: argparse.Namespace) -> frozenset[Modality]:
    if options.deadline_before:
        return LISTED | {"goal"}
    return ASSIGNED if options.unit.strip() and options.role != "any" else LISTED


def _split(values: list[str]) -> list[str]:
    return [name for value in values for part in value.replace("，", ",").split(",") if (name := part.strip())]


def _modality(name: str) -> Modality:
    wording = Wording("zh")
    for modality in tables.MODALITIES:
        if name in (modality, wording.modality(modality)):
            return modality
    known = "、".join(f"{modality}（{wording.modality(modality)}）" for modality in tables.MODALITIES)
    raise InputError(f"没有“{name}”这种约束力。可以写：{known}、处罚。")
