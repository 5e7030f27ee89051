"""The engines without torch on a small network of random weights: they agree, and foreign folders are left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from index import encoder as encoder_module
from index import openvino_encoder
from index.bert_folder import can_read, read_shape
from index.encoder import LIGHT_BEFORE_OPENVINO, SentenceEncoder, backend_setting
from index.light_encoder import LightEncoder, _arranged
from index.models import ModelFolder
from index.openvino_encoder import BATCH_PIECES, OpenVinoEncoder, batches
from ingest.errors import InputError, ModelUnavailable

needs_openvino = pytest.mark.skipif(not openvino_encoder.is_installed(), reason="OpenVINO 没有安装")
HIDDEN, INNER, LAYERS, POSITIONS = 32, 64, 2, 40
WORDS = [chr(ord("一") + at) for at in range(60)]
TEXTS = ["一丁七", "", "万丈三上下" * 20, "不", "世丘丙业丛东"]

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a folder of a small random network."""

    def folder(**changes: object) -> Path:
        path = tmp_path / f"model-{len(list(tmp_path.iterdir()))}"
        (path / "1_Pooling").mkdir(parents=True)
        config: dict[str, object] = {
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": HIDDEN,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": 4,
            "layer_norm_eps": 1e-12,
            "max_position_embeddings": POSITIONS,
            "pad_token_id": 1,
        }
        pooling = str(changes.pop("pooling", "pooling_mode_mean_tokens"))
        write(path / "config.json", config | changes)
        write(path / "modules.json", [{"type": f"x.{name}"} for name in ("Transformer", "Pooling", "Normalize")])
        write(path / "1_Pooling" / "config.json", {"word_embedding_dimension": HIDDEN, pooling: True})
        tokenizer = Tokenizer(
            models.WordLevel({word: at for at, word in enumerate(["<unk>", "<pad>", *WORDS])}, unk_token="<unk>")
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
        from tokenizers.processors import TemplateProcessing

        tokenizer.post_processor = TemplateProcessing(single="<unk> $A", special_tokens=[("<unk>", 0)])
        tokenizer.save(str(path / "tokenizer.json"))
        save_file(weights(), str(path / "model.safetensors"))
        return path

    return folder


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


def weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(5)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS) + 2, HIDDEN),
        "embeddings.position_embeddings.weight": (POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
        "embeddings.LayerNorm.weight": (HIDDEN,),
        "embeddings.LayerNorm.bias": (HIDDEN,),
    }
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{prefix}.{part}.weight": (HIDDEN, HIDDEN), f"{prefix}.{part}.bias": (HIDDEN,)}
        shapes |= {
            f"{prefix}.intermediate.dense.weight": (INNER, HIDDEN),
            f"{prefix}.intermediate.dense.bias": (INNER,),
        }
        shapes |= {f"{prefix}.output.dense.weight": (HIDDEN, INNER), f"{prefix}.output.dense.bias": (HIDDEN,)}
        for part in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{prefix}.{part}.weight": (HIDDEN,), f"{prefix}.{part}.bias": (HIDDEN,)}
    # Small biases: they are the same for every text, and would make all vectors alike.
    return {
        name: (random.normal(size=shape) * (0.05 if name.endswith("bias") else 0.5)).astype(np.float32)
        for name, shape in shapes.items()
    }


@needs_openvino
@pytest.mark.parametrize("pooling", ["pooling_mode_mean_tokens", "pooling_mode_cls_token"])
@pytest.mark.parametrize("model_type", ["bert", "xlm-roberta"])
def test_both_engines_agree(make: Make, model_type: str, pooling: str) -> None:
    folder = make(model_type=model_type, pooling=pooling)
    assert can_read(folder)
    light, fast = LightEncoder(folder).encode(TEXTS), OpenVinoEncoder(folder).encode(TEXTS)
    assert fast.shape == light.shape and fast.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(fast, axis=1), 1, atol=1e-3)
    assert (light * fast).sum(axis=1).min() > 0.98  # a net of noise is less even than a trained one
    assert (light @ fast.T).argmax(axis=1).tolist() == list(range(len(TEXTS)))


