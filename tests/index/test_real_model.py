"""The default model itself: quiet, without network, the same through both encoders, and of use."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from index.bert_folder import can_read
from index.encoder import AGREEMENT, LIGHT_PASSAGES, Backend, SentenceEncoder, open_encoder
from index.light_encoder import LightEncoder
from index.models import DEFAULT_MODEL, ensure_model, verify_model
from index.searcher import Searcher
from index.segmentation import Segmenter
from ingest.home import Home
from ingest.storage import Store

from .conftest import plan

pytestmark = pytest.mark.model

TEXTS = [
    "query: 学校必须做什么",
    "passage: 各级党委(党组)理论学习中心组每年至少安排一次铸牢中华民族共同体意识专题学习。",
    "query: what must schools do",
    "passage: " + "严禁针对特定少数民族过度检查、拒住、拒租、拒卖等行为。" * 40,
    "",
]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_the_folder_is_whole(model_home: Home) -> None:
    model = ensure_model(model_home, name=DEFAULT_MODEL)
    assert verify_model(model) == 8
    assert can_read(model.folder)


@pytest.mark.usefixtures("no_network")
def test_both_encoders_agree_without_network_or_noise(model_home: Home, capfd: pytest.CaptureFixture[str]) -> None:
    folder = ensure_model(model_home, name=DEFAULT_MODEL).folder
    light = LightEncoder(folder).encode(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(light, axis=1), 1, atol=1e-5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch's own imports; what loading prints is looked at below
        import sentence_transformers
    capfd.readouterr()
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    full = model.encode(TEXTS, show_progress_bar=False)
    np.testing.assert_allclose(light, full, atol=1e-5)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(("backend", "least"), [("torch", 0.99999), ("openvino", AGREEMENT)])
def test_long_lists_are_encoded_quietly_and_alike(
    model_home: Home, capfd: pytest.CaptureFixture[str], backend: Backend, least: float
) -> None:
    encoder = SentenceEncoder(ensure_model(model_home, name=DEFAULT_MODEL), backend=backend)
    few = encoder.encode_passages(TEXTS)
    many = encoder.encode_passages(TEXTS + ["社区"] * LIGHT_PASSAGES)
    assert (few * many[: len(few)]).sum(axis=1).min() >= least
    assert encoder.backend == backend
    assert encoder.dimension == 384
    assert capfd.readouterr().err == ""


def test_meaning_is_near_across_words_and_languages(model_home: Home) -> None:
    encoder = open_encoder(model_home)
    passages = encoder.encode_passages(
        ["严禁旅店拒绝少数民族群众入住。", "学校应当开展民族团结教育。", "发展现代农业和文化旅游。"]
    )
    queries = encoder.encode_queries(["酒店不让客人住", "what must schools do", "乡村产业怎么发展"])
    assert (queries @ passages.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_another_folder_of_the_model_is_read_by_path(model_home: Home, tmp_path: Path) -> None:
    copy = shutil.copytree(model_home.models / DEFAULT_MODEL, tmp_path / "own-e5")
    model = ensure_model(model_home, name=str(copy))
    assert SentenceEncoder(model).encode_queries(["学校"]).shape == (1, 384)


def test_a_question_is_answered_without_torch_and_at_once(model_home: Home, tmp_path: Path) -> None:
    home = Home(tmp_path / "kb")
    shutil.copytree(model_home.models, home.models)
    with Store.open(home, write=True) as store:
        store.add(plan())
    Searcher(home, open_encoder(home), Segmenter()).refresh()
    script = (
        "import sys; from pathlib import Path; from ingest.home import Home\n"
        "import index.searcher as s; s.ensure_corpus = lambda home, progress=None: None\n"
        f"searcher = s.Searcher.open(Home(Path({str(home.root)!r})))\n"
        "print(searcher.search('旅店拒绝接待')[0].clause.clause_id, 'torch' in sys.modules)"
    )
    started = time.perf_counter()
    ran = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["plan.n1.i3", "False"] and ran.stderr == ""
    assert time.perf_counter() - started < 20  # about 1.5 s on an idle machine
