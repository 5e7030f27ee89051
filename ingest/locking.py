"""One writer at a time: the lock file, and a note beside it that says who holds it.

The operating system frees the lock when its holder ends, however it ends, so a stale note is never believed: it is
read only while the lock is really held.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import StoreBusy, StoreError
from ingest.home import Home
from ingest.system_errors import reason

WAIT_SECONDS = 5.0  # long enough for another's single document, short enough for a person who waits


class WriterLock:
    """The right to write to one knowledge base, from ``acquire`` to ``release``."""

    def __init__(self, home: Home) -> None:
        self._note = home.lock.with_suffix(".holder.json")
        # released by whichever thread closes the store, hence not thread-local
        self._lock = FileLock(home.lock, thread_local=False)

    @classmethod
    def acquire(cls, home: Home, *, wait: float = WAIT_SECONDS) -> WriterLock:
        """Take the lock, waiting at most ``wait`` seconds.

        Raises:
            StoreBusy: another writer kept it; the message names the holder.
            StoreError: the folder cannot be created or written to.
        """
        try:
            home.root.mkdir(parents=True, exist_ok=True)
            lock = cls(home)
            lock._lock.acquire(timeout=wait)
            lock._note.write_text(json.dumps(_self_description()), encoding="utf-8")
        except Timeout as error:
            raise StoreBusy(_busy_message(lock._note, wait)) from error
        except OSError as error:
            raise StoreError(
                f"不能写入知识库文件夹 {home.root}（{reason(error)}）。"
                "请检查文件夹权限，或用 KB_HOME 指定另一个文件夹。"
            ) from error
        return lock

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
            self._lock.release()


def _self_description() -> dict[str, str]:
    return {
        "pid": str(os.getpid()),
        "command": _command_line(sys.argv),
        "since": datetime.now().strftime("%Y-%m-%d %H:%M:%S"),
    }


def _command_line(argv: list[str]) -> str:
    """The command as its user typed it: ``python -m ingest add …`` rather than the path of ``__main__.py``."""
    program, *arguments = argv or [""]
    path = Path(program)
    name = f"python -m {path.parent.name}" if path.name == "__main__.py" else path.name
    return f"{name} {shlex.join(arguments)}".strip()


def _busy_message(note: Path, wait: float) -> str:
    waited = f"等了 {wait:g} 秒仍未空出"
    try:
        holder = json.loads(note.read_text(encoding="utf-8"))
        who = f"进程 {holder['pid']}（{holder['command']}，{holder['since']} 开始）"
    except (OSError, ValueError, KeyError, TypeError):
        who = "另一个程序"
    return f"知识库正由{who}写入，{waited}。请等它结束后再试；如果它已经没有反应，请先结束那个进程。"
