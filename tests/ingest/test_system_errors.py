from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.loading import load
from ingest.system_errors import REASONS, reason


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EISDIR, errno.EROFS, errno.ENOENT, errno.EIO])
def test_usual_errors_are_told_in_chinese(number: int) -> None:
    words = reason(OSError(number, os.strerror(number)))
    assert words == REASONS[number] and not re.search("[A-Za-z]", words)


def test_an_unusual_error_keeps_its_number() -> None:
    assert reason(OSError(9999, "odd")) == "系统错误 9999（odd）"
    assert reason(OSError("only words")) == "only words"


def test_a_missing_file_is_told_without_english(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="打不开文件“没有.txt”：文件不存在。请检查文件名和读取权限。"):
        load(tmp_path / "没有.txt")
