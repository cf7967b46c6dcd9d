"""One call from start to end: limits, auth, wire, errors, retries."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any, NamedTuple

from engine.connectors.assemble import Call
from engine.connectors.auth import Auth, Signed
from engine.connectors.decode import Undecodable, decode_json
from engine.connectors.errors import ErrorTable, Failure
from engine.connectors.retry import Budget, RetryPolicy
from engine.model.errors import ConnectorError, Unreachable
from engine.model.protocols import Clock, Limiter, Reply, Transport

logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """A reply that did what was asked, decoded. `body` is None where nothing came."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Exchange:
    """What a connection's calls go through."""

    def __init__(
        self,
        transport: Transport,
        auth: Auth,
        limiter: Limiter,
        errors: ErrorTable,
        clock: Clock,
        policy: RetryPolicy,
        name: str = "",
    ) -> None:
        self._transport = transport
        self._auth = auth
        self._limiter = limiter
        self._errors = errors
        self._clock = clock
        self._policy = policy
        self._name = name
        self._lock = threading.Lock()
        self.requests = 0

    def send(self, call: Call) -> Answer:
        """The answer, or an error that says what happens next, and which connection it is about."""
        try:
            return self._answered(call)
        except ConnectorError as error:
            error.connection = self._name
            raise

    def _answered(self, call: Call) -> Answer:
        budget = Budget(self._policy, self._clock)
        renewed = False
        while True:
            signed, outcome = self._attempt(call)
            if isinstance(outcome, Answer):
                return outcome
            if outcome.status == 401 and not renewed and self._renewed(outcome, signed):
                renewed = True
                continue
            wait = budget.wait(outcome, call.repeatable)
            if wait is None:
                raise outcome.error
            self._hold(outcome, wait)

    def _renewed(self, failure: Failure, signed: Signed) -> bool:
        return failure.class_ == "unauthorised" and bool(signed.token) and self._auth.renew(signed.token)

    def _hold(self, failure: Failure, seconds: float) -> None:
        """A throttled request holds back the whole connection, another only itself."""
        if failure.class_ == "throttle":
            self._limiter.pause(seconds)
        else:
            self._clock.sleep(seconds)

    def _attempt(self, call: Call) -> tuple[Signed, Answer | Failure]:
        self._limiter.acquire()
        signed = Signed({})
        try:
            signed = self._signed(call)
            reply = self._sent(call, signed)
            return signed, self._judged(call, reply)
        except Unreachable as error:
            return signed, Failure(error, "retry", error.status)
        finally:
            self._limiter.release()

    def _signed(self, call: Call) -> Signed:
        try:
            return self._auth.sign(call.method, call.url, call.body, call.content_type)
        except Unreachable as error:
            # the login failed, so the request itself never went out
            raise Unreachable(str(error), sent=False, status=error.status, line=error.line) from None

    def _sent(self, call: Call, signed: Signed) -> Reply:
        headers = {**call.headers, **signed.headers}
        if call.content_type:
            headers["Content-Type"] = call.content_type
        with self._lock:
            self.requests += 1
        start = self._clock.monotonic()
        reply = self._transport.send(call.method, call.url, headers, call.body)
        if logger.isEnabledFor(logging.DEBUG):
            spent = (self._clock.monotonic() - start) * 1000
            logger.debug("%s answered %d in %.0f ms", call.label, reply.status, spent)
        return reply

    def _judged(self, call: Call, reply: Reply) -> Answer | Failure:
        good = 200 <= reply.status < 300
        body = None if good and not self._errors.watches_success else _leniently(reply)
        failure = self._errors.failure(reply.status, reply.headers, body, self._clock.now())
        if failure is not None:
            return failure
        return Answer(reply.status, reply.headers, _body(call, reply))


def _leniently(reply: Reply) -> Any:
    """The tree of an error reply, or None: error pages are often no JSON."""
    try:
        return decode_json(reply.content) if reply.content else None
    except Undecodable:
        return None


def _body(call: Call, reply: Reply) -> Any:
    """The tree of a good reply. What should be a tree and is none broke on its way, never no records."""
    if call.expects == "nothing" or reply.status == 204:
        return None
    if reply.status == 202 and call.method != "GET":
        raise _broken(call, "accepted, but not done yet", reply.status)
    if "html" in reply.headers.get("content-type", ""):
        raise _broken(call, "a web page came instead of data", reply.status)
    if not reply.content.strip() and call.expects == "id":
        return None
    try:
        return decode_json(reply.content)
    except Undecodable as error:
        raise _broken(call, str(error), reply.status) from None


def _broken(call: Call, why: str, status: int) -> Unreachable:
    return Unreachable(f"{call.label}: the answer cannot be used: {why}", status=status, line="answer")
