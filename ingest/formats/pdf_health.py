"""Whether the text layer of a page says what the page shows.

A PDF may draw the right shapes and still name wrong characters: fonts without a Unicode table, characters in the
private-use area, codes of another script. What gives it away is the share of characters that no Chinese or Latin text
has, and Chinese characters of which none is common.
"""

from __future__ import annotations

import re
import unicodedata

_ENOUGH = 20  # visible characters: fewer say nothing
_STRANGE_SHARE = 0.08
_UNNAMED_SHARE = 0.1
_SUSPECT_STRANGE = 0.02
_SUSPECT_SIGNS = 0.06
_LEADERS = ".…·"  # between a heading and its page in a table of contents
_CHINESE_ENOUGH = 30
_COMMON_SHARE = 0.08  # real prose has 0.3
_CID = re.compile(r"\(cid:\d+\)")
_PLAIN = frozenset("§°±·×÷«»©®¥µ²³¼½¾")  # of the second half of Latin-1, what Chinese documents use
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法"
    "所民得经十二三之进着等部度家电力里如水化高自理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其然前外天政四日"
    "社义事平形相全表间样与关各重新线内数正心反明看原又利比或但质气第向道命此变条只没结解问意建月公无系务责规划安管理级市县"
    "標準題黨務員會經濟發國學應當規據個這為們來時對說產種後過動點從業與關間樣體機實現開還區縣辦條項導團結進書處總統農"
)


def visible(text: str) -> str:
    """``text`` without white space."""
    return "".join(text.split())


def is_garbled(text: str, unnamed: float = 0.0) -> bool:
    """Whether ``text``, of one page, is noise; too little text never is.

    ``unnamed`` is the share of characters that their fonts give no Unicode value: a suspicion that a few more strange
    characters, or more signs than prose has, make certain.
    """
    words = visible(text)
    if len(words) < _ENOUGH:
        return False
    strange = sum(map(_is_strange, words)) + sum(len(found) for found in _CID.findall(words))
    if strange >= _STRANGE_SHARE * len(words):
        return True
    if unnamed >= _UNNAMED_SHARE:
        plain = [character for character in words if character not in _LEADERS]
        signs = sum(character.isascii() and not character.isalnum() for character in plain)
        if strange >= _SUSPECT_STRANGE * len(words) or signs >= _SUSPECT_SIGNS * len(plain):
            return True
    chinese = [character for character in words if "\u3400" <= character <= "\u9fff"]
    common = sum(character in _COMMON for character in chinese)
    return len(chinese) >= _CHINESE_ENOUGH and common < _COMMON_SHARE * len(chinese)


def _is_strange(character: str) -> bool:
    if "\x80" <= character <= "\xff":
        return character not in _PLAIN
    return character == "\ufffd" or unicodedata.category(character) in ("Co", "Cn", "Cc", "Cs")
