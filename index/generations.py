"""Index generations on disk: folders written whole, one of them named by the file ``current``.

A reader takes everything into memory when it opens a generation, so an older folder may go once its successor is
in use; the last but one is kept for a reader that is just loading it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from index.model_folder import file_sha256
from ingest.errors import IndexMismatch, IndexMissing, StoreBusy, StoreError
from ingest.home import Home
from ingest.system_errors import reason

# Counted up when passages, files or their layout change, so that an older generation is built anew.
FORMAT = 2
MANIFEST = "manifest.json"
CURRENT = "current"
LOCK = ".lock"
DRAFT_PREFIX = ".draft-"
LOCK_SECONDS = 1800.0  # the first build of a large collection takes long; a second program waits for it
KEPT = 2
BUILD = "请执行“python -m index build”。"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a generation must agree on with the running program and the store."""

    format: int
    model: str
    metric: str
    tokenizer: str
    store_revision: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is, and the size and sha256 of each of its files."""

    identity: Identity
    dimension: int
    clause_count: int
    files: dict[str, tuple[int, str]]


_IDENTITY_NAMES = {
    "format": "格式",
    "model": "向量模型",
    "metric": "相似度",
    "tokenizer": "分词",
    "store_revision": "知识库内容",
}


def current_name(home: Home) -> str | None:
    """The name of the generation in use, ``None`` before the first build."""
    try:
        name = (home.generations / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return name or None


def current_folder(home: Home) -> Path:
    """The folder of the generation in use.

    Raises:
        IndexMissing: nothing was built, or the folder is gone.
    """
    name = current_name(home)
    if name is None:
        raise IndexMissing(f"知识库 {home.root} 还没有检索索引。{BUILD}")
    folder = home.generations / name
    if not folder.is_dir():
        raise IndexMissing(f"检索索引 {folder} 不见了，可能被移动或删除。{BUILD}")
    return folder


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexMismatch: it is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(
            Identity(**record["identity"]),
            int(record["dimension"]),
            int(record["clause_count"]),
            {name: (int(size), str(sha256)) for name, (size, sha256) in record["files"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexMismatch(f"检索索引的清单 {path} 读不出来，索引已损坏。{BUILD}") from error


def differences(found: Identity, expected: Identity) -> list[str]:
    """What does not agree, in Chinese, one entry a field."""
    return [
        f"{_IDENTITY_NAMES[name]}是 {getattr(found, name)}，应为 {getattr(expected, name)}"
        for name in (field.name for field in fields(Identity))
        if getattr(found, name) != getattr(expected, name)
    ]


def check_identity(found: Identity, expected: Identity) -> None:
    """Refuse a generation of another model, tokenizer, format or state of the store.

    Raises:
        IndexMismatch: with every difference.
    """
    different = differences(found, expected)
    if different:
        raise IndexMismatch(f"检索索引与当前程序或知识库不一致：{'；'.join(different)}。{BUILD}")


def check_files(folder: Path, manifest: Manifest, *, thorough: bool) -> None:
    """Compare the files with the manifest: sizes always, sha256 where ``thorough``.

    Raises:
        IndexMismatch: a file is missing or differs.
    """
    for name, (size, sha256) in manifest.files.items():
        path = folder / name
        found = path.stat().st_size if path.is_file() else None
        if found is None:
            raise IndexMismatch(f"检索索引缺少文件 {path}。{BUILD}")
        if found != size:
            raise IndexMismatch(f"检索索引的文件 {path} 是 {found} 字节，应为 {size} 字节，已损坏。{BUILD}")
        if thorough and file_sha256(path) != sha256:
            raise IndexMismatch(f"检索索引的文件 {path} 校验值不符，已损坏。{BUILD}")


@contextmanager
def build_lock(home: Home) -> Iterator[None]:
    """The right to write a generation; others wait for it.

    Raises:
        StoreBusy: another program kept it too long.
    """
    from filelock import FileLock, Timeout

    home.generations.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home.generations / LOCK, timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise StoreBusy("另一个程序正在生成检索索引，等了很久仍未完成。请等它结束后再试。") from error


def write_generation(
    home: Home, identity: Identity, *, dimension: int, clause_count: int, write: Callable[[Path], None]
) -> str:
    """Write a generation whole and put it into use; gives its name. The caller holds ``build_lock``.

    Args:
        home: the knowledge base.
        identity: what the generation is built from.
        dimension: the length of its vectors.
        clause_count: how many clauses it holds.
        write: writes the index files into the folder it is given.

    Raises:
        StoreError: the disk is full or the folder cannot be written to.
    """
    try:
        return _write_generation(home, identity, dimension, clause_count, write)
    except OSError as error:
        raise StoreError(
            f"不能写入检索索引文件夹 {home.generations}（{reason(error)}），原有的索引没有改动。"
            "请检查磁盘空间和文件夹权限后重试。"
        ) from error


def _write_generation(
    home: Home, identity: Identity, dimension: int, clause_count: int, write: Callable[[Path], None]
) -> str:
    _remove_drafts(home)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT_PREFIX, dir=home.generations))
    try:
        write(draft)
        files = {path.name: (path.stat().st_size, file_sha256(path)) for path in sorted(draft.iterdir())}
        manifest = Manifest(identity, dimension, clause_count, files)
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
        (draft / MANIFEST).write_text(text + "\n", encoding="utf-8")
        draft.chmod(0o755)
        name = _next_name(home)
        draft.rename(home.generations / name)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _point_to(home, name)
    _remove_old(home)
    return name


def _point_to(home: Home, name: str) -> None:
    draft = home.generations / f"{DRAFT_PREFIX}{CURRENT}"
    draft.write_text(name + "\n", encoding="utf-8")
    os.replace(draft, home.generations / CURRENT)


def names(home: Home) -> list[str]:
    """The generations on disk, oldest first."""
    if not home.generations.is_dir():
        return []
    return sorted(path.name for path in home.generations.iterdir() if path.is_dir() and path.name.isdigit())


def _next_name(home: Home) -> str:
    return f"{int((names(home) or ['0'])[-1]) + 1:08d}"


def _remove_drafts(home: Home) -> None:
    """Remove what an interrupted build left; nobody else writes while the lock is held."""
    for path in home.generations.glob(f"{DRAFT_PREFIX}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _remove_old(home: Home) -> None:
    for name in names(home)[:-KEPT]:
        shutil.rmtree(home.generations / name, ignore_errors=True)
