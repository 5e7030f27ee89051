"""The facts that a text states about itself, each with the words it was read from.

Dates of issue, of entry into force and of expiry, the order number, the issuer, the addressees, the signature, and
what the text repeals. What the format states beside the text (labels of a web page) comes in as ``told``. Nothing
is inferred beyond what the words say; where two sentences disagree, the later one, in the closing clauses, counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ingest import parser_tables
from ingest.dates import DATE, iso_date, years_later
from ingest.frame import Frame
from ingest.numerals import parse_numeral
from ingest.records import Fact

_YEARS = "[0-9〇零一二两三四五六七八九十]{1,3}"
_STARTS = "(?:施行|实施|执行|生效|试行)"
_BRACKETED = r"[〔\[（(【﹝［]\s*((?:19|20)\d{2})\s*[〕\]）)】﹞］]"
_NUMBER = re.compile(
    rf"([\u4e00-\u9fff]{{1,15}}(?:[\u4e00-\u9fff ]{{0,3}}[\u4e00-\u9fff])?)\s*{_BRACKETED}\s*(?:第\s*)?(\d+)\s*号"
)
_NUMBER_LABEL = re.compile(r"^(?:发文字号|文号|编号)\s*[:：]\s*")
_YEARLY = re.compile(
    r"([\u4e00-\u9fff]{0,30}?(?:公告|通告|令))?\s*[（(]?((?:19|20)\d{2})\s*年\s*第\s*(\d+)\s*号\s*(?:公告|通告)?[）)]?"
)
_ORDER = re.compile(r"([\u4e00-\u9fff]{2,20}令)\s*[（(]?第?\s*(\d+)\s*号")
_EFFECTIVE = re.compile(
    rf"(?:本[^。；\n]{{1,20}}|现予(?:公布|发布)，|公布，)自\s*({DATE})\s*起(?:正式)?(?:公布)?{_STARTS}"
)
_FROM_ISSUE = re.compile(rf"自(?:印发|发布|公布|颁布|下发|发文)之日起(?:正式)?{_STARTS}")
_EXPIRES = re.compile(
    rf"(?:有效期|试行期|执行期|有效|试行|执行|实施|施行)(?:限)?(?:调整|延长|延续|顺延)?(?:为)?"
    rf"(?:自\s*{DATE}\s*(?:起)?)?(?:截?至|截止到?|到)\s*({DATE})|自\s*{DATE}\s*起{_STARTS}[，,]?\s*至\s*({DATE})"
)
_TERM = re.compile(rf"(?:有效期|试行期|执行期|有效|试行)(?:限|暂定|定)?(?:为)?\s*({_YEARS})\s*(?:个)?年")
_REPEALS = re.compile(r"(?P<sure>(?:同时|即行|自行|相应|即)(?:予以)?|予以)?(?:废止|停止执行|失效|不再执行)")
_REPEALED = re.compile(r"《[^《》\n]{2,80}(?:《[^《》\n]*》[^《》\n]*)*》(?:\s*[（(][^（）()\n]{2,40}[）)])?")
_FAR, _NEAR = 30, 3  # characters between the last name and the verb
_REPEAL_LEAD = re.compile(r"未|如|若|凡|的，|依照|按照|有效期内|规定|应当|可以|可|暂时")
_PRINTED = re.compile(rf"({DATE})\s*印发\s*$", re.MULTILINE)
_TAIL_SIZE = 300  # characters
_SENTENCE = re.compile(r"[^。；\n]*[。；\n]?")
_DATED = re.compile(rf"{DATE}(?!\s*起)")  # not "自…起施行"
_ALONE = re.compile(rf"[（(]?\s*{DATE}\s*[）)]?")
_CONGRESS = re.compile(
    r"([\u4e00-\u9fff]{2,12}?(?=第))?(?:第[^届日]{1,5}届)?(全国)?(?<![\u4e00-\u9fff]日)(人民代表大会(?:常务委员会)?)"
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:省|市|自治区|自治州|自治县|特别行政区)")
_PASSED = re.compile(r"通过|修订|修正|修改|公布|发布|批准")
_ADDRESSEE = re.compile(r"[^。；！？\n]{2,400}[：:]")
_ADDRESSED = re.compile(
    r"(?:厅|局|委|部|署|办|院|会|府|司|处|所|站|中心|机构|单位|企业|公司|部门|学校|高校|医院|区|县|市|省|州|盟|旗|团|社|行|校|园|室|组"
    r"|街道|乡镇|街镇|群众|居民|同志|人)$"
)
_NO_ADDRESSEE = re.compile(r"如下|通知|公告|以下|要求|规定|决定|内容|事项|意见|根据|为了|为")
_ORDER_LINES = 2  # "中华人民共和国国务院令" and "第707号" may be two lines
_TOLD = {  # facts of the format that count before what the text says, and those that count after it
    "doc_number": True,
    "issuer": True,
    "issued_on": True,
    "expires_on": True,
    "effective_on": False,
    "publisher": False,
}


def read_facts(source: str, frame: Frame, title: str, told: Mapping[str, str]) -> tuple[Fact, ...]:
    """Every fact that the text and its format state; of a name that has one value the first counts."""
    stated = [_told(name, value) for name, value in told.items() if _TOLD.get(name)]
    facts = [fact for fact in stated if fact is not None]
    facts += [*_numbers(source, frame), *_issuers(title, frame), *_issued(frame)]
    known = {fact.name: fact.value for fact in reversed(facts)}
    printed = _printed(source) or known.get("issued_on")
    stated_start = _told("effective_on", told.get("effective_on", ""))
    effective = list(_effective(source, frame, stated_start.value if stated_start else printed))
    facts += effective
    start = effective[0].value if effective else known.get("issued_on")
    facts += _expiring(source, start)
    facts += [fact for name, value in told.items() if _TOLD.get(name) is False and (fact := _told(name, value))]
    facts += [*_addressees(source, frame), *_signed(frame), *_repealed(source)]
    return tuple(facts)


def _told(name: str, value: str) -> Fact | None:
    """A fact that the format states, in the form of facts; ``None`` where the value has not that form."""
    quote = f"（来源页面标注）{value}"
    if name.endswith("_on"):
        day = iso_date(value)
        return Fact(name, day, quote) if day else None
    if name == "doc_number":
        return Fact(name, order_number(value) or "".join(value.split()), quote) if "号" in value else None
    words = "、".join(re.split(r"[,，;；\s]+", value.strip()))
    return Fact("issuer", words, quote) if words else None


def order_number(words: str) -> str | None:
    """An order number in one spelling: 国发〔2019〕4号, 国务院令第746号, 公告2020年第5号; ``None`` where none is."""
    bare = _NUMBER_LABEL.sub("", words.strip())
    if found := _NUMBER.match(bare):
        return f"{''.join(found.group(1).split())}〔{found.group(2)}〕{int(found.group(3))}号"
    if (yearly := _YEARLY.match(bare)) and (yearly.group(1) or "公告" in words or "通告" in words):
        return f"{yearly.group(1) or '公告'}{yearly.group(2)}年第{int(yearly.group(3))}号"
    if order := _ORDER.match(bare):
        return f"{_order_name(order)}第{int(order.group(2))}号"
    return None


def _numbers(source: str, frame: Frame) -> Iterator[Fact]:
    for line in frame.header:
        bare = _NUMBER_LABEL.sub("", line.strip())
        found = _NUMBER.match(bare) or _YEARLY.fullmatch(bare)
        number = order_number(bare) if found else None
        if found and number and len(bare) <= len(found.group()) + 20:
            yield Fact("doc_number", number, line)
            return
    for place in range(min(_ORDER_LINES, len(frame.header))):
        joined = "\n".join(frame.header[place : place + 2])
        if (orders := list(_ORDER.finditer(joined))) and (number := order_number(orders[-1].group())):
            yield Fact("doc_number", number, joined)
            return
    for line in frame.header:
        if orders := list(_ORDER.finditer(line)):
            yield Fact("doc_number", f"{_order_name(orders[-1])}第{orders[-1].group(2)}号", line)
            return
    glued = _NUMBER.match(source.lstrip()[:60])
    if glued and frame.body_start <= len(glued.group()) and (number := order_number(glued.group())):
        yield Fact("doc_number", number, glued.group())


def _order_name(order: re.Match[str]) -> str:
    """The order's name without a date glued before it."""
    return re.sub(r"^.*日(?=中华人民共和国|国务院)", "", order.group(1))