@needs_openvino
def test_a_vector_does_not_depend_on_what_is_encoded_beside_it(make: Make) -> None:
    fast = OpenVinoEncoder(make())
    together = fast.encode(TEXTS * 3)
    alone = np.concatenate([fast.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(together[: len(TEXTS)], alone, atol=0.02)
    np.testing.assert_allclose(together[: len(TEXTS)], together[-len(TEXTS) :], atol=0.02)


def test_a_text_is_cut_off_where_sentence_transformers_cuts_it(make: Make) -> None:
    folder = make()
    assert read_shape(folder).longest == POSITIONS
    assert read_shape(make(model_type="xlm-roberta")).longest == POSITIONS - 2
    write(folder / "sentence_bert_config.json", {"max_seq_length": 12})
    vectors = LightEncoder(folder).encode(["一丁七万丈三上下不与丏" + "丐" * 9, "一丁七万丈三上下不与丏" + "丑" * 9])
    np.testing.assert_array_equal(vectors[0], vectors[1])


@pytest.mark.parametrize(
    "changes",
    [
        {"model_type": "qwen3"},
        {"hidden_act": "relu"},
        {"position_embedding_type": "relative_key"},
        {"pooling": "pooling_mode_max_tokens"},
        {"num_hidden_layers": LAYERS + 1},
    ],
)
def test_another_kind_of_network_is_left_to_sentence_transformers(make: Make, changes: dict[str, object]) -> None:
    assert not can_read(make(**changes))


def test_a_folder_that_lowers_case_or_holds_half_precision_is_left_too(make: Make, tmp_path: Path) -> None:
    lowering, half = make(), make()
    write(lowering / "sentence_bert_config.json", {"max_seq_length": 40, "do_lower_case": True})
    save_file({name: tensor.astype(np.float16) for name, tensor in weights().items()}, str(half / "model.safetensors"))
    assert not can_read(lowering) and not can_read(half) and not can_read(tmp_path / "none")


def test_batches_hold_each_row_once_and_stay_small() -> None:
    lengths = [7, 900, 3, 3000, 512, 512, 512, 512, 512, 1]
    found = list(batches(lengths))
    assert sorted(row for batch in found for row in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= BATCH_PIECES for batch in found)
    assert found[-1] == [3]
    assert list(batches([])) == []


@pytest.mark.parametrize(
    ("environ", "expected"), [({}, "auto"), ({"KB_BACKEND": " "}, "auto"), ({"KB_BACKEND": "Torch"}, "torch")]
)
def test_the_backend_is_set_by_one_variable(environ: dict[str, str], expected: str) -> None:
    assert backend_setting(environ) == expected


def test_an_unknown_backend_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="KB_BACKEND 是“onnx”，应为 auto、openvino、torch 之一"):
        backend_setting({"KB_BACKEND": "onnx"})


def of(folder: Path) -> ModelFolder:
    return ModelFolder("small", folder, "", "", "small-1")


@needs_openvino
def test_a_long_list_goes_through_openvino_a_short_one_does_not(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "AGREEMENT", 0.9)
    encoder = SentenceEncoder(of(make()))
    light = LightEncoder(make()).encode(["一丁七"])
    np.testing.assert_array_equal(encoder.encode_passages(["一丁七"]), light)
    long = encoder.encode_passages(["一丁七"] * (LIGHT_BEFORE_OPENVINO + 1))
    assert encoder.backend == "openvino" and not np.array_equal(long[:1], light)
    np.testing.assert_array_equal(encoder.encode_queries(["一丁七"]), light)


@pytest.mark.parametrize("fault", ["disagrees", "refuses", "missing"])
def test_torch_is_used_where_openvino_is_of_no_use(make: Make, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    class Foreign:
        def __init__(self, folder: Path) -> None:
            if fault == "refuses":
                raise RuntimeError("no such instruction")

        def encode(self, texts: list[str]) -> np.ndarray:
            return np.full((len(texts), HIDDEN), HIDDEN**-0.5, np.float32)

    monkeypatch.setattr(encoder_module, "OpenVinoEncoder", Foreign)
    monkeypatch.setattr(openvino_encoder, "is_installed", lambda: fault != "missing")
    folder = make()
    assert SentenceEncoder(of(folder)).backend == "torch"
    with pytest.raises(ModelUnavailable, match=r"KB_BACKEND=openvino.*pip install openvino"):
        SentenceEncoder(of(folder), backend="openvino").backend  # noqa: B018
    assert SentenceEncoder(of(folder), backend="torch").backend == "torch"


@pytest.mark.parametrize(("columns", "rows"), [(96, 40), (50, 8)])
def test_a_matrix_in_blocks_multiplies_as_the_whole_one_does(columns: int, rows: int) -> None:
    random = np.random.default_rng(3)
    matrix, state = random.normal(size=(columns, rows)), random.normal(size=(7, rows))
    blocks = _arranged("encoder.layer.0.output.dense.weight", matrix.astype(np.float32))
    assert blocks.shape == ((3, 40, 32) if columns == 96 else (1, 8, 50))
    product = (state.astype(np.float32) @ blocks).transpose(1, 0, 2).reshape(7, -1)
    np.testing.assert_allclose(product, state @ matrix.T, atol=1e-4)
