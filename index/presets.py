"""Prefixes that known embedding models want before a query and before a passage."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """The prefixes of one family; ``marks`` are the lower-case parts of a name that all must occur in it."""

    marks: tuple[str, ...]
    query_prefix: str
    passage_prefix: str


_INSTRUCTION = "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:"

# As the authors of each model write them in its card. First match wins.
PRESETS: tuple[Preset, ...] = (
    Preset(("bge", "zh"), "为这个句子生成表示以用于检索相关文章：", ""),
    Preset(("bge-m3",), "", ""),
    Preset(("m3e",), "", ""),
    Preset(("qwen3-embedding",), _INSTRUCTION, ""),
    Preset(("gte-qwen",), f"{_INSTRUCTION} ", ""),
    Preset(("gte",), "", ""),
    Preset(("e5", "instruct"), f"{_INSTRUCTION} ", ""),
    Preset(("e5",), "query: ", "passage: "),
)


def preset_for(name: str) -> Preset | None:
    """The preset of the model ``name`` (a hub name, or a folder's name), ``None`` for an unknown family."""
    lowered = name.lower()
    return next((preset for preset in PRESETS if all(mark in lowered for mark in preset.marks)), None)
