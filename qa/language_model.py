"""One question to an optional language model: any server of the OpenAI protocol (vLLM, Ollama, …).

Takes ``KB_LLM_URL``, ``KB_LLM_MODEL`` and the optional ``KB_LLM_KEY`` and gives the text of one reply, or ``NoReply``
within ``LONGEST_WAIT`` seconds, whatever the server does. A server that failed is left alone for ``REST`` seconds, so
that it costs one wait and not one for every question. What may be made of the reply is ``summary_check``'s.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from http.client import HTTPException, HTTPMessage
from threading import Thread
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ingest.errors import InputError, NoReply

LONGEST_WAIT = 20.0  # seconds from asking to the whole reply; the ordinary answer waits this long at most
LARGEST_REPLY = 1_000_000  # bytes
PIECE = 65_536  # bytes read between two looks at the clock
REST = 60.0  # seconds after a failure; a local server is up again in less, and nobody waits meanwhile
REMEMBERED = 64  # replies; the page asks again whenever a widget changes
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)  # reasoning models put these before their answer

_OF_THE_QUESTION = frozenset({400, 413, 422})  # the server is well, it does not take this request
_failures: dict[tuple[str, str], tuple[float, str]] = {}  # when and why; by server and model

Messages = tuple[tuple[str, str], ...]  # role and content


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Where the language model is and what it is called; ``url`` ends before ``/chat/completions``."""

    url: str
    model: str
    key: str = field(default="", repr=False)


def read_settings(environ: Mapping[str, str]) -> ModelSettings | None:
    """The settings in the environment, ``None`` where there is no language model.

    Raises:
        InputError: they do not fit together; the message names the variable.
    """
    url, model, key = (environ.get(name, "").strip() for name in ("KB_LLM_URL", "KB_LLM_MODEL", "KB_LLM_KEY"))
    if not url and not model:
        return None
    if not _is_address(url):
        raise InputError(
            f"环境变量 KB_LLM_URL 是“{url}”，应为 http:// 或 https:// 开头的地址，例如 http://localhost:11434/v1。"
            "不用语言模型时，请去掉 KB_LLM_URL 和 KB_LLM_MODEL。"
        )
    if not model:
        raise InputError("设置了环境变量 KB_LLM_URL，没有设置 KB_LLM_MODEL。请用它写明模型的名称，例如 qwen3:8b。")
    if not (key.isascii() and key.isprintable()):
        raise InputError("环境变量 KB_LLM_KEY 里有不能用于密钥的字符。请重新复制密钥。")
    return ModelSettings(url.rstrip("/"), model, key)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        plain = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = plain and url.isascii() and url.isprintable() and " " not in url
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query + parts.fragment


@lru_cache(maxsize=REMEMBERED)
def complete(settings: ModelSettings, messages: Messages) -> str:
    """The model's reply, without its thoughts; replies are remembered, failures for ``REST`` seconds.

    Raises:
        NoReply: none came whole, in time and in the form of the protocol, or the server failed a moment ago.
    """
    name = (settings.url, settings.model)
    failed_at, why = _failures.get(name, (0.0, ""))
    left = failed_at + REST - time.monotonic()
    if why and left > 0:
        raise NoReply(f"语言模型刚才没有答成（{why.rstrip('。')}），{math.ceil(left)} 秒后再问它。")
    try:
        body = _body(settings, messages)
    except NoReply as error:
        if not isinstance(error.__cause__, HTTPError) or error.__cause__.code not in _OF_THE_QUESTION:
            _failures[name] = (time.monotonic(), str(error))
        raise
    _failures.pop(name, None)
    try:
        return _content(body)
    except (ValueError, RecursionError) as error:
        raise NoReply(f"语言模型没有给出可用的回答：{type(error).__name__} {error}") from error


def _body(settings: ModelSettings, messages: Messages) -> bytes:
    """What the server sends, within ``LONGEST_WAIT``."""
    outcome: Future[bytes] = Future()

    def work() -> None:
        try:
            outcome.set_result(_request(settings, messages))
        except NoReply as error:
            outcome.set_exception(error)
        except (OSError, HTTPException, ValueError) as error:
            outcome.set_exception(NoReply(f"语言模型没有给出可用的回答：{type(error).__name__} {error}"))

    # In a thread of its own, since a socket's time limit starts anew with every byte that drips in.
    Thread(target=work, daemon=True).start()
    try:
        return outcome.result(timeout=LONGEST_WAIT)
    except TimeoutError as error:
        raise NoReply(f"语言模型在 {LONGEST_WAIT:g} 秒内没有答完。") from error


def forget_failures() -> None:
    """Ask again at once, whatever failed before."""
    _failures.clear()


class _NoRedirect(HTTPRedirectHandler):
    """The question goes to the server that was named and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


def _request(settings: ModelSettings, messages: Messages) -> bytes:
    """The body of the server's answer."""
    body = {
        "model": settings.model,
        "messages": [{"role": role, "content": content} for role, content in messages],
        "temperature": 0,
        "stream": False,
    }
    headers = {"Content-Type": "application/json"}
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    request = Request(f"{settings.url}/chat/completions", json.dumps(body).encode(), headers, method="POST")
    until = time.monotonic() + LONGEST_WAIT
    read = bytearray()
    try:
        with build_opener(_NoRedirect).open(request, timeout=LONGEST_WAIT) as response:
            while piece := response.read1(PIECE):
                read += piece
                if len(read) > LARGEST_REPLY:
                    raise NoReply(f"语言模型的回答超过 {LARGEST_REPLY} 字节。")
                if time.monotonic() > until:
                    raise NoReply(f"语言模型在 {LONGEST_WAIT:g} 秒内没有答完。")
    except HTTPError as error:
        error.close()
        raise NoReply(f"语言模型的服务器答复 {error.code}。") from error
    return bytes(read)


def _content(body: bytes) -> str:
    match json.loads(body):
        case {"choices": [{"message": {"content": str(content)}, **choice}, *_]}:
            if choice.get("finish_reason") not in (None, "stop"):
                raise NoReply("语言模型的回答没有写完。")
            return _THOUGHTS.sub("", content)
    raise NoReply("语言模型的回答不是约定的格式。")
