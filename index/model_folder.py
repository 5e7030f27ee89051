"""The default model as a standard sentence-transformers folder: packed file in, folder out.

Only the pieces that Chinese and English need are kept (about 60 thousand of 250 thousand). Which Latin pieces
English needs is taken from the package itself: it also carries the same model cut down to English and
Portuguese, and a cut by score alone to fewer pieces splits a fifth of the English words differently.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.packed_model import Matrix, PackedModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from tokenizers.normalizers import Normalizer

FINGERPRINT_FILE = "kb_model.json"
WEIGHTS_FILE = "model.safetensors"
# Counted up whenever the same packed file gives another folder: pieces kept, normalisation, prefixes.
CONVERSION_VERSION = 1
QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
SPECIAL_PIECES = ("<s>", "<pad>", "</s>", "<unk>")
MASK_PIECE = "<mask>"
SPACE_MARK = "▁"
# CJK ideographs with extension A and the compatibility block, CJK and general punctuation, full-width forms,
# and the signs that lists in office documents begin with (■ ● ▲ → ※).
_KEPT_RANGES = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0xF900, 0xFAFF),
    (0x3001, 0x303F),
    (0x2010, 0x206F),
    (0x2100, 0x26FF),
    (0xFF00, 0xFFEF),
    (0x00A0, 0x00BF),
)

_LAYER_NAMES = (
    ("q", "attention.self.query", True),
    ("k", "attention.self.key", True),
    ("v", "attention.self.value", True),
    ("ao", "attention.output.dense", True),
    ("aln", "attention.output.LayerNorm", False),
    ("fi", "intermediate.dense", True),
    ("fo", "output.dense", True),
    ("oln", "output.LayerNorm", False),
)


def kept_pieces(packed: PackedModel, english: frozenset[str]) -> list[int]:
    """Positions of the pieces to keep: the special ones first, in the order of the packed file.

    Args:
        packed: the whole model.
        english: the Latin pieces that English text needs.
    """
    kept = [packed.pieces.index(piece) for piece in SPECIAL_PIECES]
    special = {*SPECIAL_PIECES, MASK_PIECE}
    kept += [at for at, piece in enumerate(packed.pieces) if piece not in special and _is_needed(piece, english)]
    return [*kept, packed.pieces.index(MASK_PIECE)]


def _is_needed(piece: str, english: frozenset[str]) -> bool:
    letters = piece.replace(SPACE_MARK, "")
    if letters.isascii():
        return len(letters) <= 1 or not any(map(str.isalpha, letters)) or piece in english
    return all(char.isascii() or _is_kept_char(ord(char)) for char in letters)


def _is_kept_char(code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in _KEPT_RANGES)


def build_tokenizer(packed: PackedModel, kept: list[int]) -> Tokenizer:
    """The XLM-R unigram tokenizer over the kept pieces."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

    vocabulary = [(packed.pieces[at], packed.scores[at]) for at in kept]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=SPECIAL_PIECES.index("<unk>"), byte_fallback=False))
    tokenizer.normalizer = _normalizer(packed.replacements)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=SPACE_MARK, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=SPACE_MARK, prepend_scheme="always")
    begin, _, end, _ = SPECIAL_PIECES
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, 0), (end, SPECIAL_PIECES.index(end))],
    )
    tokenizer.add_special_tokens([AddedToken(piece, special=True) for piece in (*SPECIAL_PIECES, MASK_PIECE)])
    return tokenizer


def _normalizer(replacements: dict[int, str]) -> Normalizer:
    """The packed table of replacements as NFKC with its few exceptions.

    The table equals NFKC but for characters it drops, characters it reads as a space, and characters it keeps
    although NFKC would change them. The last are carried through NFKC in the private use area.
    """
    import unicodedata

    from tokenizers import Regex, normalizers

    dropped = [cp for cp, text in replacements.items() if text == ""]
    spaces = [cp for cp, text in replacements.items() if text == " " and unicodedata.normalize("NFKC", chr(cp)) != " "]
    tilde, refuge = "～", "\ue000"
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(_character_class(dropped)), ""),
            normalizers.Replace(Regex(_character_class(spaces)), " "),
            normalizers.Replace(tilde, refuge),
            normalizers.NFKC(),
            normalizers.Replace(refuge, tilde),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _character_class(code_points: list[int]) -> str:
    return "[" + "".join(f"\\x{{{cp:X}}}" for cp in sorted(code_points)) + "]"


def weights(packed: PackedModel, kept: list[int]) -> dict[str, Matrix]:
    """All tensors under the names that ``BertModel`` gives them, float32."""
    shape = packed.shape
    words = packed.tensor("emb.word").reshape(shape.vocabulary, shape.hidden)
    tensors = {
        "embeddings.word_embeddings.weight": np.ascontiguousarray(words[kept]),
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos").reshape(shape.positions, shape.hidden),
        "embeddings.token_type_embeddings.weight": packed.tensor("emb.type").reshape(shape.types, shape.hidden),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b"),
    }
    for layer in range(shape.layers):
        for short, long, is_matrix in _LAYER_NAMES:
            bias = packed.tensor(f"l{layer}.{short}.b")
            weight = packed.tensor(f"l{layer}.{short}.w")
            prefix = f"encoder.layer.{layer}.{long}"
            tensors[f"{prefix}.bias"] = bias
            tensors[f"{prefix}.weight"] = weight.reshape(bias.size, -1) if is_matrix else weight
    # Mean pooling never reads the pooler; without these zeros transformers reports missing weights at each load.
    tensors["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), dtype=np.float32)
    tensors["pooler.dense.bias"] = np.zeros(shape.hidden, dtype=np.float32)
    return tensors


def write_folder(packed: PackedModel, english: frozenset[str], folder: Path, *, name: str, origin: str) -> None:
    """Write the sentence-transformers folder, the fingerprint file last.

    Args:
        packed: the whole model.
        english: the Latin pieces that English text needs.
        folder: an existing empty folder.
        name: the model's name.
        origin: sha256 of the file the weights come from.
    """
    from safetensors.numpy import save_file

    kept = kept_pieces(packed, english)
    build_tokenizer(packed, kept).save(str(folder / "tokenizer.json"))
    save_file(weights(packed, kept), str(folder / WEIGHTS_FILE), metadata={"format": "pt"})
    for relative, content in _configuration(packed, len(kept)).items():
        path = folder / relative
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    write_fingerprint(folder, name=name, origin=origin)


def _configuration(packed: PackedModel, vocabulary: int) -> dict[str, object]:
    shape = packed.shape
    begin, pad, end, unknown = SPECIAL_PIECES
    module = "sentence_transformers.models."
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "pad_token_id": SPECIAL_PIECES.index(pad),
            "type_vocab_size": shape.types,
            "vocab_size": vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "pad_token": pad,
            "unk_token": unknown,
            "mask_token": MASK_PIECE,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}Normalize"},
        ],
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": QUERY_PREFIX, "passage": PASSAGE_PREFIX}},
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
    }


def write_fingerprint(folder: Path, *, name: str, origin: str) -> None:
    """Write ``kb_model.json``: size and sha256 of every file, and one fingerprint over all of them."""
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != FINGERPRINT_FILE
    }
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    record = {
        "name": name,
        "origin_sha256": origin,
        "conversion": CONVERSION_VERSION,
        "fingerprint": f"{name}-{digest[:16]}",
        "files": files,
    }
    (folder / FINGERPRINT_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
