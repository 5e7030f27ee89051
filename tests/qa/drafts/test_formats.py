"""One draft in every text format gives the same findings; dates that contradict each other are told."""

from __future__ import annotations

import io

import pytest
from docx import Document as Word

from ingest.home import Home
from ingest.intake import ingest_file
from ingest.storage import Store
from qa.drafts.desk import DraftDesk

LINES = (
    "星河区图书工作汇报",
    "一、依据",
    "根据《星河区图书馆办法》第二条，图书馆每周开放不少于五天。",
    "根据《星河区图书馆办法》第九条，读者可以预约。",
    "按照《星河市不存在的办法》第三条办理。",
    "二、时间",
    "本方案自2024年3月1日起施行，有效期至2023年1月1日。",
)
RULES = (
    "星河区图书馆办法\n第一条　为了服务读者，制定本办法。\n第二条　图书馆每周开放不少于五天。\n第三条　闭馆提前公告。\n"
)


def html() -> str:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    return f"<html><head><meta charset='utf-8'><title>{LINES[0]}</title></head><body><div>{body}</div></body></html>"


def word() -> bytes:
    document, stream = Word(), io.BytesIO()
    for line in LINES:
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


MHT = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"; type="text/html"\r\n\r\n--b\r\n'
    'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
)
FILES = {
    "d.txt": "\n".join(LINES).encode("gb18030"),
    "d.md": "\n\n".join((f"# {LINES[0]}", *LINES[1:])).encode(),
    "d.html": html().encode(),
    "d.mht": f"{MHT}{html()}\r\n--b--\r\n".encode(),
    "d.docx": word(),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> DraftDesk:
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "rules.txt"
    path.write_text(RULES, encoding="utf-8")
    with Store.open(Home(folder / "kb"), write=True) as store:
        ingest_file(store, path)
    return DraftDesk(Home(folder / "kb"))


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_findings(desk: DraftDesk, name: str) -> None:
    found = desk.check(FILES[name], name, "2024-06-01").findings
    assert [(each.verdict, each.words) for each in found] == [
        ("exists", "《星河区图书馆办法》第二条"),
        ("no_clause", "《星河区图书馆办法》第九条"),
        ("no_source", "《星河市不存在的办法》第三条"),
    ]


def test_dates_that_contradict_each_other_are_told(desk: DraftDesk) -> None:
    told = "写明的日期互相矛盾：2024-03-01 施行，却到 2023-01-01 为止"
    assert any(told in note for note in desk.check(FILES["d.txt"], "d.txt", "2024-06-01").draft.notes)
    sound = FILES["d.md"].decode().replace("2023年1月1日", "2029年1月1日").encode()
    assert not any("矛盾" in note for note in desk.check(sound, "d.md", "2024-06-01").draft.notes)
