"""The commands as programs: terminals that are not UTF-8, readers that leave, Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.console import usage_message
from ingest.home import PROJECT_DIR, Home
from ingest.storage import Store

TEXT = "学校安全管理办法\n\n" + "\n".join(
    f"第{number}条　学校应当开展第{number}次演练。" for number in "一二三四五六七八九"
)


def start(home: Path, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "ingest", *arguments],
        cwd=PROJECT_DIR,
        env=clean | {"KB_HOME": str(home), "PYTHONUTF8": "0"} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(program: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    out, err = program.communicate(timeout=60)
    return program.returncode, out, err


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8", "utf-16"])
def test_any_terminal_gets_an_answer(tmp_path: Path, encoding: str) -> None:
    status, out, err = finish(start(tmp_path / "kb", "list", PYTHONIOENCODING=encoding))
    assert (status, err) == (0, b"")
    assert "qijin-plan-2023" in out.decode(encoding)
    status, out, err = finish(start(tmp_path / "kb", "list", "--json", PYTHONIOENCODING=encoding))
    assert (status, err) == (0, b"")
    assert "七进" in json.loads(out.decode(encoding))[0]["title"]


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_refusals_too(tmp_path: Path, encoding: str) -> None:
    status, out, err = finish(start(tmp_path / "kb", "preview", "没有这个文件.txt", PYTHONIOENCODING=encoding))
    assert (status, out) == (1, b"")
    assert b"Traceback" not in err
    assert err.count(b"\n") == 1


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    finish(start(tmp_path / "kb", "list"))
    program = start(tmp_path / "kb", "show", "qijin-plan-2023", PYTHONIOENCODING="utf-8")
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(timeout=60) == 0


def test_closed_streams_are_no_error(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m ingest list >&- 2>&-'
    ended = subprocess.run(["sh", "-c", command], cwd=PROJECT_DIR, env=os.environ | {"KB_HOME": str(tmp_path / "kb")})
    assert ended.returncode == 0


def test_ctrl_c_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(1500):
        (folder / f"{number:04d}.txt").write_text(TEXT.replace("学校", f"学校{number}"), encoding="utf-8")
    finish(start(tmp_path / "kb", "list"))
    with Store.open(Home(tmp_path / "kb")) as store:
        before = store.revision()
    program = start(tmp_path / "kb", "add", str(folder), PYTHONIOENCODING="utf-8")
    note = tmp_path / "kb" / "write.holder.json"
    while not note.exists() and program.poll() is None:
        time.sleep(0.005)
    program.send_signal(signal.SIGINT)
    status, out, err = finish(program)
    assert (status, out, err.decode()) == (130, b"", "\n已中断，知识库没有改动。\n")
    with Store.open(Home(tmp_path / "kb"), write=True, wait=0.5) as store:
        store.verify()
        assert store.revision() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps file names as Unicode")
def test_a_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    name = os.path.join(os.fsencode(tmp_path / "files"), "办法.txt".encode("gb18030"))
    with open(name, "w", encoding="utf-8") as stream:
        stream.write(TEXT)
    program = start(tmp_path / "kb", "add", str(tmp_path / "files"), "--json", PYTHONIOENCODING="utf-8")
    status, out, err = finish(program)
    assert (status, err) == (0, b"")
    (row,) = json.loads(out)["files"]
    assert row["outcome"] == "new"
    with Store.open(Home(tmp_path / "kb")) as store:
        assert store.document(row["doc_id"]).source_file == "办法.txt"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("argument --top: invalid int value: 'x'", "参数 --top 有误：'x' 不是整数"),
        ("argument --doc: expected 2 arguments", "参数 --doc 有误：后面要跟 2 个值"),
        ("argument -a: not allowed with argument -b", "参数 -a 有误：不能与 -b 同时使用"),
        ("ambiguous option: --ver could match --version, --verbose", "--ver 不够明确，可能是 --version, --verbose"),
        ("something new in a later Python", "something new in a later Python"),
    ],
)
def test_complaints_in_chinese(english: str, chinese: str) -> None:
    assert usage_message(english) == chinese
