"""JSON-lines and tab-separated files, line by line, with errors that say file, line and id.

Takes paths (plain or ``.gz``), gives checked rows; what a row means is left to ``judged.py`` and ``beir.py``.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import InputError
from ingest.system_errors import reason

_LONE_HALF = re.compile(r"[\ud800-\udfff]")  # of a surrogate pair: no text, and nothing stores it
SHOWN_CHARACTERS = 60  # of a faulty line: enough to find it, short enough for one line of a terminal


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, with its place."""

    path: Path
    line: int
    fields: dict[str, Any]

    def fault(self, found: str, expected: str) -> InputError:
        """The error for this row: where it stands, what was found, what was expected."""
        name = self.fields.get("id", self.fields.get("_id"))
        identified = f"（编号 {name}）" if isinstance(name, str) and name.strip() else ""
        return InputError(f"{self.path} 第 {self.line} 行{identified}：{found}。应为：{expected}。请改正这一行后重试。")

    def text(self, key: str, *, default: str | None = None) -> str:
        """A field that must be text; an absent one gives ``default``, or an error where that is ``None``."""
        value = self.fields.get(key, default)
        if not isinstance(value, str):
            found = f"缺少“{key}”" if key not in self.fields else f"“{key}”是 {_shown(value)}"
            raise self.fault(found, f"“{key}”是一段文字")
        if _LONE_HALF.search(value):
            raise self.fault(f"“{key}”里有半个字符（\\ud800 一类的转义）", f"“{key}”是完整的文字")
        return value

    def identifier(self, key: str) -> str:
        """A field that must be text and not blank."""
        value = self.text(key)
        if not value.strip():
            raise self.fault(f"“{key}”是空的", f"“{key}”有内容")
        return value

    def truth(self, key: str) -> bool:
        """A field that must be true or false."""
        value = self.fields.get(key)
        if not isinstance(value, bool):
            found = f"缺少“{key}”" if key not in self.fields else f"“{key}”是 {_shown(value)}"
            raise self.fault(found, f"“{key}”是 true 或 false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A field that must be a list of texts; an absent one is empty."""
        value = self.fields.get(key, [])
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry for entry in value):
            raise self.fault(f"“{key}”是 {_shown(value)}", f'“{key}”是文字的列表，例如 ["三（五）1"]')
        return tuple(value)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and the lines that are not blank, of a UTF-8 file (``.gz`` is unpacked)."""
    opening = gzip.open if path.suffix == ".gz" else open
    line = 0
    try:
        with opening(path, "rb") as stream:
            for line, raw in enumerate(stream, start=1):
                # Decoded line by line: a reader of larger pieces cannot tell which line is at fault.
                text = raw.decode("utf-8-sig" if line == 1 else "utf-8")
                if text.strip():
                    yield line, text.rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} 第 {line} 行不是 UTF-8 文字。请把文件另存为 UTF-8 编码后重试。") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InputError(f"{path} 第 {line + 1} 行起解压失败，文件不完整或不是 gzip。请重新取得这个文件。") from error
    except OSError as error:
        raise InputError(f"{path} 读不了（{reason(error)}）。请检查路径和权限。") from error


def read_json_lines(path: Path) -> Iterator[Row]:
    """The rows of a JSON-lines file.

    Raises:
        InputError: a line is not a JSON object, or the file is not UTF-8.
    """
    for line, text in read_lines(path):
        try:
            fields = json.loads(text)
        except json.JSONDecodeError as error:
            message = (
                f"{path} 第 {line} 行第 {error.colno} 个字符处不是 JSON：{_shown(text)}。应为：每行一个 JSON 对象。"
            )
            raise InputError(message) from error
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, brackets a thousand deep
            raise InputError(
                f"{path} 第 {line} 行的 JSON 读不了：{_shown(text)}。应为：每行一个 JSON 对象。"
            ) from error
        if not isinstance(fields, dict):
            raise InputError(f'{path} 第 {line} 行是 {_shown(fields)}。应为：每行一个 JSON 对象，例如 {{"id": …}}。')
        yield Row(path, line, fields)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
