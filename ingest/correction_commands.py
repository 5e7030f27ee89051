"""What ``python -m ingest correct`` does: a correction made, undone, listed, exported or imported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest import contract, correction_report
from ingest.anchors import Squeezed
from ingest.bootstrap import ensure_corpus
from ingest.console import DONE, Parser, print_json, print_text
from ingest.correcting import requirement_place
from ingest.correction_desk import Trial, save_corrections, standings, try_correction, undo_correction
from ingest.correction_json import correction_json, export_text, read_export
from ingest.corrections import FIELD_NAMES, Change, Ends, Fields, Heading, NotHeading, family_code, family_names
from ingest.errors import InputError, UnreadableFile
from ingest.home import Home
from ingest.progress import progress_for
from ingest.records import ParsedDocument
from ingest.storage import Store
from ingest.system_errors import reason

_CONTEXT = 8  # characters around each place that a message names
_NAMED = 5  # places that it names


def add_options(parser: Parser) -> None:
    """The options of ``correct``."""
    parser.add_argument("doc_id", metavar="编号", help="list 列出的文件编号")
    act = parser.add_mutually_exclusive_group(required=True)
    act.add_argument("--list", action="store_true", help="列出生效中的更正和各项是否用上")
    act.add_argument("--not-heading", metavar="文字", help="从这几个字开始的不是标题或序号")
    act.add_argument("--heading", metavar="文字", help="从这几个字开始是标题，须同时写 --family")
    act.add_argument("--ends", metavar="标题", help="标题到哪里为止：写出整个标题，连同序号")
    act.add_argument("--requirement", metavar="要求编号", help="改一项要求，须同时写 --set")
    act.add_argument("--undo", metavar="N", type=int, help="撤销第 N 项更正")
    act.add_argument("--export", metavar="文件", type=Path, help="把生效中的更正写成文件")
    act.add_argument("--import", metavar="文件", type=Path, dest="imported", help="导入 --export 写出的更正")
    names = "、".join(dict.fromkeys(family_names().values()))
    parser.add_argument("--family", metavar="序号样式", help=f"标题的序号是哪一种：{names}")
    parser.add_argument("--number", metavar="数", default="", help="标题的序号；原文写着的可以不写")
    parser.add_argument("--under", metavar="序号样式", help="放在哪一种标题下面；写“无”表示最外一级；不写则按编号推断")
    parser.add_argument("--at", metavar="K", type=int, help="这几个字在文中有几处时，指第几处")
    fields = "、".join(f"{name}（{words}）" for name, words in FIELD_NAMES.items())
    parser.add_argument("--set", metavar="项=值", nargs="+", default=[], help=f"要求的哪一项改成什么，项有 {fields}")
    parser.add_argument("--dry-run", action="store_true", help="只看改后的样子，不保存")


def correct(arguments: argparse.Namespace, home: Home) -> int:
    """Do what the options say with the corrections of one document."""
    ensure_corpus(home, progress=progress_for())
    if arguments.list:
        return _list(arguments, home)
    if arguments.export is not None:
        return _export(arguments, home)
    if arguments.undo is not None:
        return _undo(arguments, home)
    if arguments.imported is not None:
        return _import(arguments, home)
    return _make(arguments, home)


def _make(arguments: argparse.Namespace, home: Home) -> int:
    with Store.open(home, write=not arguments.dry_run) as store:
        parsed = store.parsed(arguments.doc_id)
        offset, change = _asked(arguments, parsed)
        trial = try_correction(store, arguments.doc_id, offset, change)
        if not arguments.dry_run:
            save_corrections(store, arguments.doc_id, [trial.correction])
        number = 0 if arguments.dry_run else store.corrections(arguments.doc_id)[-1].number
    if arguments.json:
        print_json(_trial_json(trial, number))
    else:
        print_text(correction_report.trial_text(trial, number))
    return DONE


def _asked(arguments: argparse.Namespace, parsed: ParsedDocument) -> tuple[int, Change]:
    """The place and the change that the options name."""
    if arguments.requirement is not None:
        requirement, offset = requirement_place(parsed, arguments.requirement)
        return offset, Fields(requirement.sentence, _fields(arguments.set))
    if arguments.heading is not None:
        if arguments.family is None:
            raise InputError(f"--heading 要同时写 --family。可用的有：{'；'.join(family_names().values())}。")
        change = Heading(family_code(arguments.family), arguments.number, _under(arguments.under))
        return place_of(parsed, arguments.heading, arguments.at), change
    if arguments.ends is not None:
        return place_of(parsed, arguments.ends, arguments.at), Ends(arguments.ends)
    return place_of(parsed, arguments.not_heading, arguments.at), NotHeading()


def _under(name: str | None) -> str | None:
    return None if name is None else "" if name.strip() == "无" else family_code(name)


def _fields(pairs: Sequence[str]) -> tuple[tuple[str, str], ...]:
    codes = {words: name for name, words in FIELD_NAMES.items()}
    values = []
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise InputError(f"--set 后面要写“项=值”，这里是“{pair}”。")
        values.append((codes.get(name.strip(), name.strip()), value.strip()))
    if not values:
        raise InputError("--requirement 要同时写 --set，例如 --set 频次=每年。")
    return tuple(values)


def place_of(parsed: ParsedDocument, words: str, which: int | None = None) -> int:
    """The offset in the source where ``words`` stand, white space aside; of several the ``which``-th, from 1.

    Raises:
        InputError: nowhere, or at several places and ``which`` does not name one.
    """
    squeezed = Squeezed(parsed.source)
    places = squeezed.places("".join(words.split()))
    if not places:
        raise InputError(f"《{parsed.document.title}》里找不到“{words}”。请照原文写，可以只写开头几个字。")
    if which is None and len(places) > 1:
        shown = "；".join(
            f"{number}. …{squeezed.text[max(0, at - _CONTEXT) : at + len(words) + _CONTEXT]}…"
            for number, at in enumerate(places[:_NAMED], 1)
        )
        raise InputError(f"文中有 {len(places)} 处“{words}”（{shown}）。请多写几个字，或用 --at 指明第几处。")
    if which is not None and not 1 <= which <= len(places):
        raise InputError(f"文中有 {len(places)} 处“{words}”，没有第 {which} 处。")
    return squeezed.offsets[places[(which or 1) - 1]]


def _list(arguments: argparse.Namespace, home: Home) -> int:
    with Store.open(home) as store, store.snapshot():
        document, found = store.document(arguments.doc_id), standings(store, arguments.doc_id)
    if arguments.json:
        print_json(
            [
                correction_json(each.correction)
                | {"applied": not each.lapsed, "message": each.notice.message if each.notice else ""}
                for each in found
            ]
        )
    else:
        print_text(correction_report.list_text(document, found))
    return DONE


def _undo(arguments: argparse.Namespace, home: Home) -> int:
    with Store.open(home, write=True) as store:
        undone = undo_correction(store, arguments.doc_id, arguments.undo)
    if arguments.json:
        print_json({"undone": correction_json(undone)})
    else:
        print_text(f"已撤销更正 {undone.number}：{correction_report.correction_text(undone)}")
    return DONE


def _export(arguments: argparse.Namespace, home: Home) -> int:
    with Store.open(home) as store, store.snapshot():
        document, found = store.document(arguments.doc_id), store.corrections(arguments.doc_id)
    try:
        arguments.export.write_text(export_text(document, found), encoding="utf-8")
    except OSError as error:
        raise UnreadableFile(f"不能写“{arguments.export}”（{reason(error)}）。请检查文件夹和写入权限。") from error
    if arguments.json:
        print_json({"file": str(arguments.export), "corrections": len(found)})
    else:
        print_text(f"已把《{document.title}》的 {len(found)} 项更正写入 {arguments.export}。")
    return DONE


def _import(arguments: argparse.Namespace, home: Home) -> int:
    """Take corrections over; those that do not fit this text are kept and told of."""
    corrections = read_export(arguments.imported)
    with Store.open(home, write=True) as store:
        before = {each.number for each in store.corrections(arguments.doc_id)}
        save_corrections(store, arguments.doc_id, corrections, strict=False)
        found = [each for each in standings(store, arguments.doc_id) if each.correction.number not in before]
    lapsed = [each.notice.message for each in found if each.lapsed and each.notice]
    if arguments.json:
        print_json({"read": len(corrections), "imported": len(found), "lapsed": lapsed})
    else:
        known = len(corrections) - len(found)
        print_text(f"导入 {len(found)} 项更正，{known} 项已经有了，{len(lapsed)} 项没有用上。")
        print("\n".join(lapsed), end="\n" if lapsed else "", file=sys.stderr)
    return DONE


def _trial_json(trial: Trial, number: int) -> dict[str, object]:
    return {
        "saved": bool(number),
        "correction": correction_json(trial.correction) | {"number": number},
        "changes": [
            {
                "effect": each.effect,
                "before": each.before.locator if each.before else None,
                "after": each.after.locator if each.after else None,
                "text": (each.after or each.before).text if each.after or each.before else "",  # type: ignore[union-attr]
            }
            for each in trial.differences
        ],
        "requirements": [contract.requirement_json(after) for _, after in trial.requirements],
    }
