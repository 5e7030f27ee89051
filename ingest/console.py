"""What every ``python -m …`` command of this product shares: Chinese usage, streams, errors, exit status.

Exit status: 0 done, 1 refused or nothing found where that is an error, 2 bad usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, Never

from ingest.errors import KnowledgeBaseError

DONE, REFUSED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab and line feed

# What argparse says, and how we say it. A message that no row knows is shown as it is.
USAGE_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", "缺少参数：{0}"),
    (r"one of the arguments (.*) is required", "以下参数必须给出一个：{0}"),
    (r"unrecognized arguments: (.*)", "不认识的参数：{0}"),
    (r"argument (.*?): (.*)", "参数 {0} 有误：{1}"),
    (r"invalid choice: (.*?) \(choose from (.*)\)", "没有 {0}，可选的有 {1}"),
    (r"invalid int value: (.*)", "{0} 不是整数"),
    (r"invalid float value: (.*)", "{0} 不是数字"),
    (r"invalid (.*) value: (.*)", "{1} 不合要求"),
    (r"expected one argument", "后面要跟一个值"),
    (r"expected at least one argument", "后面至少要跟一个值"),
    (r"expected at most one argument", "后面最多跟一个值"),
    (r"expected (\d+) arguments?", "后面要跟 {0} 个值"),
    (r"not allowed with argument (.*)", "不能与 {0} 同时使用"),
    (r"ignored explicit argument (.*)", "不接受值 {0}"),
    (r"ambiguous option: (.*) could match (.*)", "{0} 不够明确，可能是 {1}"),
)


class Parser(argparse.ArgumentParser):
    """``ArgumentParser`` whose usage, help and complaints are Chinese."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        settings = {"formatter_class": _Formatter} | kwargs | {"add_help": False}
        super().__init__(*args, **settings)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> Never:
        """Print usage and the complaint to standard error, and exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(BAD_USAGE, f"{self.prog}：{usage_message(message)}\n用 -h 查看说明。\n")

    def commands(self) -> Callable[..., Parser]:
        """A function that adds a command: its name, what it does, a line of help, and a longer text where there is one.

        The command is given as ``act`` and has ``--json``.
        """
        added = self.add_subparsers(dest="name", metavar="命令", required=True, title="命令")

        def command(name: str, act: Callable[..., int], words: str, description: str | None = None) -> Parser:
            made: Parser = added.add_parser(name, help=words, description=description or words)
            made.set_defaults(act=act)
            made.add_json_option()
            return made

        return command

    def add_json_option(self) -> None:
        """Add ``--json``."""
        self.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def usage_message(message: str) -> str:
    """One of argparse's complaints in Chinese."""
    for pattern, ours in USAGE_MESSAGES:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return ours.format(*map(usage_message, match.groups()))
    return message


def run(command: Callable[[], int], *, as_json: bool = False, interrupted: str = "已中断。") -> int:
    """Run a command and give its exit status; errors made on purpose become one line, all else passes through.

    ``interrupted`` is what to say after Ctrl-C.
    """
    ready_streams()
    try:
        status = _status_of(command, as_json=as_json)
        sys.stdout.flush()  # here, so that a reader who left is noticed before the interpreter ends
        return status
    except BrokenPipeError:
        # The reader (head, less) has what it wants. What is still buffered must not fail at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print(f"\n{interrupted}", file=sys.stderr)
        return INTERRUPTED


def _status_of(command: Callable[[], int], *, as_json: bool) -> int:
    try:
        return command()
    except KnowledgeBaseError as error:
        message = " ".join(str(error).split())
        if as_json:
            print_json({"error": {"kind": type(error).__name__, "message": message}})
        else:
            print(message, file=sys.stderr)
        return REFUSED


def ready_streams() -> None:
    """Let a terminal that cannot show a character show a mark in its place instead of failing.

    A stream that was closed before the start takes what is printed and forgets it.
    """
    for name, errors in (("stdout", "replace"), ("stderr", "backslashreplace")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def print_text(text: str) -> None:
    """Print a text for people; control characters in a document must not steer their terminal."""
    print(CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text))


def print_json(value: object) -> None:
    """Print a value as JSON; escaped throughout where the stream is not UTF-8, so that nothing is lost."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "").replace("_", "").startswith("utf")
    print(json.dumps(value, ensure_ascii=not utf8, indent=2))
