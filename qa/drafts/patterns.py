"""How citations are written in drafts, as patterns: titles, places in a document, document numbers, years.

Chinese, arabic and full-width numbers, brackets of either width and the blanks of justified text make no difference.
"""

from __future__ import annotations

import re

_CHINESE = "〇零一二三四五六七八九十百千两"
_NUMBER = rf"(?:[ \u3000]?[{_CHINESE}]+|[ \u3000]?[\d０-９]{{1,4}})[ \u3000]?"
_SUFFIX = rf"(?:之[{_CHINESE}]{{1,2}}(?![{_CHINESE}])|之[\d０-９]{{1,2}})?"
_ARTICLE = rf"第{_NUMBER}条{_SUFFIX}"
_BELOW = rf"第{_NUMBER}款|第?[（(]{_NUMBER}[）)]项|第{_NUMBER}项|第{_NUMBER}目"
_ABOVE = rf"第{_NUMBER}(?:分编|部分|编|章|节)"
_UNIT = rf"(?:{_ABOVE}|{_ARTICLE}|{_BELOW})"
_STATUTE = rf"{_UNIT}(?:[的，、]?(?={_BELOW})(?<![、，]){_UNIT}|{_UNIT})*"
# A list in a plan: 三（五）1, 三、（五）1., （五）1, 附件2第3条. A number that counts something is none.
_COUNTED = r"(?![\d０-９年月日个次名人项元%％倍])"
_ARABIC = rf"(?:[、.．]?[\d０-９]{{1,2}}{_COUNTED}[.．、]?(?:[（(][\d０-９]{{1,2}}[）)])?)"
_ITEM = rf"[（(][{_CHINESE}]{{1,3}}[）)]"
_PLAN = rf"[{_CHINESE}]{{1,3}}[、.．]?{_ITEM}{_ARABIC}?"
_LOOSE = rf"{_ITEM}{_ARABIC}|{_ITEM}(?![、，])"
_POINT = rf"第{_NUMBER}点"
_ANNEX = rf"附件[{_CHINESE}\d０-９]{{0,2}}的?(?:{_STATUTE}|{_PLAN})?"

STATUTE_PLACE = re.compile(_STATUTE)
PLAN_PLACE = re.compile(rf"(?<![{_CHINESE}\d]){_PLAN}")
# Right after a document's name more is a place than elsewhere.
PLACE_AFTER_NAME = re.compile(rf"(?:中|里|的)?(?P<place>{_ANNEX}|{_PLAN}|{_STATUTE}(?:{_POINT})?|{_LOOSE}|{_POINT})")
NEXT_PLACE = re.compile(rf"(?:、|，|,|和|与|及|以及|或者?|至|到|－|—|-|~|～)(?P<place>{_STATUTE}|{_PLAN})")
HAS_ARTICLE = re.compile(_ARTICLE)
FIRST_ARTICLE = re.compile(rf"(?P<above>(?:{_ABOVE})*)(?P<article>{_ARTICLE})(?P<below>.*)", re.DOTALL)
ONLY_BELOW = re.compile(rf"(?:{_BELOW})+")

TITLE = re.compile(r"《(?P<title>(?:[^《》\n]|《[^《》\n]*》|〈[^〈〉\n]*〉){1,120})》")
REMARK = re.compile(r"[（(]([^（）()\n]{1,80})[）)]")
YEAR = re.compile(
    r"((?:19|20)\d{2})年?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:第[一二三四五六]次)?(?:修正|修订|修改|通过|公布|发布|版|文本|$)"
)
CALLED = re.compile(r"以下(?:简)?称(?:为|作)?[:：]?[“\"《〈「]*(?P<name>[^“”\"《》〈〉「」，。；]{2,30})")

_OPEN, _CLOSE = "〔\\[［【（(", "〕\\]］】）)"
DOCUMENT_NUMBER = re.compile(
    rf"(?P<agency>[\u4e00-\u9fff]{{0,12}})[ \u3000]?[{_OPEN}][ \u3000]?"
    rf"(?P<year>(?:19|20)\d{{2}}|(?:１９|２０)[０-９]{{2}})"
    rf"[ \u3000]?[{_CLOSE}][ \u3000]?第?[ \u3000]?(?P<number>[\d０-９]{{1,5}})[ \u3000]?号"
    r"|(?P<order>[\u4e00-\u9fff]{2,12}令)[ \u3000]?[（(]?第[ \u3000]?(?P<order_number>[\d０-９]{1,5})[ \u3000]?号[）)]?"
)
PROPER_BRACKETS = re.compile(r"〔\d{4}〕\d+号")
LAW_NAME_RUN = re.compile(r"[\u4e00-\u9fff（）()“”]{2,40}$")
