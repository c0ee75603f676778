"""One hardened line to a platform, under the official SDKs: pooled, timed, bounded, decoded strictly.

The SDKs are handed a `Pool` (Klaviyo, HubSpot) or a session built on it (Mailchimp), so that every request of theirs
has a connect and a read time-out, ends by the account's deadline even when the body drips, is not redirected, not
retried behind our back and not larger than `LARGEST`. `Line` wraps each SDK call in the one retry policy.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import certifi
import msgspec
import urllib3
from urllib3.response import BaseHTTPResponse, HTTPResponse

from presend.errors import BadAnswer, Gone, PlatformError, Refused, Unconfirmed, Unreachable
from presend.retry import Budget, Deadline, Policy, Retryable, call, retry_after

T = TypeVar("T")

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
LARGEST = 64 * 1024 * 1024
"""Bytes of one decoded body; a page of a thousand full Mailchimp members is under 4 MB."""

RETRY_STATUS = frozenset({429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


class Pool(urllib3.PoolManager):
    """A connection pool that never waits for ever, never follows a redirect and reads bodies against a deadline."""

    def __init__(self, deadline: Deadline, *, size: int = 8) -> None:
        super().__init__(
            maxsize=size,
            retries=urllib3.Retry(0, redirect=0, raise_on_status=False, raise_on_redirect=False),
            ca_certs=certifi.where(),
        )
        self.deadline = deadline

    def urlopen(self, method: str, url: str, redirect: bool = False, **kw: Any) -> BaseHTTPResponse:  # type: ignore[override]
        """Send one request and read its whole body. Raises urllib3's errors, a read time-out past the deadline."""
        left = self.deadline.remaining()
        if left <= 0:
            raise urllib3.exceptions.ReadTimeoutError(_NO_POOL, url, "the deadline passed")
        kw["timeout"] = urllib3.Timeout(connect=min(CONNECT_SECONDS, left), read=min(READ_SECONDS, left))
        kw["retries"] = urllib3.Retry(0, redirect=0, raise_on_status=False, raise_on_redirect=False)
        kw["preload_content"] = False
        del redirect  # whatever the SDK asks for: a redirected POST becomes a GET and looks like success
        answer = super().urlopen(method, url, redirect=False, **kw)
        try:
            body = self._read(answer, url)
        finally:
            answer.release_conn()
        headers = urllib3.HTTPHeaderDict(answer.headers)
        headers.discard("Content-Encoding")
        return HTTPResponse(
            body=io.BytesIO(body), headers=headers, status=answer.status, reason=answer.reason, preload_content=True
        )

    def _read(self, answer: BaseHTTPResponse, url: str) -> bytes:
        out = bytearray()
        try:
            # read1 returns what has come; stream would wait for a full block while a body drips.
            while piece := answer.read1(64 * 1024, decode_content=True):
                out += piece
                if self.deadline.remaining() <= 0:
                    raise urllib3.exceptions.ReadTimeoutError(_NO_POOL, url, "the deadline passed")
                if len(out) > LARGEST:
                    raise urllib3.exceptions.DecodeError(f"the body is larger than {LARGEST} bytes")
        except BaseException:
            answer.close()  # a half-read connection must not go back to the pool
            raise
        return bytes(out)


_NO_POOL = urllib3.HTTPConnectionPool("unused.invalid")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, undecoded. `repr` shows no body: it holds people's data."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


Ask = Callable[[], Answer]
"""One attempt through the SDK. May raise urllib3's errors; must not raise for a status."""


@dataclass(frozen=True, slots=True)
class Words:
    """How this platform is spoken of in error texts."""

    platform: str
    """`Mailchimp`."""
    account: str
    key_help: str
    """What to do about a refused key."""


