"""What both engines without torch read of a sentence-transformers folder: shape, tensors, tokenizer.

A folder is read where it is a float32 BERT or XLM-RoBERTa with mean or first-token pooling and a fast tokenizer, and
nothing more; every other folder is left to sentence-transformers.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from index.model_folder import WEIGHTS_FILE
from index.packed_model import Matrix

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER_FILE = "tokenizer.json"
_MODULES = ["Transformer", "Pooling", "Normalize"]
# RoBERTa counts positions from the one after the padding piece, BERT from 0.
_TYPES = {"bert": False, "xlm-roberta": True}
_POOLINGS: dict[str, Literal["mean", "first"]] = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "first"}


@dataclass(frozen=True, slots=True)
class BertShape:
    """The sizes of the network; ``longest`` is the number of pieces at which a text is cut off."""

    hidden: int
    layers: int
    heads: int
    epsilon: float
    first_position: int
    longest: int
    pooling: Literal["mean", "first"]


def can_read(folder: Path) -> bool:
    """Whether the engines without torch read this folder."""
    try:
        shape = read_shape(folder)
        entries = tensor_entries(folder)[0]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error):
        return False
    needed = {f"encoder.layer.{layer}.output.dense.weight" for layer in range(shape.layers)}
    return needed <= set(entries) and (folder / TOKENIZER_FILE).is_file()


def read_shape(folder: Path) -> BertShape:
    """The sizes of a folder's network.

    Raises:
        ValueError: it is another kind of network; OSError, KeyError, TypeError: it is no such folder.
    """
    config = _read_json(folder / "config.json")
    modules = [entry["type"].rsplit(".", 1)[-1] for entry in _read_json(folder / "modules.json")]
    pooling = _read_json(folder / "1_Pooling" / "config.json")
    chosen = [key for key, value in pooling.items() if key.startswith("pooling_mode") and value is True]
    absolute = config.get("position_embedding_type", "absolute") == "absolute"
    if config["hidden_act"] != "gelu" or not absolute or modules not in (_MODULES, _MODULES[:2]) or len(chosen) != 1:
        raise ValueError(folder)
    first = int(config["pad_token_id"]) + 1 if _TYPES[config["model_type"]] else 0
    positions = int(config["max_position_embeddings"]) - first
    return BertShape(
        hidden=int(config["hidden_size"]),
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        epsilon=float(config["layer_norm_eps"]),
        first_position=first,
        longest=min(positions, _longest_sequence(folder) or positions),
        pooling=_POOLINGS[chosen[0]],
    )


def _longest_sequence(folder: Path) -> int | None:
    """Where sentence-transformers cuts off, ``None`` where the folder leaves that to the network."""
    path = folder / "sentence_bert_config.json"
    if not path.is_file():
        return None
    config = _read_json(path)
    if config.get("do_lower_case"):
        raise ValueError(folder)  # the text would be changed before the tokenizer sees it
    longest = config.get("max_seq_length")
    return int(longest) if longest else None


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def tensor_entries(folder: Path) -> tuple[dict[str, Any], int]:
    """The safetensors header, by the name of the tensor, and the byte at which the tensors begin.

    Raises:
        ValueError: a tensor is not float32.
    """
    with (folder / WEIGHTS_FILE).open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    entries = {name: entry for name, entry in header.items() if not name.endswith("position_ids")}
    if any(entry["dtype"] != "F32" for entry in entries.values()):
        raise ValueError(folder)
    return entries, 8 + length


def read_tensors(folder: Path) -> dict[str, Matrix]:
    """All tensors by name, left on disk (memory map) until they are used."""
    entries, start = tensor_entries(folder)
    content = np.memmap(folder / WEIGHTS_FILE, dtype=np.uint8, mode="r", offset=0)
    tensors: dict[str, Matrix] = {}
    for name, entry in entries.items():
        first, last = entry["data_offsets"]
        tensors[name] = content[start + first : start + last].view("<f4").reshape(entry["shape"])
    return tensors


def read_tokenizer(folder: Path, longest: int) -> Tokenizer:
    """The folder's tokenizer; cuts off at ``longest`` pieces, does not pad."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    tokenizer.enable_truncation(longest)
    tokenizer.no_padding()
    return tokenizer
