"""Changes that a fuzzer makes to a file by words, tags and numbers: changed bytes seldom give well-formed XML."""

from __future__ import annotations

import random
import re

_TOKEN = re.compile(rb"<[^<>]{0,400}>|\d+|[^<>\d]{1,40}", re.DOTALL)
_NUMBER = re.compile(rb"-?\d+")
_EXTREMES = (b"0", b"-1", b"9", b"256", b"65536", b"99999999", b"2147483648", b"1e400", b"nan", b"g 99999999 1", b"")
_WORDS = (
    "第一条 第二条之一 第一千零八十八条 一、 （一） 1. （1） ① 第一章 附件1 附件： 。 ： ｜ "
    "2024年13月40日 自印发之日起施行 《某法》第十条 "
    "同时废止 é <p> </p> <table> <tr> </table> <w:tbl> </w:tbl> <w:p> </w:p> <w:br/> <!-- ]]> "
    "&#x1F600; << >> endobj /Kids[1_0_R]"
)
_PHRASES = (
    "\n", "目录\n", "\u3000", "\ufeff", "\u2028", "\U00020000", "\x00", "stream\n", "/Count 99999", "/Rotate 90",
    "/MediaBox[0 0 1e9 1]", "<td rowspan=9>", "<!DOCTYPE a [", "<w:altChunk r:id='r1'/>", "<ofd:TextCode X='1'>",
)  # fmt: skip
_PIECES = tuple(words.encode() for words in (*_WORDS.split(), *_PHRASES))
_MOST_CHANGES = 4


def changed(content: bytes, chance: random.Random) -> bytes:
    """``content`` after a few changes of whole words, tags and numbers; the first byte stays."""
    if len(content) < 2:
        return content + chance.choice(_PIECES)
    tokens = _TOKEN.findall(content[1:]) or [content[1:]]
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        _change(tokens, chance)
    return content[:1] + b"".join(tokens)


def _change(tokens: list[bytes], chance: random.Random) -> None:
    place = chance.randrange(len(tokens))
    kind = chance.randrange(6)
    if kind == 0 and len(tokens) > 1:
        del tokens[place : place + chance.choice((1, 1, 2, 8))]
        tokens[:] = tokens or [b""]
    elif kind == 1:
        tokens[place:place] = tokens[place : place + chance.choice((1, 2, 20))] * chance.choice((1, 1, 2, 50))
    elif kind == 2:
        other = chance.randrange(len(tokens))
        tokens[place], tokens[other] = tokens[other], tokens[place]
    elif kind == 3:
        tokens.insert(place, chance.choice(_PIECES))
    elif kind == 4:
        numbered = [at for at, token in enumerate(tokens) if _NUMBER.search(token)]
        if numbered:
            at = chance.choice(numbered)
            tokens[at] = _NUMBER.sub(chance.choice(_EXTREMES), tokens[at], count=1)
    else:
        tokens[place] = tokens[place][: chance.randrange(len(tokens[place]) + 1)]
