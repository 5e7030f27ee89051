"""Characters that only symbol fonts have (Wingdings, Symbol), as Unicode.

Word writes them at U+F000 and above, or as ``w:sym`` with the font's code; which font is meant is said beside them.
"""

from __future__ import annotations

UNKNOWN = "〓"  # the printers' mark for a missing type
_WINGDINGS = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x73: "◆", 0x74: "◆", 0x75: "◆",
    0x76: "◆", 0x77: "◆", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA8: "□", 0xD8: "➢", 0xE0: "→", 0xDF: "←", 0xE8: "→",
    0xF0: "→", 0xEF: "←", 0xF1: "↑", 0xF2: "↓", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
    **{0x80 + place: "⓪①②③④⑤⑥⑦⑧⑨⑩"[place] for place in range(11)},
    **{0x8B + place: "⓿❶❷❸❹❺❻❼❽❾❿"[place] for place in range(11)},
}  # fmt: skip
_WINGDINGS_2 = {0x50: "√", 0x4F: "×", 0x52: "☑", 0x51: "☒", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x2A: "□"}
_SYMBOL = {
    0xB7: "·", 0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB0: "°", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞",
    0xAE: "→", 0xAC: "←", 0xD7: "·", 0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x6C: "λ",
    0x44: "Δ", 0x53: "∑", 0x57: "Ω", 0x71: "θ", 0x73: "σ", 0x66: "φ", 0x77: "ω",
}  # fmt: skip
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE = range(0xE000, 0xF900)


def symbol(code: int, font: str) -> str:
    """The character of ``code`` in ``font``; ``UNKNOWN`` where Unicode's is not known."""
    table = _FONTS.get(font.strip().lower())
    if table is not None:
        return table.get(code & 0xFF, UNKNOWN)
    usable = 0x20 <= code <= 0x10FFFF and code not in _PRIVATE and not 0xD800 <= code <= 0xDFFF
    return chr(code) if usable else UNKNOWN


def plain(text: str, font: str) -> tuple[str, int]:
    """``text`` with its symbol-font characters replaced, and how many were not known.

    Only U+F020 to U+F0FF stand for symbol fonts; other private characters are rare names' and stay.
    """
    if not any(0xF020 <= ord(character) <= 0xF0FF for character in text):
        return text, 0
    written = [
        symbol(ord(character), font or "wingdings") if 0xF020 <= ord(character) <= 0xF0FF else character
        for character in text
    ]
    return "".join(written), written.count(UNKNOWN)
