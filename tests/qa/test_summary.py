"""A language model beside the ordinary summary: a local server of the protocol that behaves, and that does not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from ingest.errors import InputError
from qa import language_model, summary
from qa.contract import answer_json
from qa.engine import Engine
from qa.language_model import LARGEST_REPLY, ModelSettings, read_settings
from qa.records import Answer
from qa.report import answer_text
from qa.summary import summarised
from qa.wording import Wording

QUESTION = "书库每周开放几次"
GOOD = "学校应当每周开放书库不少于3次[1]。"
CLAUSE = "library.n2.i1.r1"


def chat(content: str, finish: str = "stop") -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode()


def asked(engine: Engine, question: str, language: str = "zh", **how: Any) -> Answer:
    """The answer with what the language model makes of it."""
    return summarised(engine.ask(question, language=language, **how), Wording(language)).answer


class Server:
    """Answers every request with ``act`` and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.act: Callable[[BaseHTTPRequestHandler], None] = lambda handler: send(handler, chat(GOOD))
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, dict(self.headers), json.loads(body)))
                try:
                    outer.act(self)
                except OSError:
                    self.close_connection = True  # the asker went away first

            def do_GET(self) -> None:
                outer.asked.append((self.path, {}, {}))

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, length: int | None = None) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def redirect(handler: BaseHTTPRequestHandler, status: int) -> None:
    handler.send_response(status)
    handler.send_header("Location", f"http://localhost:{handler.server.server_port}/elsewhere")  # type: ignore[attr-defined]
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for longer than anybody waits."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        time.sleep(0.05)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    language_model.complete.cache_clear()
    language_model.forget_failures()
    made = Server()
    thread = Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("KB_LLM_URL", made.url + "/")
    monkeypatch.setenv("KB_LLM_MODEL", "toy")
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_a_behaving_server_adds_its_sentences_and_changes_nothing_else(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_LLM_KEY", "secret")
    answer = asked(engine, QUESTION)
    assert [(each.text, each.clause_ids) for each in answer.written] == [("学校应当每周开放书库不少于3次。", (CLAUSE,))]
    assert answer_json(answer)["written"] == [{"sentence": "学校应当每周开放书库不少于3次。", "clause_ids": [CLAUSE]}]
    ((path, headers, body),) = server.asked
    assert (path, headers["Authorization"], body["model"]) == ("/v1/chat/completions", "Bearer secret", "toy")
    monkeypatch.delenv("KB_LLM_URL")
    monkeypatch.delenv("KB_LLM_MODEL")
    assert asked(engine, QUESTION) == replace(answer, written=())


def test_only_the_question_and_the_found_clauses_are_sent(engine: Engine, server: Server) -> None:
    answer = asked(engine, QUESTION)
    system, user = server.asked[0][2]["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    sent = json.loads(user["content"])
    (clause,) = [citation.clause for citation in answer.citations]
    assert sent == {
        "question": QUESTION,
        "clauses": [
            {"number": 1, "source": answer.citations[0].reference, "lead_in": clause.lead_in, "text": clause.text}
        ],
    }


def test_the_text_shows_whose_words_they_are_below_the_ordinary_summary(engine: Engine, server: Server) -> None:
    lines = answer_text(asked(engine, QUESTION), "zh").splitlines()
    assert lines[1:4] == [
        "",
        "由语言模型根据所引条款归纳，请以原文为准：",
        "   学校应当每周开放书库不少于3次。（依据：《星河区图书馆服务行动方案》二（一）1）",
    ]
    assert lines[0] == asked(engine, QUESTION).summary and "“学校应当每周开放书库不少于3次。”" in lines[-1]


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        (GOOD + "学校应当每周开放书库不少于3次，《夜空法》第一条另有规定[2]。", 1),  # invents a clause
        ("规定“学校可以随时开放书库”[1]。", 0),  # misquotes
        ("学校应当每周开放书库不少于3次。", 0),  # cites nothing
        ("", 0),
        (f"<think>第9条[1]。</think>{GOOD}", 1),
    ],
)
def test_what_the_clauses_do_not_bear_out_is_left_out(engine: Engine, server: Server, reply: str, kept: int) -> None:
    server.act = lambda handler: send(handler, chat(reply))
    assert len(asked(engine, QUESTION).written) == kept


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda h: send(h, chat(GOOD)[:-60], length=len(chat(GOOD))), id="cut off in the middle"),
        pytest.param(lambda h: send(h, chat(GOOD, "length")), id="not written to the end"),
        pytest.param(lambda h: send(h, chat(GOOD), status=500), id="500"),
        pytest.param(lambda h: send(h, chat(GOOD), status=401), id="401"),
        pytest.param(lambda h: send(h, b"<html>nonsense</html>"), id="nonsense"),
        pytest.param(lambda h: send(h, b"[" * 100_000), id="nested without end"),
        pytest.param(lambda h: send(h, b'{"choices": []}'), id="no choice"),
        pytest.param(lambda h: send(h, b'{"choices": [{"message": {"content": null}}]}'), id="no content"),
        pytest.param(lambda h: send(h, b"\xff\xfe\x00"), id="not text"),
        pytest.param(lambda h: send(h, chat(GOOD) + b" " * LARGEST_REPLY), id="huge"),
        pytest.param(lambda h: h.wfile.write(b"nonsense\r\n\r\n"), id="another protocol"),
        pytest.param(lambda h: redirect(h, 302), id="elsewhere"),
        pytest.param(lambda h: redirect(h, 307), id="elsewhere with the question"),
    ],
)
def test_a_misbehaving_server_leaves_the_ordinary_answer(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch, act: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    server.act = act
    answer = asked(engine, QUESTION)
    assert len(server.asked) == 1  # and nowhere else
    monkeypatch.delenv("KB_LLM_URL")
    monkeypatch.delenv("KB_LLM_MODEL")
    assert answer == asked(engine, QUESTION)


@pytest.mark.parametrize("act", [drip, lambda handler: time.sleep(5.0)], ids=["drips", "hangs"])
def test_nobody_waits_longer_than_the_limit(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch, act: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    asked(engine, QUESTION)  # warm, so that only the wait is measured
    language_model.complete.cache_clear()
    monkeypatch.setattr(language_model, "LONGEST_WAIT", 0.2)
    server.act = act
    began = time.monotonic()
    answer = asked(engine, QUESTION)
    assert time.monotonic() - began < 1.9
    assert answer.answered and answer.written == ()


def test_nobody_listens(engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_LLM_URL", "http://127.0.0.1:1/v1")
    assert asked(engine, QUESTION).answered and not server.asked


@pytest.mark.parametrize("question", ["二（一）1", "进连队有什么要求", "火箭怎么发射", ""])
def test_lookups_and_refusals_are_not_sent(engine: Engine, server: Server, question: str) -> None:
    assert asked(engine, question).written == () and not server.asked


def test_long_lists_and_long_material_are_not_sent(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "MOST_CITATIONS", 1)
    assert asked(engine, "学校必须做什么").written == () and not server.asked
    monkeypatch.setattr(summary, "LONGEST_MATERIAL", 100)
    assert asked(engine, QUESTION).written == () and not server.asked


def test_a_list_from_the_register_is_summarised(engine: Engine, server: Server) -> None:
    answer = asked(engine, "学校必须做什么", doc_ids=["library"])
    assert answer.route == "register" and answer.written[0].clause_ids == (CLAUSE,)


def test_a_reply_is_asked_for_once_and_a_failure_again_after_a_while(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.act = lambda handler: send(handler, b"", status=503)
    assert asked(engine, QUESTION).written == asked(engine, QUESTION).written == ()
    assert len(server.asked) == 1  # the second question does not wait for a server that just failed
    server.act = lambda handler: send(handler, chat(GOOD))
    monkeypatch.setattr(language_model, "REST", 0.0)
    assert asked(engine, QUESTION).written == asked(engine, QUESTION).written != ()
    assert len(server.asked) == 2


def test_a_server_that_hangs_costs_one_wait_for_many_questions(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language_model, "LONGEST_WAIT", 0.2)
    server.act = lambda handler: time.sleep(1.0)
    answers = [engine.ask(question) for question in (QUESTION, "学校必须做什么", "书库开放要求是什么")]
    began = time.monotonic()
    found = [summarised(answer, Wording("zh")) for answer in answers if answer.answered]
    assert len(found) >= 2 and time.monotonic() - began < 0.9
    assert found[0].reason == "语言模型在 0.2 秒内没有答完。"
    assert all("刚才没有答成（语言模型在 0.2 秒内没有答完），60 秒后" in each.reason for each in found[1:])
    assert len(server.asked) == 1


def test_a_refused_request_says_nothing_about_the_next(engine: Engine, server: Server) -> None:
    server.act = lambda handler: send(handler, b"too long", status=413)
    asked(engine, QUESTION)
    server.act = lambda handler: send(handler, chat(GOOD))
    assert asked(engine, QUESTION).written


def test_another_server_is_asked_while_one_rests(
    engine: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_LLM_URL", "http://127.0.0.1:1/v1")
    asked(engine, QUESTION)
    monkeypatch.setenv("KB_LLM_URL", server.url)
    assert asked(engine, QUESTION).written


def test_english_asks_in_english(engine: Engine, server: Server) -> None:
    asked(engine, QUESTION, language="en")
    assert server.asked[0][2]["messages"][0]["content"].startswith("You write")


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"KB_LLM_URL": "localhost:8000", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "file:///etc/passwd", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "http://", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "http://[", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "http://a:99999", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "http://a/v1?x=1", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "http://a/v 1", "KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_MODEL": "m"}, "KB_LLM_URL"),
        ({"KB_LLM_URL": "http://a/v1"}, "KB_LLM_MODEL"),
        ({"KB_LLM_URL": "http://a/v1", "KB_LLM_MODEL": "m", "KB_LLM_KEY": "a\nb"}, "KB_LLM_KEY"),
    ],
)
def test_wrong_settings_are_refused_by_name(environ: dict[str, str], named: str) -> None:
    with pytest.raises(InputError, match=named):
        read_settings(environ)


def test_settings_may_be_missing_and_keep_the_key_to_themselves() -> None:
    assert read_settings({}) is read_settings({"KB_LLM_URL": " ", "KB_LLM_KEY": "k"}) is None
    settings = read_settings({"KB_LLM_URL": "https://a:8/v1/", "KB_LLM_MODEL": "m", "KB_LLM_KEY": "k-1"})
    assert settings == ModelSettings("https://a:8/v1", "m", "k-1") and "k-1" not in repr(settings)


def test_wrong_settings_are_told_at_the_first_question(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KB_LLM_URL", "ftp://a")
    with pytest.raises(InputError, match="KB_LLM_URL"):
        asked(engine, QUESTION)
