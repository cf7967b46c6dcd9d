"""Connections and settings: the environment, what the command line gives, and the systems' own defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.compile_members import EMPTY, child, flag, members, place_of, text
from engine.config.document import Node
from engine.model.finding import NOWHERE, Place, Severity
from engine.model.secret import Secret
from engine.model.values import ABSENT
from engine.spec.environment import ConnectionSpec
from engine.spec.system import SettingSpec, SystemSpec

LOCAL = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclass(frozen=True, slots=True)
class Given:
    """What was said about one connection: values with their places."""

    system: str
    base_url: Node | None = None
    allow_private: bool = False
    settings: Mapping[str, Node] = field(default_factory=dict)
    place: Place = NOWHERE


class Connections:
    """Who is connected to which account."""

    def __init__(self, systems: Mapping[str, SystemSpec], environment: Node, settings: Node, bench: Bench) -> None:
        self.systems, self.environment, self.settings, self.bench = systems, environment, settings, bench
        self.specs = self._all()
        self._nothing_promised_in_vain()

    def _nothing_promised_in_vain(self) -> None:
        """The schema knows the key, the store cannot do it yet: better no run than a false feeling of safety."""
        wish = self.environment.at("store", "encrypt")
        if wish is not None:
            hint = "take `store.encrypt` out, and keep the store on an encrypted disk"
            self.bench.say("not-supported", "the store cannot encrypt what it holds yet", wish.place, hint)

    def of_flow(self, flow: str, side: str, system: str) -> ConnectionSpec | None:
        """The connection of one side of a flow: the one it names, else the system's only one."""
        named = self.environment.at("flows", flow, side)
        mine = [one for one in self.specs.values() if one.system.name == system]
        if named is not None:
            if self.bench.holds("connection", str(named.value), [one.name for one in mine], named.place):
                return self.specs[str(named.value)]
            return None
        if len(mine) > 1:
            message = f"{system} has several connections, and the flow {flow} does not say which it uses"
            hint = f"write flows.{flow}.{side}: {mine[0].name}"
            self.bench.say("connection-unclear", message, self.environment.place, hint)
        return mine[0] if mine else None

    def _all(self) -> dict[str, ConnectionSpec]:
        given = self._given()
        for name in self.systems:
            if not any(one.system == name for one in given.values()):
                given[name] = Given(name)
        given = {name: self._with_settings(name, one) for name, one in given.items()}
        return {name: self._connection(name, one) for name, one in given.items()}

    def _given(self) -> dict[str, Given]:
        found: dict[str, Given] = {}
        for name, node in members(self.environment, "connections"):
            system = text(node, "system", name)
            if self.bench.holds("system", system, self.systems, place_of(node, "system")):
                settings = dict(members(node, "settings"))
                found[name] = Given(system, node.get("base_url"), flag(node, "allow_private"), settings, node.place)
        return found

    def _with_settings(self, name: str, given: Given) -> Given:
        """What the command line gives for the connection or for its system; those hosts may be private."""
        said = self.settings.get(name) or self.settings.get(given.system)
        if said is None:
            return given
        merged = {**given.settings, **dict(members(said, "settings"))}
        return Given(given.system, said.get("base_url") or given.base_url, True, merged, given.place)

    def _connection(self, name: str, given: Given) -> ConnectionSpec:
        system = self.systems[given.system]
        for key, node in given.settings.items():
            self.bench.holds("setting", key, system.settings, node.place, self._severity(node.place))
        said = {key: node.value if not node.is_list else node.plain() for key, node in given.settings.items()}
        values = settled(system.settings, said)
        missing = tuple(key for key, one in system.settings.items() if one.required and key not in values)
        base_url = str(given.base_url.value) if given.base_url else _rendered(system, values)
        self._host(base_url, given, system)
        return ConnectionSpec(name, system, values, base_url, given.allow_private, missing, given.place)

    def _severity(self, place: Place) -> Severity:
        """A file of settings may hold more than this ruleset asks for."""
        return Severity.WARNING if place == self.settings.place and place.file else Severity.ERROR

    def _host(self, base_url: str, given: Given, system: SystemSpec) -> None:
        if not base_url or base_url.startswith("https://") or system.connector != "http":
            return
        if given.allow_private and base_url.startswith("http://"):
            return
        place = given.base_url.place if given.base_url else system.place
        self.bench.say("host-not-https", f"the host of {system.name} is not asked over https", place, "write https://")


def settled(specs: Mapping[str, SettingSpec], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of settings: what is given, else the default; a secret is wrapped; what nobody gave is not there."""
    values: dict[str, Any] = {}
    for name, spec in specs.items():
        value = given.get(name)
        blank = value is None or value == "" or (isinstance(value, Secret) and not value)
        value = spec.default if blank else value
        if value is not None:
            values[name] = typed(spec, value)
    return values


def typed(spec: SettingSpec, value: Any) -> Any:
    """A setting in the shape of its type."""
    if isinstance(value, Secret):
        return value
    if spec.type == "secret":
        return Secret(str(value), spec.name)
    if spec.type in ("boolean", "integer", "decimal", "money", "list", "map", "object"):
        return value
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def public(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings without secrets: what expressions may see and digests may cover."""
    return {name: value for name, value in settings.items() if not isinstance(value, Secret)}


def _rendered(system: SystemSpec, values: Mapping[str, Any]) -> str:
    if system.base_url is None:
        return ""
    url = system.base_url({"settings": public(values)})
    return "" if url is ABSENT or url is None else str(url)


def as_node(tree: Any, place: Place) -> Node:
    """A plain tree as nodes that all stand in one place: `--settings FILE` has no lines worth naming."""
    if isinstance(tree, Mapping):
        return Node({str(key): as_node(one, place) for key, one in tree.items()}, place)
    return Node([as_node(one, place) for one in tree], place) if isinstance(tree, (list, tuple)) else Node(tree, place)


def declared(environment: Node, flow: str, settings: Node) -> Iterable[tuple[str, Node]]:
    """Settings of a flow that the environment, and then the command line, give."""
    yield from members(environment.at("flows", flow) or EMPTY, "settings")
    yield from members(child(settings, flow), "settings")
