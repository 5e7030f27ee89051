"""``python -m ingest correct``: what it prints for people and machines, its exit status, its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.__main__ import main
from ingest.correction_json import FORMAT, read_export
from ingest.errors import UnreadableFile
from ingest.home import Home
from ingest.locking import WriterLock
from ingest.storage import Store
from tests.ingest.test_corrections import BEFORE, MISSED, PLAN


class Shell:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.home = Home(folder / "kb")
        self._capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        out, err = self._capsys.readouterr()
        return status, out, err

    def json(self, *arguments: str, status: int = 0) -> Any:
        actual, out, err = self.run(*arguments, "--json")
        assert (actual, err) == (status, "")
        return json.loads(out)

    def correct(self, *arguments: str) -> str:
        status, out, err = self.run("correct", "plan", *arguments)
        assert (status, err) == (0, "")
        return out

    def locators(self) -> list[str]:
        return [piece["locator"] for piece in self.json("show", "plan")["outline"]]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "kb"))
    monkeypatch.setenv("KB_STATUTES", "off")
    file = tmp_path / "方案.txt"
    file.write_text(PLAN, encoding="utf-8")
    made = Shell(tmp_path, capsys)
    made.run("add", str(file), "--id", "plan")
    return made


def test_the_whole_way(shell: Shell) -> None:
    told = shell.correct("--heading", "加强宣传", "--family", "（一）", "--number", "二")
    assert told.splitlines() == [
        "已保存更正 1：“加强宣传”，这里是标题，序号是“（二）”",
        "  二（一）2 的“有关情况及时上报”不再是标题，成为正文",
        "  新增 二（二）：加强宣传",
        "  二（一）1 改为 二（二）1：1.每学期开展一次宣传。",
        "  二（一）2 改为 二（二）2：2.每月张贴海报。 （二）加强检查 第一，学校应…",
        "  取消 二（二），文字并入前一条：（二）加强检查 第一，学校应当每月检查一次。",
    ]
    shell.correct("--heading", "（二）加强检查", "--family", "（一）", "--number", "三")
    assert shell.locators() == MISSED
    assert shell.correct("--list").splitlines()[0] == "《示范区校园安全工作方案》有 2 项更正："
    assert shell.correct("--undo", "1") == "已撤销更正 1：“加强宣传”，这里是标题，序号是“（二）”\n"
    shell.correct("--undo", "2")
    assert shell.correct("--list") == "《示范区校园安全工作方案》没有生效中的更正。\n"
    assert shell.locators() == BEFORE


def test_a_dry_run_saves_nothing(shell: Shell) -> None:
    told = shell.correct("--not-heading", "3.发现", "--dry-run")
    assert told.startswith(
        "只是预览，没有保存：“3.发现问题立即整改。”，这里不是标题或序号\n  取消 二（二）3，文字并入前一条"
    )
    assert shell.locators() == BEFORE
    assert shell.json("correct", "plan", "--not-heading", "3.发现", "--dry-run")["saved"] is False


def test_for_machines(shell: Shell) -> None:
    made = shell.json("correct", "plan", "--ends", "一、总体要求以")
    assert (made["saved"], made["correction"]["number"]) == (True, 1)
    assert made["changes"] == [{"effect": "titled", "before": "一", "after": "一", "text": PLAN.splitlines()[2]}]
    (listed,) = shell.json("correct", "plan", "--list")
    assert (listed["number"], listed["applied"]) == (1, True)
    assert listed["change"] == {"kind": "ends", "heading": "一、总体要求以"}
    assert listed["anchor"]["words"] == "一、总体要求以习近平新时"
    assert shell.json("correct", "plan", "--undo", "1")["undone"]["number"] == 1


def test_removing_a_document_says_that_its_corrections_stay(shell: Shell) -> None:
    shell.correct("--not-heading", "3.发现")
    assert "它的 1 项更正仍然保留，再次收录时照用。" in shell.run("remove", "plan")[1]
    shell.run("add", str(shell.folder / "方案.txt"), "--id", "plan")
    assert shell.locators() == [*BEFORE[:8], "三"]


def test_a_requirement_by_its_id(shell: Shell) -> None:
    ids = {each["sentence"]: each["requirement_id"] for each in shell.json("show", "plan")["requirements"]}
    told = shell.correct("--requirement", ids["每年至少开展两次演练。"], "--set", "频次=每年", "audience=school")
    assert "要求“每年至少开展两次演练。”的频次：每年至少开展两次 改为 每年" in told
    after = next(each for each in shell.json("show", "plan")["requirements"] if each["frequency"] == "每年")
    assert after["audience"] == ["school"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--not-heading", "没有的字"), "里找不到“没有的字”"),
        (("--not-heading", "1."), "文中有 2 处“1.”"),
        (("--not-heading", "1.", "--at", "3"), "没有第 3 处"),
        (("--heading", "加强宣传"), "--heading 要同时写 --family"),
        (("--heading", "加强宣传", "--family", "甲"), "没有“甲”这种序号"),
        (("--requirement", "plan.n9.r1", "--set", "频次=每年"), "没有编号为“plan.n9.r1”的要求"),
        (("--requirement", "plan.n2.i1.r1.r1"), "--requirement 要同时写 --set"),
        (("--requirement", "plan.n2.i1.r1.r1", "--set", "频次"), "--set 后面要写“项=值”"),
        (("--undo", "7"), "没有生效中的更正 7（现有：没有）"),
        (("--import", "nowhere.json"), "读不出来"),
        (("--export", "/dev/null/x.json"), "不能写"),
    ],
)
def test_refusals(shell: Shell, arguments: tuple[str, ...], told: str) -> None:
    status, out, err = shell.run("correct", "plan", *arguments)
    assert (status, out) == (1, "")
    assert told in err
    assert shell.locators() == BEFORE


def test_usage(shell: Shell) -> None:
    with pytest.raises(SystemExit) as stopped:
        shell.run("correct", "plan")
    assert stopped.value.code == 2
    assert shell.run("correct", "plam", "--list")[0] == 1


def test_at_tells_equal_words_apart(shell: Shell) -> None:
    shell.correct("--not-heading", "1.", "--at", "2")
    assert shell.locators().count("二（一）1") == 1


def test_another_writer_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = WriterLock.acquire(shell.home)
    monkeypatch.setattr("ingest.storage.WriterLock.acquire", lambda home, wait: WriterLock_acquire(home, wait=0.1))
    try:
        status, _, err = shell.run("correct", "plan", "--not-heading", "3.发现")
    finally:
        lock.release()
    assert status == 1
    assert "知识库正由进程" in err


WriterLock_acquire = WriterLock.acquire


def test_corrections_travel_in_a_file(shell: Shell) -> None:
    shell.correct("--heading", "加强宣传", "--family", "（一）", "--number", "二")
    shell.correct("--not-heading", "3.发现")
    file = shell.folder / "更正.json"
    assert shell.correct("--export", str(file)) == f"已把《示范区校园安全工作方案》的 2 项更正写入 {file}。\n"
    corrected = shell.locators()
    assert shell.correct("--import", str(file)) == "导入 0 项更正，2 项已经有了，0 项没有用上。\n"
    shell.correct("--undo", "1")
    shell.correct("--undo", "2")
    assert shell.json("correct", "plan", "--import", str(file)) == {"read": 2, "imported": 2, "lapsed": []}
    assert shell.locators() == corrected


def test_an_imported_correction_that_does_not_fit_is_kept_and_told(shell: Shell) -> None:
    file = shell.folder / "更正.json"
    shell.correct("--not-heading", "3.发现")
    shell.correct("--export", str(file))
    other = shell.folder / "另一份.txt"
    other.write_text("另一份通知\n\n一、要求\n各校应当演练。\n二、检查\n各校应当检查。\n", encoding="utf-8")
    shell.run("add", str(other), "--id", "other")
    told = shell.json("correct", "other", "--import", str(file))
    assert told["imported"] == 1
    assert "文中找不到" in told["lapsed"][0]
    with Store.open(shell.home) as store:
        assert len(store.corrections("other")) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda content: content | {"format": "x"}, "不是更正文件"),
        (lambda content: content | {"corrections": [3]}, "第 1 项不对：correction 应当是一组名称和值"),
        (lambda content: content["corrections"][0]["change"].update(kind="x") or content, "第 1 项不对"),
        (lambda content: content["corrections"][0]["change"].update(more=1) or content, "第 1 项不对"),
        (lambda content: content["corrections"][0]["anchor"].update(words="") or content, "anchor 要有 words"),
        (lambda content: content["corrections"][0]["anchor"].update(occurrence=True) or content, "anchor 要有 words"),
        (lambda content: content["corrections"][0].update(made_on="\ud800") or content, "残缺的字符"),
        (lambda content: [content], "不是更正文件"),
    ],
)
def test_a_mistyped_file_is_refused_whole(shell: Shell, change: Any, told: str) -> None:
    file = shell.folder / "更正.json"
    shell.correct("--not-heading", "3.发现")
    shell.correct("--export", str(file))
    content = json.loads(file.read_text("utf-8"))
    assert content["format"] == FORMAT
    file.write_text(json.dumps(change(content)), encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        read_export(file)
