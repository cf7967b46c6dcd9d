"""What a system's YAML says: how to talk to it, what its records are, where it bites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.model.finding import NOWHERE, Place

Scope = Mapping[str, Any]
"""Names that a template or an expression may use."""

Render = Callable[[Scope], Any]
"""A compiled template or expression: the value, or ABSENT when it names something that is not there."""

Extract = Callable[[Any], Any]
"""A compiled JMESPath: the value, None, or ABSENT."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of an object's catalogue."""

    name: str
    type: str = "text"
    label: str = ""
    at: tuple[str, ...] = ()
    """Where it lies in the native record; () means under its own name."""
    column: str = ""
    """Name in tabular replies; "" means the name lower-cased."""
    length: int = 0
    values: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    format: str = ""
    minor_units: bool = False
    writable: bool = True
    required: bool = False
    personal: bool = False
    custom: bool = False
    part: str = ""
    to: str = ""
    """Reference: full name of the object it points to."""
    of: str = ""
    key: tuple[str, ...] = ()
    single: tuple[str, ...] = ()
    replace: str = ""
    joined_by: str = ""
    null_is: str = ""
    clear: Literal["null", "empty_text", "never"] = "null"
    compare: str = ""
    """Name of a comparator; "" means the type's own."""
    short_lived: bool = False
    detail: bool = False
    moves_with: str = ""
    verify_on_site: bool = False
    hazards: tuple[str, ...] = ()
    fields: Mapping[str, FieldSpec] = field(default_factory=dict)
    place: Place = NOWHERE

    new: bool = False
    """A mapping asks for it: it is made in the account where it is not there yet."""

    @property
    def path(self) -> tuple[str, ...]:
        """Steps into the native record, where parts stand under names of their own."""
        return (part_name(self.part), *self.path_in_part) if self.part else self.path_in_part

    @property
    def path_in_part(self) -> tuple[str, ...]:
        """Steps into the tree that holds it: the record's, or its part's."""
        return self.at or (self.name,)


def part_name(part: str) -> str:
    """The member under which a part's tree stands in a native record; no system has such a name."""
    return f"part {part}"


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """A setting that a system or a flow asks for."""

    name: str
    type: str = "text"
    title: str = ""
    required: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class PagingSpec:
    """How a listing goes on. `size` 0 leaves the size to the system."""

    kind: Literal["none", "after_last", "token", "keyset", "offset", "page", "next_link"]
    param: str = ""
    more: Extract | None = None
    token: Extract | None = None
    total: Extract | None = None
    next: Extract | None = None
    size_param: str = ""
    size: int = 0
    first: int = 1
    field: str = "id"
    """Member of a row that the next page starts after (after_last, keyset)."""
    start: str = "0"
    """What a keyset listing starts after."""
    until: Literal["more", "total", "short_page", ""] = ""
    """What ends an offset or page listing; "" means whichever of `more` and `total` is declared, else a short page."""
    place: Literal["query", "body"] = "query"


@dataclass(frozen=True, slots=True)
class RequestSpec:
    """One declared request. The connector encodes the values that a path is rendered with, each as one segment; query
    members whose value is absent are left out; body templates keep their tree shape, leaves are rendered."""

    method: str
    path: Render
    query: Mapping[str, Render] = field(default_factory=dict)
    headers: Mapping[str, Render] = field(default_factory=dict)
    body: Render | None = None
    """Members added to what is sent, as one tree."""
    encode: Literal["json", "form", "text", "csv_upload", ""] = ""
    """"" means the system's."""
    text: Render | None = None
    wrap: str = ""
    send: Literal["changed", "all", "delta", "members"] = "changed"
    items: Extract | None = None
    rows: Literal["full", "columns", "ids"] = "full"
    paging: PagingSpec | None = None
    new_id: Render | None = None
    """Scope: body, headers (lower-case names), status."""
    natural_key: str = ""
    missing_when: Render | None = None
    equality: Literal["exact", "fold_case", "folded_and_trimmed", "folded_without_blanks"] = "exact"
    lag: int = 0
    """Seconds until a written record is sure to be found this way."""
    effect: Literal["repeatable", "keyed", "findable", "once"] = "once"
    returns: Literal["record", "id", "nothing"] = "record"
    key: str = ""
    written: str = ""
    """The request line as written ("GET /things/{{ id }}"), for logs: it holds no values."""
    params: frozenset[str] = frozenset()
    """Names that path, query and body use: `since`, `after`, `id`, `value`, or a field of a related record."""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class ChangesSpec:
    """How a change is noticed. Durations are seconds; 0 means not declared."""

    kind: Literal["field", "events", "sweep"] = "sweep"
    field: str = ""
    format: str = ""
    object: str = ""
    types: tuple[str, ...] = ()
    record: Extract | None = None
    overlap: int = 0
    resolution: int = 0
    sweep: int = 0
    retention: int = 0


