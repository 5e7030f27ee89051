"""The documents are there, and what README tells people to type works: files exist, commands have help."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")
SHELLS = {"bash", "sh", "shell", "console", "powershell", "bat"}
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# What must be said about installing, running and testing, each in a block that can be copied.
TWO_COMMANDS = (
    "pip install -r requirements.txt && streamlit run app.py",
    "pip install -r requirements-dev.txt && python -m pytest",
)


def text_of(name: str) -> str:
    path = PROJECT / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def commands_of(name: str) -> list[str]:
    """The command lines in a document's shell blocks, without prompts, comments and output."""
    found = []
    for language, block in FENCE.findall(text_of(name)):
        lines = block.replace("\\\n", " ").splitlines()
        if language == "console":
            found += [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        elif language in SHELLS:
            found += [line for line in lines if line.strip() and not line.startswith("#")]
    return [command.partition(" #")[0].strip() for command in found]


def parts_of(command: str) -> list[list[str]]:
    """The simple commands of a line: ``A=1 a && b | c`` is [a], [b], [c]."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="&|;")
    lexer.whitespace_split = True
    lexer.commenters = ""
    parts: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set("&|;"):
            parts.append([])
        elif parts[-1] or not re.fullmatch(r"[A-Z_]+=.*", word):
            parts[-1].append(word)
    return [part for part in parts if part]


def simple_commands() -> list[list[str]]:
    return [part for name in DOCUMENTS for command in commands_of(name) for part in parts_of(command)]


def module_commands() -> list[tuple[str, ...]]:
    """Every ``python -m room command`` of the documents, once: the module and the words before the first option."""
    found = set()
    for part in simple_commands():
        if len(part) > 2 and part[0] in {"python", "python3", "py"} and part[1] == "-m":
            first = part[3] if len(part) > 3 and re.fullmatch(r"[a-z]+", part[3]) else ""
            found.add((part[2], first) if first else (part[2],))
    return sorted(found)


@cache
def help_of(words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "-m", *words, "--help"]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_there(name: str) -> None:
    assert text_of(name).startswith("# "), f"{name} is missing or has no title"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_place_is_left_to_fill(name: str) -> None:
    assert not re.findall(r"@@\w*@@|\bTODO\b|\bTBD\b", text_of(name))


@pytest.mark.parametrize("command", TWO_COMMANDS)
def test_readme_has_the_two_commands(command: str) -> None:
    lines = commands_of("README.md")
    joined = " && ".join(lines)
    assert command in lines or command in joined, f"README has no block with: {command}"


@pytest.mark.parametrize("words", module_commands(), ids=" ".join)
def test_a_command_has_help(words: tuple[str, ...]) -> None:
    done = help_of(words)
    assert done.returncode == 0, f"python -m {' '.join(words)} --help: {done.stderr}"
    assert done.stdout.strip()


def test_options_in_the_documents_are_known_to_their_commands() -> None:
    unknown = []
    rooms = {"ingest", "index", "qa", "evaluation"}
    for part in simple_commands():
        if part[:2] != ["python", "-m"] or part[2] not in rooms:
            continue
        words = (part[2], part[3]) if len(part) > 3 and not part[3].startswith("-") else (part[2],)
        shown = help_of(words).stdout
        unknown += [
            f"{' '.join(part)}: {word}"
            for word in part[3:]
            if word.startswith("--") and not re.search(rf"{re.escape(word.partition('=')[0])}\b", shown)
        ]
    assert not unknown


def test_files_that_commands_name_exist() -> None:
    named = re.compile(r"[\w./-]+\.(?:py|txt|sh|toml)|\.ci/run|scripts/\w+")
    words = [word for part in simple_commands() for word in part if named.fullmatch(word)]
    assert not [word for word in words if not (PROJECT / word).is_file()]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_files_lead_somewhere(name: str) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(text_of(name)) if "://" not in target]
    assert not [target for target in targets if target and not (PROJECT / target).exists()]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ('python -m qa ask "学校必须做什么" --json', [["python", "-m", "qa", "ask", "学校必须做什么", "--json"]]),
        ("KB_HOME=/x python -m qa ask a && echo b | cat", [["python", "-m", "qa", "ask", "a"], ["echo", "b"], ["cat"]]),
        ("", []),
    ],
)
def test_a_line_falls_into_simple_commands(command: str, expected: list[list[str]]) -> None:
    assert parts_of(command) == expected
