"""The stand-in as the framework sees it: app, settings, seed, reset, dump, and the control hook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .account import Account, Clock
from .app import BASE_PATH, make_app
from .furniture import FURNITURE
from .gate import Gate
from .jobs import Jobs
from .merging import merge
from .oauth1 import TokenLogin
from .oauth2 import ClientLogin, key_pair
from .refusal import Refusal
from .rendering import View, record_json
from .scripts import check_scripts
from .suiteql import Query
from .writing import EDIT, delete, find, seed, update

ACCOUNT_ID = "123456_SB1"
CERTIFICATE_ID = "certificate-1"


class NetSuite:
    """One account behind /services/rest; what `create` gives."""

    name = "netsuite"
    base_path = BASE_PATH

    def __init__(self, clock: Clock, seed: int) -> None:
        self.clock = clock
        private, public = key_pair()
        self._certificates = {CERTIFICATE_ID: public}
        self.tokens = TokenLogin(ACCOUNT_ID)
        self.clients = ClientLogin(f"client-{seed}", self._known_certificates, self._clocks)
        self.reset()
        self.gate = Gate(make_app(self), clock, lambda: self.account.options, self.tokens, self.clients)
        self.app = self.gate
        self.settings = {
            "account_id": ACCOUNT_ID,
            "client_id": self.clients.client_id,
            "certificate_id": CERTIFICATE_ID,
            "private_key": private,
            "default_country": "US",
            "default_subsidiary": "1",
            "consumer_key": self.tokens.consumer_key,
            "consumer_secret": self.tokens.consumer_secret,
            "token_id": self.tokens.token_id,
            "token_secret": self.tokens.token_secret,
        }

    def _clocks(self) -> list[float]:
        return self.gate.clocks()

    def _known_certificates(self) -> Mapping[str, str]:
        return self._certificates | self.account.options.certificates

    def seed(self, data: dict[str, Any]) -> None:
        try:
            seed(self.account, data)
        except Refusal as refusal:
            raise ValueError(f"{refusal.detail} {refusal.places}") from None

    def reset(self) -> None:
        self.account = Account(self.clock)
        seed(self.account, FURNITURE)
        self.account.restart_ids()
        self.query = Query(self.account)
        self.jobs = Jobs(self.clock, lambda: self.account.options.job_seconds)

    def dump(self) -> dict[str, Any]:
        view = View(lambda place: f"/{place}", expand_all=True)
        records: dict[str, Any] = {
            type_: [record_json(self.account, record, view) for record in held.values()]
            for type_, held in self.account.records.items()
        }
        deleted = [asdict(deletion) for deletion in self.account.deletions]
        return records | {"deletedrecord": deleted, "login_audit": list(self.gate.audit)}

    def configure(self, data: dict[str, Any]) -> None:
        """Options of the account; `edit` is a change a person makes in the user interface."""
        options = {name: value for name, value in data.items() if name != "edit"}
        check_scripts(options.get("scripts", {}))
        self.account.options.change(options)
        if options.keys() & {"custom_fields", "utc_offset_hours"}:
            self.account.forget_fields()
            self.query = Query(self.account)
        for type_, by_id in data.get("edit", {}).items():
            for id_, values in by_id.items():
                self.edit(type_, id_, values)

    def edit(self, type_: str, id_: str, values: Mapping[str, Any]) -> None:
        """What a person types is saved as it is, short phone numbers and all."""
        before = self.account.options.phone_minimum
        self.account.options.phone_minimum = 0
        try:
            update(self.account, find(self.account, type_, id_), values, EDIT)
        except Refusal as refusal:
            raise ValueError(refusal.detail) from None
        finally:
            self.account.options.phone_minimum = before

    def control(self, command: dict[str, Any]) -> Any | None:
        """Commands of this system alone; None = not one of ours."""
        if command.get("do") == "merge":
            data = command["data"]
            try:
                return merge(self.account, str(data["from"]), str(data["into"]))
            except Refusal as refusal:
                raise ValueError(refusal.detail) from None
        if command.get("do") == "delete":
            place = command["data"]
            try:
                delete(self.account, find(self.account, str(place["type"]), str(place["id"])), "UI")
            except Refusal as refusal:
                raise ValueError(refusal.detail) from None
            return {"deleted": place["id"]}
        if command.get("do") == "revoke_tokens":
            self.clients.revoke()
            return {"revoked": True}
        return None


def create(clock: Clock, seed: int) -> NetSuite:
    return NetSuite(clock, seed)
