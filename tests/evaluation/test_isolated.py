"""Files read in processes of their own: one that is read, one that is refused, one that takes too long."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import hostile, isolated
from evaluation.hostile import hostile_files, measure_hostile
from evaluation.isolated import isolated_record, isolated_text, measure_each, read_isolated
from ingest.errors import InputError, UnreadableFile
from ingest.formats import read


def test_each_file_has_its_own_time_and_memory(tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("某某办法\n第一条　为了安全。\n第二条　各单位应当报告。\n", encoding="utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    first, second = measure_each(tmp_path)
    assert (first.name, first.clauses, first.refused, first.broken) == ("甲.txt", 2, "", "")
    assert first.peak_mb is None or 10 < first.peak_mb < 500
    assert second.refused.startswith("文件“空.txt”是空的")
    assert "意外错误 0 份" in isolated_text([first, second])
    assert isolated_record([first])[0]["clauses"] == 2


def test_a_file_that_takes_too_long_is_told(tmp_path: Path) -> None:
    path = tmp_path / "甲.txt"
    path.write_text("第一条　为了安全。", encoding="utf-8")
    assert read_isolated(path, most_seconds=0.01).broken == "0 秒后没有读完"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有文件夹"):
        list(measure_each(tmp_path / "无"))


@pytest.mark.parametrize("name", ["套娃.zip", "压缩炸弹.docx", "十亿笑.docx", "像素炸弹.tiff", "一万零一页.ofd"])
def test_a_small_harmful_file_is_refused_by_name(name: str) -> None:
    with pytest.raises(UnreadableFile, match=f"“{name}”"):
        read(hostile_files()[name](), name)


def test_the_harmful_file_is_gone_after_its_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def fake(path: Path, name: str = "", *, most_seconds: float = 0) -> isolated.Isolated:
        seen.append(path)
        assert path.read_bytes()
        return isolated.Isolated(path.name, 1.0, 0.1, 10.0, 0, refused="过深")

    monkeypatch.setattr(hostile, "read_isolated", fake)
    assert [one.refused for one in measure_hostile(["万层.docx"])] == ["过深"]
    assert not seen[0].exists()
