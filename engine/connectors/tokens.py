"""Tokens that are fetched: kept, shared over threads and processes, renewed by one at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from engine.connectors.credentials import Credentials
from engine.model.errors import Unauthorised
from engine.model.protocols import Clock, Limiter, Token, TokenStore, Transport

EARLY = 60.0
"""Seconds before its end from which a token is no longer used."""


class LoginNeeds(NamedTuple):
    """What fetching a token takes besides the credentials."""

    transport: Transport
    limiter: Limiter
    tokens: TokenStore
    clock: Clock


class MemoryTokens:
    """A token store that forgets with the process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._lock = threading.RLock()

    def load(self, connection: str) -> Token | None:
        return self._tokens.get(connection)

    def save(self, connection: str, token: Token) -> None:
        self._tokens[connection] = token

    @contextmanager
    def lock(self, connection: str) -> Iterator[None]:
        with self._lock:
            yield


class TokenAuth:
    """The current token of one connection."""

    def __init__(
        self,
        credentials: Credentials,
        needs: LoginNeeds,
        grant: Callable[[Credentials, LoginNeeds, Token | None], Token],
    ) -> None:
        self._credentials = credentials
        self._needs = needs
        self._grant = grant
        self._mutex = threading.Lock()
        self._token: Token | None = None
        self._refusal = ""

    def access(self) -> str:
        """An access token that has not ended."""
        token = self._token
        return token.access if token and self._good(token) else self.replace(token.access if token else "").access

    def replace(self, stale: str) -> Token:
        """A token other than the stale one: another thread's, another process's, or a new one."""
        with self._mutex:
            if self._token and self._usable(self._token, stale):
                return self._token
            if self._refusal:
                raise Unauthorised(self._refusal, line="login")
            with self._needs.tokens.lock(self._name):
                self._token = self._fetched(stale)
            return self._token

    def _fetched(self, stale: str) -> Token:
        held = self._needs.tokens.load(self._name)
        if held and self._usable(held, stale):
            return held
        self._needs.limiter.login()
        try:
            token = self._grant(self._credentials, self._needs, held)
        except Unauthorised as error:
            # every further attempt would count against the account and may lock it
            self._refusal = str(error)
            raise
        self._needs.tokens.save(self._name, token)
        return token

    @property
    def _name(self) -> str:
        return self._credentials.connection.name

    def _usable(self, token: Token, stale: str) -> bool:
        return token.access != stale and self._good(token)

    def _good(self, token: Token) -> bool:
        return not token.expires or token.expires - EARLY > self._needs.clock.now().timestamp()
