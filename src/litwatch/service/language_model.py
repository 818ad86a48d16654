"""The one way out to a language model: any server that speaks as OpenAI's does, bounded and trusted little.

Each request has one deadline from the first byte to the last, and a size; a redirect is not followed, since it would
take the reader's key elsewhere; and nothing that the server says of itself is shown but names of errors.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from litwatch import __version__
from litwatch.config import LanguageModelSection
from litwatch.errors import ConfigError, LanguageModelError
from litwatch.service.redaction import HIDDEN, secrets_of

_T = TypeVar("_T")

_MOST_BYTES = 1024 * 1024
_LOOK_SECONDS = 0.2
"""Between two looks whether to leave off."""
_LONGEST_WAIT = 24 * 3600.0
_MOST_COUNTED = 10**9
"""Tokens: no request takes so many."""
_NAME_OF_ERROR = re.compile(r"[a-z][a-z_]{2,39}")
_OURS = frozenset({"host", "content-length", "content-type", "x-stainless-raw-response"})
"""Headers of the library that go out (by the last one it knows itself that we want the answer as it came); the others
tell of this machine, or come from its environment."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    text: str
    """As the model wrote it; "" where it wrote nothing."""
    tokens_in: int | None = None
    """As the server counted them; None where it did not, or not in whole numbers that can be."""
    tokens_out: int | None = None
    cut_off: bool = False
    """The model had more to write than it was given tokens for."""