class Line:
    """One account's line: every read and write of a connector goes through `read` or `write`."""

    def __init__(
        self,
        words: Words,
        deadline: Deadline,
        budget: Budget,
        *,
        policy: Policy | None = None,
        overloaded: Callable[[Answer], bool] | None = None,
        explain: Callable[[Answer], str] | None = None,
    ) -> None:
        self.words = words
        self.deadline = deadline
        self.budget = budget
        self.pool = Pool(deadline)
        self._policy = policy or Policy()
        self._overloaded = overloaded or (lambda _answer: False)
        self._explain = explain or (lambda _answer: "")

    def __repr__(self) -> str:
        return f"Line({self.words.platform}, {self.words.account})"

    def read(self, what: str, ask: Ask, shape: type[T], *, strict: bool = False) -> T:
        """A GET (or a reading POST), retried, decoded into `shape` by msgspec.

        Raises Refused, Gone, Unreachable or BadAnswer; a body that does not fit `shape` is tried again, then BadAnswer.
        """
        decoder = msgspec.json.Decoder(shape, strict=strict)

        def attempt() -> T:
            answer = self._attempt(what, ask, repeatable=True)
            try:
                return decoder.decode(answer.body)
            except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
                raise Retryable(
                    BadAnswer(
                        f"{self.words.platform} answered {answer.status} for {what}, but the body is not what its API "
                        f"promises ({_safe(error)}; {len(answer.body)} bytes)",
                        help="Run again; if it stays, report it with the platform's status page at hand.",
                        status=answer.status,
                    )
                ) from error

        return call(attempt, what=what, deadline=self.deadline, policy=self._policy)

    def write(self, what: str, ask: Ask, *, repeatable: bool = False) -> Answer:
        """A request that changes something; tried again only where the platform surely did nothing.

        Raises Refused, Gone, BadAnswer (a 4xx), or Unconfirmed when the platform may have done it: read back.
        """
        return call(
            lambda: self._attempt(what, ask, repeatable=repeatable, writing=True),
            what=what,
            deadline=self.deadline,
            policy=self._policy,
        )

    def _attempt(self, what: str, ask: Ask, *, repeatable: bool, writing: bool = False) -> Answer:
        with self.budget.spend(self.deadline, what):
            try:
                answer = ask()
            except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
                raise Retryable(self._unreachable(what, "no connection")) from error
            except urllib3.exceptions.MaxRetryError as error:
                if isinstance(error.reason, urllib3.exceptions.NewConnectionError):
                    raise Retryable(self._unreachable(what, "no connection")) from error
                raise self._lost(what, _safe(error.reason or error), repeatable, writing) from error
            except (urllib3.exceptions.HTTPError, OSError) as error:
                raise self._lost(what, _safe(error), repeatable, writing) from error
        if 200 <= answer.status < 300:
            return answer
        raise self._refusal(what, answer, repeatable, writing)

    def _unreachable(self, what: str, why: str) -> Unreachable:
        return Unreachable(
            f"{self.words.platform} could not be reached for {what} (account {self.words.account}): {why}",
            help="Check the network and the platform's status page, then run again.",
        )

    def _lost(self, what: str, why: str, repeatable: bool, writing: bool) -> Exception:
        if writing and not repeatable:
            return Unconfirmed(
                f"the connection to {self.words.platform} was lost during {what} ({why}): it may have been done",
                help="Look at it on the platform before doing it again.",
            )
        return Retryable(self._unreachable(what, why))

    def _refusal(self, what: str, answer: Answer, repeatable: bool, writing: bool) -> Exception:
        """The error for a status outside 2xx: Retryable where trying again can help, else the final one."""
        said = self._explain(answer)
        tail = f": {said}" if said else ""
        name, status = self.words.platform, answer.status
        asked = retry_after(answer.headers.get("Retry-After"), self.deadline.clock.now())
        if status == 429 or self._overloaded(answer):
            error: PlatformError = Unreachable(
                f"{name} is limiting requests ({status}) for {what}{tail}",
                help="Run again later, or lower how much is asked at once.",
                status=status,
            )
            return Retryable(error, wait=asked)
        if status in RETRY_STATUS or status == 408:
            if writing and not repeatable:
                return Unconfirmed(f"{name} answered {status} to {what}{tail}: it may have been done", status=status)
            error = Unreachable(f"{name} answered {status} for {what}{tail}", help="Run again later.", status=status)
            return Retryable(error, wait=asked)
        if status in (401, 403):
            return Refused(f"{name} refused {what} ({status}){tail}", help=self.words.key_help, status=status)
        if status in (404, 410):
            gone = f"{name} does not have {what} ({status}){tail}"
            return Gone(gone, help="It may have been deleted meanwhile.", status=status)
        if 300 <= status < 400:
            return BadAnswer(
                f"{name} redirected the request for {what} ({status}); redirects are never followed",
                help="Check the account's base_url.",
                status=status,
            )
        return BadAnswer(f"{name} did not accept the request for {what} ({status}){tail}", status=status)


def _safe(error: BaseException) -> str:
    """The kind of an error without its text: urllib3 and msgspec quote URLs and values in theirs."""
    return type(error).__name__
