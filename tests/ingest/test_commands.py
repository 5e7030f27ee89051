"""``python -m ingest``: what each command prints, for people and machines, and its exit status."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ingest.__main__ import main
from ingest.bootstrap import read_sources
from ingest.home import Home
from ingest.locking import WriterLock
from ingest.storage import Store

SHIPPED = [source.doc_id for source in read_sources() if not source.law]

NOTICE = """关于做好校园安全工作的通知

一、总体要求
各学校应当把校园安全工作摆在重要位置，每学期至少开展两次安全演练。

二、具体任务
（一）健全制度。学校必须建立门卫制度，严禁无关人员进入校园。
（二）加强宣传。鼓励学校开展安全知识竞赛。
"""
RULES = """安全生产检查办法

第一条　为了规范安全生产检查，制定本办法。
第二条　企业应当每年组织一次自查。
第三条　检查人员不得收受礼品。
"""


class Shell:
    """Runs commands in one knowledge base."""

    def __init__(self, home: Home, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.folder = folder
        self._capsys = capsys

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, *arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        out, err = self._capsys.readouterr()
        return status, out, err

    def json(self, *arguments: str, status: int = 0) -> Any:
        actual, out, err = self.run(*arguments, "--json")
        assert (actual, err) == (status, "")
        return json.loads(out)

    def ids(self) -> list[str]:
        return [document["doc_id"] for document in self.json("list") if document["doc_id"] not in SHIPPED]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.setenv("KB_HOME", str(tmp_path / "kb"))
    (tmp_path / "files").mkdir()
    return Shell(Home(tmp_path / "kb"), tmp_path / "files", capsys)


class TestList:
    def test_a_fresh_home_lists_what_is_shipped(self, shell: Shell) -> None:
        documents = shell.json("list")
        assert [document["doc_id"] for document in documents] == SHIPPED
        assert list(documents[0]) == [
            "doc_id", "title", "doc_number", "issuer", "issued_on", "effective_on", "expires_on", "status", "rank",
            "source_file", "sha256", "version", "notes", "counts", "validity",
        ]  # fmt: skip
        assert list(documents[0]["counts"]) == ["clauses", "headings", "requirements", "notices"]
        assert documents[0]["counts"]["clauses"] > 20

    def test_for_people(self, shell: Shell) -> None:
        status, out, _ = shell.run("list")
        assert status == 0
        assert "编号 qijin-plan-2023 · 第 1 版 · 方案、计划 · 效力未知 · 文号 未知" in out
        assert out.endswith(f"共 {len(SHIPPED)} 份文件。\n")

    def test_empty(self, shell: Shell) -> None:
        for doc_id in SHIPPED:
            shell.run("remove", doc_id)
        assert shell.json("list") == []
        assert "还没有文件" in shell.run("list")[1]


class TestPreview:
    def test_for_machines(self, shell: Shell) -> None:
        seen = shell.json("preview", shell.file("通知.txt", NOTICE))
        assert list(seen) == ["document", "counts", "clauses", "outline", "warnings", "leavings", "facts"]
        assert seen["document"]["title"] == "关于做好校园安全工作的通知"
        inner = next(clause for clause in seen["clauses"] if clause["locator"] == "二（一）")
        assert inner["breadcrumb"][0] == "二、具体任务"
        assert inner["text"] == "（一）健全制度。学校必须建立门卫制度，严禁无关人员进入校园。"
        assert (inner["page"], inner["guessed"]) == (None, False)
        assert inner["clause_id"].startswith(seen["document"]["doc_id"])
        assert {piece["kind"] for piece in seen["outline"]} == {"heading", "clause"}
        assert {clause["locator"] for clause in seen["clauses"]} < {piece["locator"] for piece in seen["outline"]}
        assert any("关于做好校园安全工作的通知" in text for text in seen["leavings"])

    def test_for_people_and_without_a_store(self, shell: Shell) -> None:
        status, out, err = shell.run("preview", shell.file("通知.txt", NOTICE))
        assert (status, err) == (0, "")
        assert "《关于做好校园安全工作的通知》" in out
        assert "[二（一）]" in out
        assert not shell.home.root.exists()

    @pytest.mark.parametrize("arguments", [("--json",), ()])
    def test_a_missing_file_is_one_line(self, shell: Shell, arguments: tuple[str, ...]) -> None:
        status, out, err = shell.run("preview", str(shell.folder / "没有.txt"), *arguments)
        assert status == 1
        if arguments:
            error = json.loads(out)["error"]
            assert error["kind"] == "UnreadableFile"
            assert "没有.txt" in error["message"]
            assert err == ""
        else:
            assert out == ""
            assert "没有.txt" in err
            assert err.count("\n") == 1


class TestAdd:
    def test_one_file(self, shell: Shell) -> None:
        added = shell.json("add", shell.file("通知.txt", NOTICE))
        (row,) = added["files"]
        assert row["outcome"] == "new"
        assert row["counts"]["requirements"] >= 1
        assert (added["read"], added["unchanged"], added["refused"]) == (1, 0, 0)
        assert shell.ids() == [row["doc_id"]]
        status, out, _ = shell.run("add", shell.file("通知.txt", NOTICE))
        assert (status, out.startswith("未变：《关于做好校园安全工作的通知》")) == (0, True)

    def test_one_bad_file(self, shell: Shell) -> None:
        assert shell.json("add", shell.file("空.txt", ""), status=1)["error"]["kind"] == "UnreadableFile"
        assert shell.ids() == []

    def test_a_folder_goes_on_past_a_bad_file(self, shell: Shell) -> None:
        shell.file("甲/通知.txt", NOTICE)
        shell.file("甲/空.txt", "")
        shell.file("甲/乙/办法.txt", RULES)
        shell.file("甲/~$办法.txt", "x")
        shell.file("甲/.隐藏/办法.txt", RULES)
        shell.file("甲/Thumbs.db", "x")
        added = shell.json("add", str(shell.folder / "甲"), status=1)
        assert (added["read"], added["unchanged"], added["refused"]) == (2, 0, 1)
        refused = next(row for row in added["files"] if row["outcome"] == "refused")
        assert refused["file"].endswith("空.txt")
        assert "空的" in refused["reason"]
        assert len(shell.ids()) == 2
        status, out, _ = shell.run("add", str(shell.folder / "甲"))
        assert status == 1
        assert out.endswith("共 3 份：收录 0，未变 2，拒绝 1。\n")
        assert [line.split()[:2] for line in out.splitlines()[:3]] == [
            ["未变", os.path.join("乙", "办法.txt")],
            ["未变", "通知.txt"],
            ["拒绝", "空.txt"],
        ]

    def test_an_empty_folder_and_a_missing_path(self, shell: Shell) -> None:
        assert "没有可以收录的文件" in shell.json("add", str(shell.folder), status=1)["error"]["message"]
        assert "打不开文件“无”：文件不存在" in shell.json("add", str(shell.folder / "无"), status=1)["error"]["message"]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a thing of Unix systems")
    def test_a_pipe_is_refused_instead_of_waited_for(self, shell: Shell) -> None:
        os.mkfifo(shell.folder / "管道.txt")
        assert "不是普通文件" in shell.json("add", str(shell.folder / "管道.txt"), status=1)["error"]["message"]
        (row,) = shell.json("add", str(shell.folder), status=1)["files"]
        assert "不是普通文件" in row["reason"]

    def test_a_text_does_not_steer_the_terminal(self, shell: Shell) -> None:
        doc_id = shell.json("add", shell.file("通知.txt", NOTICE.replace("两次", "\x1b[31m两次")))["files"][0]["doc_id"]
        assert "\x1b" not in shell.run("show", doc_id)[1]

    def test_the_same_file_named_twice_counts_once(self, shell: Shell) -> None:
        path = shell.file("通知.txt", NOTICE)
        assert len(shell.json("add", path, path, str(shell.folder))["files"]) == 1

    def test_an_id_of_ones_own(self, shell: Shell) -> None:
        path = shell.file("通知.txt", NOTICE)
        assert shell.json("add", path, "--id", "anquan-2024")["files"][0]["doc_id"] == "anquan-2024"
        assert shell.json("show", "anquan-2024")["clauses"][0]["clause_id"].startswith("anquan-2024.")
        message = shell.json("add", path, "--id", "安全", status=1)["error"]["message"]
        assert "“安全”不合格式" in message
        other = shell.file("办法.txt", RULES)
        assert "只能用于一份文件" in shell.json("add", path, other, "--id", "x", status=1)["error"]["message"]

    def test_the_shipped_text_in_another_file_is_recognised(self, shell: Shell) -> None:
        source = read_sources()[0]
        path = shell.file("下载.txt", source.path.read_text(encoding="utf-8") + "\n\n")
        (row,) = shell.json("add", path)["files"]
        assert (row["outcome"], row["doc_id"]) == ("unchanged", source.doc_id)


class TestVersions:
    def test_a_changed_text_is_the_next_version_and_the_old_one_can_be_seen(self, shell: Shell) -> None:
        doc_id = shell.json("add", shell.file("通知.txt", NOTICE))["files"][0]["doc_id"]
        (row,) = shell.json("add", shell.file("通知.txt", NOTICE.replace("两次", "三次")))["files"]
        assert (row["outcome"], row["doc_id"], row["version"]) == ("new_version", doc_id, 2)
        assert "三次" in shell.json("show", doc_id)["clauses"][0]["text"]
        assert "两次" in shell.json("show", doc_id, "--version", "1")["clauses"][0]["text"]
        assert "共 2 版" in shell.run("show", doc_id)[1]
        assert "没有第 9 版" in shell.json("show", doc_id, "--version", "9", status=1)["error"]["message"]

    def test_another_text_with_the_same_title_is_another_document(self, shell: Shell) -> None:
        first = shell.json("add", shell.file("一/通知.txt", NOTICE))["files"][0]["doc_id"]
        other = NOTICE.splitlines()[0] + "\n\n一、放假安排\n元旦放假三天。\n\n二、值班要求\n值班人员不得离岗。\n"
        (row,) = shell.json("add", shell.file("二/通知.txt", other))["files"]
        assert (row["outcome"], row["doc_id"]) == ("new", f"{first}-2")

    def test_an_earlier_text_does_not_replace_a_later_one(self, shell: Shell) -> None:
        def dated(day: str, times: str) -> str:
            return f"{NOTICE.replace('两次', times)}\n某市教育局\n{day}\n"

        later = shell.file("新.txt", dated("2024年5月6日", "三次"))
        doc_id = shell.json("add", later)["files"][0]["doc_id"]
        earlier = shell.file("旧.txt", dated("2021年5月6日", "两次"))
        message = shell.json("add", earlier, status=1)["error"]["message"]
        assert "发布于 2024-05-06" in message
        assert "发布于 2021-05-06，是更早的文本" in message
        undated = shell.file("不详.txt", NOTICE.replace("两次", "四次"))
        assert "不能判断新旧" in shell.json("add", undated, status=1)["error"]["message"]
        assert shell.json("update", doc_id, earlier)["version"] == 2

    def test_stated_facts_that_changed_are_read(self, shell: Shell) -> None:
        path = shell.file("通知.txt", NOTICE)
        doc_id = shell.json("add", path)["files"][0]["doc_id"]
        shell.file("通知.facts.json", json.dumps({"issuer": "某市教育局"}))
        assert shell.json("add", str(shell.folder))["files"][0]["outcome"] == "reread"
        assert shell.json("show", doc_id)["document"]["issuer"] == "某市教育局"
        assert shell.json("add", str(shell.folder))["files"][0]["outcome"] == "unchanged"

    def test_update_keeps_the_id(self, shell: Shell) -> None:
        doc_id = shell.json("add", shell.file("通知.txt", NOTICE))["files"][0]["doc_id"]
        path = shell.file("办法.txt", RULES)
        updated = shell.json("update", doc_id, path)
        assert (updated["outcome"], updated["doc_id"], updated["version"]) == ("new_version", doc_id, 2)
        assert shell.run("update", doc_id, path)[1].startswith("未变：")
        assert "相近的有" in shell.json("update", doc_id + "x", path, status=1)["error"]["message"]


class TestShowAndRemove:
    def test_show(self, shell: Shell) -> None:
        shown = shell.json("show", SHIPPED[0])
        assert {"document", "clauses", "outline", "warnings", "leavings", "requirements", "versions"} <= set(shown)
        sentence = shown["requirements"][0]
        clause = next(clause for clause in shown["clauses"] if clause["clause_id"] == sentence["clause_id"])
        assert clause["text"][slice(*sentence["span"])] == sentence["sentence"]
        out = shell.run("show", SHIPPED[0])[1]
        assert "要求（" in out
        assert "[三（五）1] 必须 · 学校：" in out

    def test_remove(self, shell: Shell) -> None:
        doc_id = shell.json("add", shell.file("通知.txt", NOTICE))["files"][0]["doc_id"]
        assert shell.json("remove", doc_id)["removed"]["doc_id"] == doc_id
        assert shell.ids() == []
        error = shell.json("remove", doc_id, status=1)["error"]
        assert error["kind"] == "UnknownDocument"

    def test_a_removed_shipped_document_does_not_come_back(self, shell: Shell) -> None:
        assert "已移除《全区深化" in shell.run("remove", SHIPPED[0])[1]
        assert SHIPPED[0] not in [document["doc_id"] for document in shell.json("list")]
        path = str(read_sources()[0].path)
        assert shell.json("add", path)["files"][0]["doc_id"] == SHIPPED[0]


class TestInterrupted:
    def test_ctrl_c_leaves_the_store_as_it_was(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        shell.run("list")
        with Store.open(shell.home) as store:
            before = store.revision()
        shell.file("甲.txt", NOTICE)
        shell.file("乙.txt", RULES)
        real = Store.add

        def interrupted(store: Store, parsed: Any) -> Any:
            added = real(store, parsed)
            if "办法" in parsed.document.title:
                raise KeyboardInterrupt
            return added

        monkeypatch.setattr(Store, "add", interrupted)
        status, out, err = shell.run("add", str(shell.folder))
        assert (status, out, err) == (130, "", "\n已中断，知识库没有改动。\n")
        with Store.open(shell.home) as store:
            assert store.revision() == before
        with Store.open(shell.home, write=True, wait=0.1):
            pass


class TestRefusals:
    def test_reading_goes_on_while_another_writes(self, shell: Shell) -> None:
        shell.run("list")
        with Store.open(shell.home, write=True):
            assert len(shell.json("list")) == len(SHIPPED)

    def test_another_writer_is_named(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        shell.run("list")
        at_once = functools.partial(WriterLock.acquire, wait=0.05)
        with Store.open(shell.home, write=True):
            monkeypatch.setattr(WriterLock, "acquire", lambda home, wait: at_once(home))
            error = shell.json("add", shell.file("通知.txt", NOTICE), status=1)["error"]
        assert error["kind"] == "StoreBusy"
        assert f"进程 {os.getpid()}" in error["message"]

    def test_a_file_that_is_not_ours(self, shell: Shell) -> None:
        shell.home.root.mkdir()
        shell.home.database.write_bytes(b"x" * 5000)
        error = shell.json("list", status=1)["error"]
        assert error["kind"] == "StoreDamaged"
        assert "不是数据库文件" in error["message"]
        assert shell.home.database.read_bytes() == b"x" * 5000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "缺少参数：命令"),
        (["fetch"], "参数 命令 有误：没有 'fetch'，可选的有"),
        (["add"], "缺少参数：文件"),
        (["show", "x", "--version", "一"], "参数 --version 有误：'一' 不是整数"),
        (["list", "--yaml"], "不认识的参数：--yaml"),
        (["add", "x", "--id"], "参数 --id 有误：后面要跟一个值"),
    ],
)
def test_bad_usage_is_chinese_and_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    err = capsys.readouterr().err
    assert ended.value.code == 2
    assert err.startswith("用法：python -m ingest")
    assert message in err


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["-h"], ["add", "--help"], ["show", "-h"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out = capsys.readouterr().out
        assert ended.value.code == 0
        assert "用法：" in out
        assert not {"usage", "options", "positional", "show this"} & set(out.replace(":", " ").split())


def test_a_link_that_leaves_its_folder_is_refused_and_named(shell: Shell, tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.txt").write_text("方案\n一、总则\n各校应当认真执行。\n", encoding="utf-8")
    (folder / "own.txt").write_text("办法\n一、总则\n各校应当认真落实。\n", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "more").symlink_to(outside)
    _, out, _ = shell.run("add", str(folder))
    assert out.count("指向它所在文件夹之外") == 2
    assert "收录 1" in out
