"""Web pages saved from a site, as HTML or as MHT: the text of the page without what the site puts around it.

The text stands in one element. It is known by the id or class that publishing systems give it (``webpages.toml``),
else it is where most of the page's sentences are. What the page says in labels above the text (发文字号：…) and in
its <meta> elements are facts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.formats.blocks import Lines, is_data_table, lines_of_element, plain
from ingest.formats.detect import is_mht
from ingest.formats.limits import MAX_DEPTH, MAX_PAGE_BYTES, check_elements, check_text
from ingest.formats.mht import page_of
from ingest.formats.page_tables import page_table
from ingest.formats.reading import Reading
from ingest.formats.text import decode
from ingest.frame import ends_as_title
from ingest.records import Notice

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([\w.:-]{2,30})", re.IGNORECASE
)
_PICTURE = re.compile(rb"data:[\w./+-]{1,80};base64,[\w+/=%]{1000,}", re.ASCII)
_DAY = re.compile(r"\s*((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?)", re.ASCII)
_GB = {"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80"}
_CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff\\ud800-\\udfff]")
_XML_HEAD = re.compile(r"^\s*<\?xml[^>]*\?>")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SENTENCE = re.compile(r"[，。；：]")
_MOST = 0.8  # of the sentences: a child with so many holds the text, its siblings stand around it
_TOO_MUCH = 0.4  # of the page's words: what holds so much is text, whatever it is called
_MANY_LINKS, _MOSTLY_LINKS = 6, 0.5
_FEWEST = 30  # characters of running text; less is a page of links
_SITE_SUFFIX = re.compile(r"\s*[-_—|｜–]+\s*[^-_—|｜–]{2,40}(?:网|网站|门户|政府|频道|栏目|委员会|局|厅|部|平台)\s*$")


def read(content: bytes, name: str) -> Reading:
    """The text of a saved page and the facts that the page states.

    Raises:
        UnreadableFile: too large, no text but links, nested too deep, or not decodable.
    """
    if len(content) > MAX_PAGE_BYTES:
        size, allowed = len(content) // 1024 // 1024, MAX_PAGE_BYTES // 1024 // 1024
        raise UnreadableFile(f"网页“{name}”有 {size} MB，最多可读 {allowed} MB。请去掉图片后另存，或拆分后再试。")
    if is_mht(content):
        content = page_of(content, name)
    content = _PICTURE.sub(b"", content)
    check_text(content, name)
    root = parse(_decoded(content, name), name)
    table = page_table()
    labelled = _labelled(lines_of_element(root, table.dropped_tags).lines, table.labels)
    title = labelled.pop("title", "") or _title(root)
    told = {**labelled, **_metas(root)}
    if "published_on" in told:
        day = _DAY.match(told.pop("published_on"))
        told |= {"published_on": day.group(1)} if day else {}
    removed = _drop_furniture(root)
    main = main_element(root)
    found = lines_of_element(main, table.dropped_tags)
    if main is not root and _running(main) < _FEWEST:
        found = lines_of_element(root, table.dropped_tags)
    _refuse_links(main, name)
    return _reading(found, title, told, _notices(root, main, removed, found))


def parse(text: str, name: str) -> HtmlElement:
    """The root element of a page.

    Raises:
        UnreadableFile: no element in it, or nested too deep.
    """
    from lxml import etree, html

    check_elements(text.count("<") - text.count("</"), name)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(_XML_HEAD.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"网页“{name}”里没有可读的内容。请在浏览器里打开原网页，重新另存后再试。") from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise UnreadableFile(f"网页“{name}”的元素嵌套超过 {MAX_DEPTH} 层，读不全。请把正文复制到 Word 里另存后再试。")
    _clean(root)
    return root


def _clean(root: HtmlElement) -> None:
    """Take out control characters, which character references bring in and the tree does not take back."""
    for element in root.iter():
        for part in ("text", "tail"):
            words = getattr(element, part)
            if words and _CONTROL.search(words):
                setattr(element, part, _CONTROL.sub("", words))


def main_element(root: HtmlElement) -> HtmlElement:
    """The element that holds the text of the page."""
    names = page_table().containers
    known = [element for element in root.iter() if isinstance(element.tag, str) and _names(element) & names]
    if known:
        best = max(known, key=_running)
        if _running(best) >= _FEWEST:
            return best
    return _densest(root)


def _densest(root: HtmlElement) -> HtmlElement:
    """From the top down, the child that holds most of the sentences, as long as there is one."""
    element = root
    while True:
        whole = _sentences(element)
        children = [child for child in element if isinstance(child.tag, str)]
        best = max(children, key=_sentences, default=None)
        if best is None or best.tag in ("p", "span", "tr") or _sentences(best) < _MOST * max(whole, 1):
            return element
        if is_data_table(best, page_table().dropped_tags):
            return element
        element = best


def _sentences(element: HtmlElement) -> int:
    linked = sum(len(_SENTENCE.findall(link.text_content())) for link in element.iter("a"))
    return len(_SENTENCE.findall(element.text_content())) - linked


def _running(element: HtmlElement) -> int:
    """Characters of ``element`` outside links."""
    linked = sum(_size(link) for link in element.iter("a"))
    return _size(element) - linked


def _size(element: HtmlElement) -> int:
    return len(re.sub(r"\s", "", element.text_content()))


def _names(element: HtmlElement) -> set[str]:
    return {name.lower() for name in f"{element.get('id', '')} {element.get('class', '')}".split()}


def _drop_furniture(root: HtmlElement) -> int:
    """Take out what is hidden and what is named as furniture; how many elements went."""
    table, removed = page_table(), 0
    for tag in table.dropped_tags:
        for element in list(root.iter(tag)):
            element.drop_tree()
    whole = _size(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body") or _names(element) & table.containers:
            continue
        hidden = _HIDDEN.search(element.get("style", "")) is not None
        words = _CAMEL.sub("-", f"{element.get('id', '')} {element.get('class', '')}").lower()
        if not hidden and table.dropped.search(words) is None:
            continue
        inside = _size(element)
        if 0 < inside < _TOO_MUCH * whole or (hidden and inside < 0.6 * whole):
            element.drop_tree()
            removed += 1
    return removed


def _decoded(content: bytes, name: str) -> str:
    """The page as text, by its own statement where that fits."""
    declared = _CHARSET.search(content[:4096])
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        label = declared.group(1).decode("ascii").lower()
        try:
            return content.decode("gb18030" if label in _GB else label)
        except (LookupError, UnicodeDecodeError):
            pass  # pages saved by a browser often keep the statement of another encoding
    try:
        return decode(content, name)[0]
    except UnreadableFile:
        text = content.decode("utf-8", "replace")
        if text.count("\ufffd") * 100 > len(text):
            raise
        return text


def _metas(root: HtmlElement) -> dict[str, str]:
    names = page_table().metas
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        fact = names.get((meta.get("name") or "").lower())
        words = plain(meta.get("content") or "")
        if fact and fact != "title" and words:
            found.setdefault(fact, words)
    return found


def _title(root: HtmlElement) -> str:
    for meta in root.iter("meta"):
        if page_table().metas.get((meta.get("name") or "").lower()) == "title" and (
            words := _cleaned(meta.get("content"))
        ):
            return words
    heads = [words for head in root.iter("h1") if (words := _cleaned(head.text_content()))]
    stated = next((words for head in root.iter("title") if (words := _cleaned(head.text_content()))), "")
    titles = [words for words in heads if ends_as_title(words)]
    if titles:  # a browser's title often names the column: "通知公告"
        return max([stated, *titles] if ends_as_title(stated) else titles, key=len)
    main = heads[0] if heads else ""
    return main if main and (main in stated or not stated) else stated or main


def _cleaned(words: str | None) -> str:
    bare = plain(words or "")
    return _SITE_SUFFIX.sub("", bare) or bare


def _labelled(lines: list[str], labels: dict[str, str]) -> dict[str, str]:
    """Facts that stand as "label：value" in one line, in two cells or in two lines."""
    found: dict[str, str] = {}
    cells = [cell.strip() for line in lines for cell in line.split("｜")]
    for place, cell in enumerate(cells):
        match = re.match(r"([\u4e00-\u9fff\s]{2,12}?)\s*[:：]\s*(.{0,200})$", cell)
        name = labels.get(re.sub(r"\s", "", match.group(1))) if match else None
        if match is None or name is None:
            continue
        value = match.group(2).strip()
        if not value and place + 1 < len(cells) and not re.match(r"[\u4e00-\u9fff\s]{2,12}[:：]", cells[place + 1]):
            value = cells[place + 1]
        if value and name != "other":
            found.setdefault(name, value)
    return found


def _notices(root: HtmlElement, main: HtmlElement, removed: int, found: Lines) -> tuple[Notice, ...]:
    notices = []
    around = _size(root) - _size(main)
    if removed or around > 0:
        message = f"网页里正文之外的导航、栏目、页脚等（{removed} 个隐藏或导航区域，另 {max(around, 0)} 字）已去掉。"
        notices.append(Notice("removed", message))
    if found.numbered:
        message = f"网页里自动编号的列表有 {found.numbered} 项，编号按浏览器显示的样子补成文字。"
        notices.append(Notice("healed", message))
    return tuple(notices)


def _reading(found: Lines, title: str, told: dict[str, str], notices: tuple[Notice, ...]) -> Reading:
    kept, dropped = _without_around(found)
    notices += tuple(Notice("removed", "网页附加的一行不是正文，已去掉。", context=line) for line in dropped)
    return Reading(
        text=kept.text(),
        file_type="html",
        headings=kept.heading_places(),
        tables=kept.table_spans(),
        title=title or None,
        told=tuple(told.items()),
        notices=notices,
    )


def _without_around(found: Lines) -> tuple[Lines, list[str]]:
    """The lines without those of the site at the start and at the end."""
    in_table = {line for first, last in found.tables for line in range(first, last)}
    patterns = page_table().around

    def around(place: int) -> bool:
        return place not in in_table and any(pattern.fullmatch(found.lines[place].strip()) for pattern in patterns)

    first, last = 0, len(found.lines)
    while first < last and around(first):
        first += 1
    while last > first and around(last - 1):
        last -= 1
    kept = Lines(
        found.lines[first:last],
        [(line - first, depth) for line, depth in found.headings if first <= line < last],
        [(start - first, end - first) for start, end in found.tables],
        found.numbered,
    )
    return kept, found.lines[:first] + found.lines[last:]


def _refuse_links(main: HtmlElement, name: str) -> None:
    """Refuse a page that lists other pages."""
    links = [link for link in main.iter("a") if _size(link) > 5]
    linked = sum(map(_size, links))
    if len(links) >= _MANY_LINKS and linked > _MOSTLY_LINKS * _size(main):
        raise UnreadableFile(
            f"网页“{name}”没有正文，只有 {len(links)} 个链接的目录。请打开要用的文件的页面，再另存该页面。"
        )