class LanguageModel:
    """One model at one server.

    stopping: looked at while a request is under way; True breaks it off.
    """

    def __init__(self, section: LanguageModelSection, *, stopping: Callable[[], bool] = lambda: False) -> None:
        self.name = section.model
        self.timeout = section.timeout_seconds
        self._url = section.url
        self._key = section.api_key.get_secret_value()
        self._stopping = stopping
        self._limit = "max_tokens"
        """The name of that bound: newer models of OpenAI know another one."""
        self._temperature = True
        """Whether the model takes one."""

    @property
    def host(self) -> str:
        """Where it is, in words."""
        return urlsplit(self._url).netloc

    @property
    def shows_key(self) -> bool:
        """Whether the key goes over a network that others may listen to."""
        return bool(self._key) and urlsplit(self._url).scheme == "http" and not self.is_here

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        name = urlsplit(self._url).hostname or ""
        try:
            return name == "localhost" or ip_address(name).is_loopback
        except ValueError:
            return False

    def ask(self, messages: Sequence[dict[str, str]], *, schema: dict[str, Any], most_tokens: int) -> Reply:
        """What the model answers, of at most so many tokens. Raises LanguageModelError."""
        options: dict[str, Any] = {
            "model": self.name,
            "messages": list(messages),
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "opinion", "strict": True, "schema": schema},
            },
            self._limit: most_tokens,
        }
        if self._temperature:
            options["temperature"] = 0

        async def create(client: Any) -> bytes:
            answer = await client.chat.completions.with_raw_response.create(**options)
            return bytes(answer.content)

        reply = _reply(self._run(create), self.host)
        text = reply.text
        for secret in sorted(secrets_of(self._key), key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return replace(reply, text=text)

    def models(self) -> tuple[str, ...] | None:
        """The names of the models that the server has; None where it does not say. Raises LanguageModelError."""

        async def look(client: Any) -> bytes | None:
            try:
                answer = await client.models.with_raw_response.list()
            except import_module("openai").NotFoundError:
                return None
            return bytes(answer.content)

        body = self._run(look)
        try:
            listed = json.loads(body)["data"] if body is not None else None
            return None if listed is None else tuple(str(one["id"]) for one in listed)
        except (ValueError, TypeError, KeyError, RecursionError):
            return None

    def _run(self, work: Callable[[Any], Awaitable[_T]]) -> _T:
        """Does this with a client of its own, within the deadline. What is chained to an error might show the key."""
        try:
            return asyncio.run(self._within(work))
        except LanguageModelError:
            raise
        except TimeoutError:
            said = f"{self.host} did not answer within {self.timeout:g} s (judge.llm.timeout_seconds)"
            raise LanguageModelError(said) from None
        except Exception as error:
            raise self._trouble(error) from None

    async def _within(self, work: Callable[[Any], Awaitable[_T]]) -> _T:
        openai = import_module("openai")
        # The library's own timeouts begin anew with each byte; ours does not.
        http = openai.DefaultAsyncHttpxClient(
            follow_redirects=False,
            # What stays on this machine goes through no proxy, whatever the environment says.
            trust_env=not self.is_here,
            timeout=self.timeout,
            event_hooks={"request": [self._only_ours], "response": [_bound]},
        )
        key = self._key or "none"
        async with openai.AsyncOpenAI(base_url=self._url, api_key=key, max_retries=0, http_client=http) as client:
            task = asyncio.ensure_future(work(client))
            try:
                async with asyncio.timeout(self.timeout):
                    while not (await asyncio.wait({task}, timeout=_LOOK_SECONDS))[0]:
                        if self._stopping():
                            raise LanguageModelError("asking was broken off", stopped=True)
                return task.result()
            finally:
                task.cancel()
                await asyncio.wait({task})

    async def _only_ours(self, request: Any) -> None:
        """Leaves of the headers those that a request needs."""
        for name in list(request.headers):
            if name.lower() not in _OURS:
                del request.headers[name]
        request.headers["Accept"] = "application/json"
        request.headers["Accept-Encoding"] = "identity"
        request.headers["User-Agent"] = f"litwatch/{__version__}"
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"

    def _trouble(self, error: Exception) -> LanguageModelError:
        """What went wrong, in our words: a server may well repeat what it was sent."""
        found: BaseException | None = error
        while found is not None:
            if isinstance(found, LanguageModelError):
                return found
            found = found.__cause__ or found.__context__
        openai = import_module("openai")
        if isinstance(error, openai.APIStatusError):
            return self._refused(error)
        if isinstance(error, openai.APITimeoutError):
            return LanguageModelError(
                f"{self.host} did not answer within {self.timeout:g} s (judge.llm.timeout_seconds)"
            )
        if isinstance(error, openai.APIConnectionError):
            cause = error.__cause__
            unreached = cause is not None and "Connect" in type(cause).__name__
            how = "cannot be reached" if unreached else "broke the connection off"
            return LanguageModelError(f"{self.host} {how}; see judge.llm.url", at_once=True, free=unreached)
        return LanguageModelError(f"asking {self.host} failed ({type(error).__name__})")

    def _refused(self, error: Any) -> LanguageModelError:
        """A server's word that it does not answer: the status, and the name of an error."""
        status = int(error.status_code)
        if 300 <= status < 400:
            says = f"{self.host} answers {status}, a redirect, which is not followed: see judge.llm.url"
            return LanguageModelError(says, free=True)
        names = [str(name) for name in (error.code, error.type) if name]
        named = next((f" ({name})" for name in names if _NAME_OF_ERROR.fullmatch(name) and name not in self._key), "")
        says = f"{self.host} answers {status}{named}"
        if status == 400 and self._does_without(str(error.message)):
            return LanguageModelError(says, at_once=True, free=True)
        cure = {
            401: "; see judge.llm.api_key",
            403: "; see judge.llm.api_key",
            404: f": it has no model {self.name!r}, or is no such server; see judge.llm.url and judge.llm.model",
        }.get(status, "")
        wait = _seconds(error.response.headers.get("retry-after", "")) if status in (429, 503) else None
        passing = status in (408, 409, 429) or status >= 500
        # A server that failed, or waited too long, may have had the model write before.
        free = status == 503 or (status < 500 and status != 408)
        return LanguageModelError(f"{says}{cure}", at_once=passing and not wait, free=free, retry_after=wait)

    def _does_without(self, message: str) -> bool:
        """Whether the next request leaves out what this server says that it does not take."""
        before = self._limit, self._temperature
        if "max_tokens" in message:
            self._limit = "max_completion_tokens"
        elif "temperature" in message:
            self._temperature = False
        return (self._limit, self._temperature) != before


def make_language_model(
    section: LanguageModelSection, *, stopping: Callable[[], bool] = lambda: False
) -> LanguageModel:
    """Raises ConfigError where the library that it needs is not installed."""
    if find_spec("openai") is None:
        raise ConfigError('judge.method = "llm" needs a library that is not installed: pip install "litwatch[llm]"')
    return LanguageModel(section, stopping=stopping)


async def _bound(response: Any) -> None:
    """Has the body read no further than a bound: also that of an error, which the library reads whole."""
    if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise LanguageModelError(f"{response.url.host} sent a compressed answer, which was not asked for")
    # The library stands on httpx or on its successor, by its version.
    base = import_module(type(response).__module__.partition(".")[0]).AsyncByteStream

    class Bounded(base):  # type: ignore[misc, valid-type]
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            read = 0
            async for piece in self._stream:
                read += len(piece)
                if read > _MOST_BYTES:
                    raise LanguageModelError(f"{response.url.host} sent more than {_MOST_BYTES:,} bytes")
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    response.stream = Bounded(response.stream)


def _reply(body: bytes, host: str) -> Reply:
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        text = choice["message"]["content"]
    except (ValueError, TypeError, LookupError, RecursionError):
        raise LanguageModelError(
            f"{host} does not answer as such a server does; see judge.llm.url", at_once=True
        ) from None
    usage = answer.get("usage")
    counted = usage if isinstance(usage, dict) else {}
    return Reply(
        text=text if isinstance(text, str) else "",
        tokens_in=_whole(counted.get("prompt_tokens")),
        tokens_out=_whole(counted.get("completion_tokens")),
        cut_off=choice.get("finish_reason") == "length",
    )


def _whole(number: object) -> int | None:
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return number if 0 <= number <= _MOST_COUNTED else None


def _seconds(header: str) -> float | None:
    """Of a Retry-After; None where there is none, or it is a date."""
    return min(float(header), _LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", header.strip()) else None