def _issued(frame: Frame) -> Iterator[Fact]:
    if frame.signatures:
        if day := iso_date(frame.signatures[0][1]):
            yield Fact("issued_on", day, "\n".join(filter(None, frame.signatures[0])))
        return
    alone = [(day, line) for line in frame.header if _ALONE.fullmatch(line) and (day := iso_date(line))]
    passed = [
        (day, line)
        for line in frame.header
        if _PASSED.search(line)
        for found in _DATED.finditer(line)
        if (day := iso_date(found.group()))
    ]
    if latest := max(alone or passed, default=None):
        yield Fact("issued_on", *latest)


def _printed(source: str) -> str | None:
    """The day of printing in the last lines ("某某办公厅 2021年4月16日印发"), which 自印发之日起 counts from."""
    found = _PRINTED.findall(source[-_TAIL_SIZE:])
    return iso_date(found[-1]) if found else None


def _effective(source: str, frame: Frame, issued: str | None) -> Iterator[Fact]:
    last = _last(_EFFECTIVE, source)
    if last and (day := iso_date(last.group(1))):
        yield Fact("effective_on", day, _sentence(source, last.start()), last.start())
        return
    if issued and (found := _FROM_ISSUE.search(source)):
        yield Fact("effective_on", issued, _sentence(source, found.start()), found.start())
        return
    for line in reversed(frame.header):
        found = re.search(rf"(?:自\s*)?({DATE})\s*(?:起)?\s*(?:施行|实施|生效)", line)
        if found and (day := iso_date(found.group(1))):
            yield Fact("effective_on", day, line)
            return


