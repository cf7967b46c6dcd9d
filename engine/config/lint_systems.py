"""Checks of one system: secrets, relations, requests, and the hazards that it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.config.compile_bench import Bench
from engine.config.suggest import did_you_mean
from engine.spec.system import ObjectSpec, RequestSpec, SystemSpec

Hazard = Callable[[ObjectSpec, Bench], None]


def lint_system(system: SystemSpec, bench: Bench) -> None:
    """Everything that can be said of a system alone."""
    for one in (system.base_url, *system.headers.values()):
        _settings(one, system, bench)
    for obj in system.objects.values():
        for request in requests_of(obj):
            for rendering in _renderings(request):
                _settings(rendering, system, bench)
            _record(request, obj, bench)
        _changes(obj, bench)
        _hazards(obj, bench)


def requests_of(obj: ObjectSpec) -> Iterator[RequestSpec]:
    """Every request of an object."""
    named = (obj.list, obj.read, obj.create, obj.update, obj.delete, obj.merge)
    yield from (one for one in named if one)
    yield from obj.find.values()
    for part in obj.parts.values():
        yield from (one for one in (part.read, part.update, part.remove) if one)
    if obj.deletions and obj.deletions.list:
        yield obj.deletions.list
    if obj.discover:
        yield obj.discover.request


def _renderings(request: RequestSpec) -> list[Any]:
    return [request.path, request.body, request.text, *request.query.values(), *request.headers.values()]


def _settings(rendering: Any, system: SystemSpec, bench: Bench) -> None:
    """A request names settings that are there; secrets are for `auth` alone."""
    for steps in sorted(getattr(rendering, "reads", ())):
        if steps[0] != "settings" or len(steps) < 2:
            continue
        spec, place = system.settings.get(steps[1]), getattr(rendering, "place", system.place)
        if spec is None:
            bench.unknown("setting", steps[1], system.settings, place)
        elif spec.type == "secret":
            message = f"the secret {steps[1]!r} stands in a request"
            bench.say("secret-in-template", message, place, "secrets are named in `auth` only")


def _record(request: RequestSpec, obj: ObjectSpec, bench: Bench) -> None:
    """`record.x` in a path is a field that the mapping can give."""
    for steps in sorted(getattr(request.path, "reads", ())):
        if steps[0] == "record" and len(steps) > 1:
            bench.holds("field", steps[1], obj.fields, request.place)


def _changes(obj: ObjectSpec, bench: Bench) -> None:
    if obj.changes.kind == "field" and obj.list is None:
        hint = "declare operations.list, or changes: {kind: sweep}"
        bench.say(
            "listing-missing", f"changes of {obj.name} are asked for by field, but it has no listing", obj.place, hint
        )
    create = obj.create
    if create and create.returns == "nothing" and not create.natural_key:
        hint = "say how its id is learnt: returns, new_id, or natural_key"
        bench.say("id-unknown", f"creating {obj.name} gives no id", create.place, hint)


# -- hazards -----------------------------------------------------------------------------------------------


def _hazards(obj: ObjectSpec, bench: Bench) -> None:
    for name in obj.hazards:
        if name not in HAZARDS:
            bench.say(
                "unknown-hazard",
                f"{obj.name}: nobody knows the hazard {name!r}",
                obj.place,
                did_you_mean(name, HAZARDS),
            )
            continue
        check = HAZARDS[name]
        if check:
            check(obj, bench)
    for spec in obj.fields.values():
        for name in spec.hazards:
            if name not in FIELD_HAZARDS:
                message = f"{obj.name}.{spec.name}: nobody knows the hazard {name!r}"
                bench.say("unknown-hazard", message, spec.place, did_you_mean(name, FIELD_HAZARDS))


def _meets(obj: ObjectSpec, bench: Bench, hazard: str, hint: str, place: Any = None) -> None:
    message = f"{obj.name} declares {hazard}, but its requests walk into it"
    bench.say("hazard", message, place or obj.place, hint)


def _replaces(obj: ObjectSpec, bench: Bench) -> None:
    if obj.update and obj.update.send != "all":
        _meets(obj, bench, "replaces_what_is_not_sent", "write send: all in operations.update", obj.update.place)


def _search_lags(obj: ObjectSpec, bench: Bench) -> None:
    if obj.find and not any(one.lag for one in obj.find.values()):
        _meets(obj, bench, "search_lags", "say the `lag` of the access path that searches")


def _reads_deleted(obj: ObjectSpec, bench: Bench) -> None:
    if obj.read and obj.read.missing_when is None:
        hint = "write missing_when in operations.read: a deleted record is answered like one that is there"
        _meets(obj, bench, "deleted_reads_as_200", hint, obj.read.place)


def _upserts(obj: ObjectSpec, bench: Bench) -> None:
    if obj.create and not obj.create.natural_key:
        _meets(obj, bench, "natural_key_upsert", "name the natural_key in operations.create", obj.create.place)


def _no_body(obj: ObjectSpec, bench: Bench) -> None:
    for request in (obj.create, obj.update):
        if request and request.returns == "record":
            _meets(obj, bench, "no_body_after_write", "write returns: id or returns: nothing", request.place)


def _by_day(obj: ObjectSpec, bench: Bench) -> None:
    if obj.changes.resolution < 86400:
        _meets(obj, bench, "day_resolution_cursor", "write resolution: 1d in changes")


def _unstamped(obj: ObjectSpec, bench: Bench) -> None:
    if not obj.changes.sweep:
        _meets(obj, bench, "address_edits_do_not_stamp", "write a sweep, such as 1d, in changes")


def _repeats(obj: ObjectSpec, bench: Bench) -> None:
    """Pages that are counted never end by themselves there; going on after the last id does."""
    requests = [request for request in (obj.list, *obj.find.values()) if request is not None]
    for request in requests:
        paging = request.paging
        if paging is not None and paging.kind in ("page", "offset") and paging.total is None:
            _meets(obj, bench, "last_page_repeats", "name the `total` of its paging", request.place)


HAZARDS: Mapping[str, Hazard | None] = {
    "replaces_what_is_not_sent": _replaces,
    "search_lags": _search_lags,
    "deleted_reads_as_200": _reads_deleted,
    "natural_key_upsert": _upserts,
    "no_body_after_write": _no_body,
    "day_resolution_cursor": _by_day,
    "address_edits_do_not_stamp": _unstamped,
    "last_page_repeats": _repeats,
    "no_unique_email": None,
    "external_id_shared_by_all_entities": None,
    "null_means_clear": None,
    "scripts_change_values": None,
    "sends_mail_on_create": None,
    "partial_send_unproven": None,
    "two_opt_out_stores": None,
    "blank_means_null": None,
    "children_stamped_apart": None,
    "one_person_several_companies": None,
}
"""Hazard -> what a system that declares it must say; None: checked where a rule runs into it, or told to people."""

FIELD_HAZARDS = frozenset({"fixed_after_first_transaction"})