@dataclass(frozen=True, slots=True)
class DeletionsSpec:
    """What proves that a record is gone."""

    kind: Literal["listing", "events", "request", "flag"] = "listing"
    types: tuple[str, ...] = ()
    list: RequestSpec | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class RelationSpec:
    """Records of another object that belong to this one: `where` maps a field of theirs to a field of ours."""

    name: str
    object: str
    many: bool = True
    where: Mapping[str, str] = field(default_factory=dict)
    default: tuple[str, ...] = ()
    """Our fields that name the one that is used by default: the first that is filled."""


@dataclass(frozen=True, slots=True)
class PartSpec:
    """A group of fields behind requests of its own."""

    name: str
    read: RequestSpec | None = None
    """With a `key` it lists the parts of all records, and that member tells whose each is."""
    update: RequestSpec | None = None
    remove: RequestSpec | None = None
    """Takes one member out, where `update` sends members."""


@dataclass(frozen=True, slots=True)
class DiscoverSpec:
    """How to ask the account for its own catalogue of an object."""

    request: RequestSpec
    keyed: bool = False
    field_id: str = "id"
    label: str = "label"
    type: str = "type"


@dataclass(frozen=True, slots=True)
class ObjectSpec:
    """A kind of record of a system. `name` is the full name, `system.object`."""

    name: str
    title: str
    id: str
    fields: Mapping[str, FieldSpec]
    label: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    read_only: bool = False
    collection: str = ""
    hazards: tuple[str, ...] = ()
    changes: ChangesSpec = ChangesSpec()
    deletions: DeletionsSpec | None = None
    list: RequestSpec | None = None
    read: RequestSpec | None = None
    create: RequestSpec | None = None
    update: RequestSpec | None = None
    delete: RequestSpec | None = None
    merge: RequestSpec | None = None
    find: Mapping[str, RequestSpec] = field(default_factory=dict)
    """Field name, `map_field.*`, or `*` for any field."""
    parts: Mapping[str, PartSpec] = field(default_factory=dict)
    relations: Mapping[str, RelationSpec] = field(default_factory=dict)
    discover: DiscoverSpec | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    place: Place = NOWHERE

    @property
    def short(self) -> str:
        """The name without its system."""
        return self.name.split(".", 1)[1]


ErrorClass = Literal["retry", "throttle", "conflict", "duplicate", "missing", "refused", "unauthorised", "stop"]


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the error table; every condition that is given must hold."""

    id: str
    class_: ErrorClass
    status: tuple[int, ...] = ()
    code: str = ""
    text: str = ""
    when: Render | None = None
    """Scope: status, headers, body."""
    say: str = ""
    do: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the system allows; 0 means not declared."""

    per_second: float = 0
    per_day: int = 0
    concurrent: int = 0
    logins_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class SystemSpec:
    """One product's API."""

    name: str
    title: str
    connector: Literal["http", "files", "memory"]
    base_url: Render | None = None
    settings: Mapping[str, SettingSpec] = field(default_factory=dict)
    auth: Mapping[str, Any] = field(default_factory=dict)
    """`kind` and what that kind needs: names of settings, literals, and compiled templates (Render). `token_url` is a
    Render; a login_token's `request` is the line "POST /path", its `token` an Extract, its `lasts` seconds."""
    headers: Mapping[str, Render] = field(default_factory=dict)
    encode: Literal["json", "form", "text", "csv_upload"] = "json"
    limits: Limits = Limits()
    idempotency_header: str = ""
    idempotency_lasts: int = 0
    error_code: Extract | None = None
    error_message: Extract | None = None
    error_parameters: Extract | None = None
    """What fills the %name and %1 of the message."""
    errors: tuple[ErrorLine, ...] = ()
    webhook: Mapping[str, Any] = field(default_factory=dict)
    objects: Mapping[str, ObjectSpec] = field(default_factory=dict)
    """Keyed by full name."""
    place: Place = NOWHERE


def held_once(obj: ObjectSpec) -> tuple[str, ...]:
    """Fields whose value at most one record of the object can have."""
    natural = (obj.create.natural_key,) if obj.create and obj.create.natural_key else ()
    return tuple(dict.fromkeys((*natural, *obj.unique)))