def _expiring(source: str, start: str | None) -> Iterator[Fact]:
    last = _last(_EXPIRES, source)
    if last and (day := iso_date(last.group(1) or last.group(2))):
        yield Fact("expires_on", day, _sentence(source, last.start()), last.start())
        return
    for found in _TERM.finditer(source):
        sentence = _sentence(source, found.start())
        own = re.search(rf"本[\u4e00-\u9fff]{{1,12}}|{_FROM_ISSUE.pattern}|自\s*{DATE}\s*起", sentence)
        if start and own and (day := years_later(start, parse_numeral(found.group(1)))):
            yield Fact("expires_on", day, sentence, found.start())
            return


def _issuers(title: str, frame: Frame) -> Iterator[Fact]:
    prefix = re.match(r"([\u4e00-\u9fff、 \u3000]{2,60}?)(?:关于|对|印发|转发|批转)", title)
    if prefix and prefix.group(1).endswith(parser_tables.issuer_endings()):
        yield Fact("issuer", re.sub(r"[ \u3000]+", "、", prefix.group(1).strip()), title)
    order = _ORDER.match("\n".join(frame.header[:_ORDER_LINES]))
    if order:
        yield Fact("issuer", _office(order.group(1)), order.group())
    for line in reversed(frame.header):
        amended = "通过" not in line and re.search("修正|修订|修改", line) is not None
        congress = None if "批准" in line or amended else _CONGRESS.search(re.sub(rf"^[（(]?{DATE}\s*", "", line))
        if congress:  # who approves or amends a text need not be who passed it
            named = "".join(part for part in congress.groups() if part)
            place = _PLACE.match(title) if named.startswith("人民代表大会") else None
            yield Fact("issuer", (place.group() if place else "") + named, line)
    ordered = [(found, line) for line in frame.header for found in _ORDER.finditer(line)]
    if ordered:
        yield Fact("issuer", _office(_order_name(ordered[-1][0])), ordered[-1][1])
    signer = frame.signatures[0][0].strip() if frame.signatures else ""
    if signer:
        yield Fact("issuer", re.sub(r"\s+", "、", signer), signer)


def _office(order: str) -> str:
    return order.removeprefix("中华人民共和国").removesuffix("令")


def _addressees(source: str, frame: Frame) -> Iterator[Fact]:
    """主送: the first line of the body where it names offices and ends with a colon."""
    start = frame.body_start + len(source[frame.body_start :]) - len(source[frame.body_start :].lstrip())
    line = source[start:].split("\n", 1)[0].rstrip()
    words = line[:-1].rstrip()
    if _ADDRESSEE.fullmatch(line) and _ADDRESSED.search(words) and not _NO_ADDRESSEE.search(words):
        yield Fact("addressee", words, line, start)


def _signed(frame: Frame) -> Iterator[Fact]:
    for signer, day in frame.signatures:
        if signer:
            yield Fact("signature", re.sub(r"\s+", "、", signer.strip()), f"{signer}\n{day}")


def _repealed(source: str) -> Iterator[Fact]:
    """What the closing sentences repeal, one fact a document, its number as written beside it."""
    named: set[str] = set()
    for found in _REPEALS.finditer(source):
        sentence = _sentence(source, found.start())
        before = sentence[: sentence.find(found.group())]
        names = list(_REPEALED.finditer(before))
        between = before[names[-1].end() :] if names else ""
        if not names or _REPEAL_LEAD.search(between) or len(between) > (_FAR if found.group("sure") else _NEAR):
            continue
        for name in names:
            if name.group() not in named:
                named.add(name.group())
                yield Fact("repeals", name.group(), sentence, found.start())


def _last(pattern: re.Pattern[str], source: str) -> re.Match[str] | None:
    return max(pattern.finditer(source), key=lambda found: found.start(), default=None)


def _sentence(source: str, at: int) -> str:
    start = max(source.rfind(stop, 0, at) for stop in "。；\n") + 1
    found = _SENTENCE.match(source, start)
    return found.group().strip() if found else ""
