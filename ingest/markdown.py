"""Markdown's own marks: what stands in a line besides its words.

A line in, its words and the depth of the heading (0 for none) out. Lists and tables stay as they are: their
marks may be the document's own numbers.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?-->")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})[ \t\u3000]+(.*?)(?:[ \t]+#+)?\s*$")
_QUOTE = re.compile(r"^\s{0,3}>\s?")
_STRONG = re.compile(r"(\*{2,3}|__)(?=\S)(.+?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])")
_RULE = re.compile(r"^\s{0,3}([-*_])(\s*\1){2,}\s*$")


def strip_markdown(line: str) -> tuple[str, int]:
    """The words of one line, and its depth as a heading, 0 where it is none."""
    words = _COMMENT.sub("", line)
    if _RULE.match(words):
        return "", 0
    words = _QUOTE.sub("", words)
    heading = _HEADING.match(words)
    depth = 0
    if heading:
        depth, words = len(heading.group(1)), heading.group(2)
    return _ESCAPED.sub(r"\1", _STRONG.sub(r"\2", _LINK.sub(r"\1", words))), depth
