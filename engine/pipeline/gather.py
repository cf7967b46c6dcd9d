"""Putting open questions: to the mirror where it proves the answer, to the system where it does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from engine.functions.compare import COMPARATORS
from engine.functions.compare import proves_absence as is_as_loose
from engine.model.errors import Rejected
from engine.model.finding import Finding, Severity
from engine.model.link import Link
from engine.model.question import Answers, Question
from engine.model.record import RecordKey
from engine.model.values import UNKNOWN
from engine.pipeline.extract import extract
from engine.pipeline.needs import can_be_listed
from engine.pipeline.read_each import read_each
from engine.pipeline.stage import fields_of, stager
from engine.pipeline.workshop import Workshop
from engine.spec.rules import ROUGH
from engine.spec.system import ObjectSpec, RequestSpec


def gather(shop: Workshop, questions: Iterable[Question]) -> Answers:
    """An answer to every question; what cannot be known for certain is UNKNOWN."""
    groups: dict[tuple[str, str, str, str], list[Question]] = defaultdict(list)
    for question in questions:
        groups[question.kind, question.connection, question.object, question.path].append(question)
    answers: Answers = {}
    for (kind, *_), group in groups.items():
        answers.update(_KINDS[kind](shop, group))
    return answers


# -- records ----------------------------------------------------------------------------------------


def _record(shop: Workshop, group: list[Question]) -> Answers:
    """By id: staged and fresh, or read now."""
    connection, object, detail = group[0].connection, group[0].object, group[0].path == "detail"
    staged = shop.store.records(connection, object, [one.key for one in group])
    fresh = (connection, object) in shop.fresh
    answers: Answers = {}
    unread: list[Question] = []
    for question in group:
        record = staged.get(question.key)
        asked = (connection, object, "read", question.key) in shop.asked
        if record is not None and (fresh or asked) and (record.detail or not detail or record.gone):
            answers[question] = record
        elif record is None and (asked or (fresh and (connection, object) not in shop.doubtful)):
            answers[question] = None
        else:
            unread.append(question)
    answers.update(_read(shop, connection, shop.object(object), unread))
    return answers


def _read(shop: Workshop, connection: str, obj: ObjectSpec, questions: list[Question]) -> Answers:
    if not questions:
        return {}
    if obj.read is None:
        return dict.fromkeys(questions, UNKNOWN)
    ids = [one.key for one in questions]
    raws = [raw for _, raw in read_each(shop, connection, obj, ids)]
    stage = stager(shop, connection, obj, rows=obj.read.rows, detail=bool(shop.reads(connection, obj.name).detail))
    rows = stage.staged([raw for raw in raws if isinstance(raw, dict)], [])
    sequence = shop.store.next_sequence()
    with shop.store.transaction():
        shop.store.stage(connection, obj.name, rows, sequence=sequence)
        shop.store.mark_gone(
            connection, obj.name, [i for i, raw in zip(ids, raws, strict=True) if raw is None], sequence=sequence
        )
    for id, raw in zip(ids, raws, strict=True):
        if raw is not UNKNOWN:
            shop.asked[connection, obj.name, "read", id] = True
    found = shop.store.records(connection, obj.name, ids)
    return {
        question: UNKNOWN if raw is UNKNOWN else None if raw is None else found.get(question.key, UNKNOWN)
        for question, raw in zip(questions, raws, strict=True)
    }


# -- by index ---------------------------------------------------------------------------------------


def _match(shop: Workshop, group: list[Question]) -> Answers:
    """Records by a normalised key: the mirror's index proves absence, else the declared access path may."""
    connection, object, path = group[0].connection, group[0].object, group[0].path
    field, _, compare = path.partition("|")
    _mirror_where_blunt(shop, connection, shop.object(object), field, compare)
    if (connection, object) in shop.fresh:
        doubtful = (connection, object) in shop.doubtful
        return {one: found or (UNKNOWN if doubtful else []) for one, found in _from_index(shop, group, path).items()}
    if path.endswith(ROUGH):
        return dict.fromkeys(group, UNKNOWN)
    return {one: _found(shop, connection, shop.object(object), field, compare, one.key) for one in group}


def _mirror_where_blunt(shop: Workshop, connection: str, obj: ObjectSpec, field: str, compare: str) -> None:
    """Refresh the mirror when asking could neither find everything nor prove absence."""
    request = access_path(obj, field)
    if can_be_listed(obj) and (request is None or not proves_absence(request, compare)):
        extract(shop, connection, obj)


def _from_index(shop: Workshop, group: list[Question], path: str) -> Answers:
    connection, object = group[0].connection, group[0].object
    ids = shop.store.lookup(connection, object, path, [one.key for one in group])
    records = shop.store.records(connection, object, {id for found in ids.values() for id in found})
    return {one: [records[id] for id in ids.get(one.key, []) if id in records] for one in group}


def _found(shop: Workshop, connection: str, obj: ObjectSpec, field: str, compare: str, key: str) -> Any:
    """Ask the system. Found is found; nothing found proves absence only on a path that is sharp enough."""
    request = access_path(obj, field)
    if request is None:
        return UNKNOWN
    fields = sorted(_plain(shop, connection, obj))
    ids = _asked(
        shop, connection, obj, (f"find:{field}", key), lambda: shop.connector(connection).find(obj, field, key, fields)
    )
    if ids is UNKNOWN or (not ids and not proves_absence(request, compare)):
        return UNKNOWN
    return list(shop.store.records(connection, obj.name, ids).values())


def _asked(
    shop: Workshop, connection: str, obj: ObjectSpec, question: tuple[str, str], ask: Callable[[], list[dict[str, Any]]]
) -> Any:
    """Ids of the records that the system names, asked once in a run; UNKNOWN when it refuses the question."""
    known = (connection, obj.name, *question)
    if known in shop.asked:
        return shop.asked[known]
    request = obj.list if question[0].startswith("related:") else access_path(obj, question[0].partition(":")[2])
    try:
        raws = ask()
    except Rejected as error:
        text = f"{obj.title} could not be looked up by {question[0].partition(':')[2]}: {error}"
        shop.store.put_findings(shop.run_id, [Finding("look-up-refused", text, severity=Severity.WARNING)])
        shop.asked[known] = UNKNOWN
        return UNKNOWN
    rows = stager(shop, connection, obj, rows=request.rows if request else "full").staged(raws, [])
    shop.store.stage(connection, obj.name, rows, sequence=shop.store.next_sequence())
    shop.asked[known] = [row.id for row in rows]
    return shop.asked[known]


def access_path(obj: ObjectSpec, field: str) -> RequestSpec | None:
    """The declared way to find records by a field: its own, its map's, or any field's."""
    outer, dot, _ = field.partition(".")
    return obj.find.get(field) or (obj.find.get(f"{outer}.*") if dot else None) or obj.find.get("*")


def proves_absence(request: RequestSpec, compare: str) -> bool:
    """True when the path does not lag and is at least as loose as the comparator."""
    comparator = COMPARATORS.get(compare)
    return request.lag == 0 and comparator is not None and is_as_loose(request.equality, comparator)


def _plain(shop: Workshop, connection: str, obj: ObjectSpec) -> set[str]:
    return {name for name in fields_of(shop, connection, obj) if not obj.fields[name].detail}


def _by(shop: Workshop, group: list[Question]) -> Answers:
    """Ids by a plain field, in the order of ids; blanks and letter case do not matter."""
    connection, object, field = group[0].connection, group[0].object, group[0].path
    if (connection, object) in shop.fresh:
        keys = {one: _folded(one.key) for one in group}
        ids = shop.store.lookup(connection, object, f"by:{field}", keys.values())
        missing: Any = UNKNOWN if (connection, object) in shop.doubtful else []
        return {one: sorted(ids.get(keys[one], []), key=_by_length) or missing for one in group}
    obj = shop.object(object)
    answers: Answers = {}
    for one in group:
        found = _found(shop, connection, obj, field, "text", one.key)
        answers[one] = found if found is UNKNOWN else sorted((record.key.id for record in found), key=_by_length)
    return answers


def _folded(key: str) -> str:
    return "".join(key.split()).casefold()


def _by_length(id: str) -> tuple[int, str]:
    return len(id), id


def _related(shop: Workshop, group: list[Question]) -> Answers:
    """Records that point at a record of ours."""
    connection, object, field = group[0].connection, group[0].object, group[0].path
    if (connection, object) in shop.fresh:
        return _from_index(shop, group, f"ref:{field}")
    obj = shop.object(object)
    if obj.list is not None and field in obj.list.params:
        return {one: _listed(shop, connection, obj, field, one.key) for one in group}
    return {one: _found(shop, connection, obj, field, "exact", one.key) for one in group}


def _listed(shop: Workshop, connection: str, obj: ObjectSpec, field: str, key: str) -> Any:
    ids = _asked(
        shop, connection, obj, (f"related:{field}", key), lambda: shop.connector(connection).related(obj, {field: key})
    )
    return UNKNOWN if ids is UNKNOWN else list(shop.store.records(connection, obj.name, ids).values())


# -- from the store alone ------------------------------------------------------------------------------


def _linked(shop: Workshop, group: list[Question]) -> Answers:
    """`path` names the connection on the other side."""
    connection, object, other = group[0].connection, group[0].object, group[0].path
    links = _standing(shop, group)
    answers: Answers = {}
    for one in group:
        own = RecordKey(connection, object, one.key)
        ends = [link.other(own) for link in links.get(one.key, [])]
        answers[one] = next((end.id for end in ends if end.connection == other), None)
    return answers


def _holders(shop: Workshop, group: list[Question]) -> Answers:
    links = _standing(shop, group)
    return {one: links.get(one.key, []) for one in group}


def _standing(shop: Workshop, group: list[Question]) -> dict[str, list[Link]]:
    """Links that hold: what is only proposed, or was rejected, ties nothing."""
    found = shop.store.links_of(group[0].connection, group[0].object, [one.key for one in group])
    return {id: [link for link in links if link.state in ("confirmed", "forming")] for id, links in found.items()}


def _all(shop: Workshop, group: list[Question]) -> Answers:
    for one in group:
        if one not in shop.answers:
            shop.answers[one] = sorted(
                shop.store.all_records(one.connection, one.object), key=lambda r: _by_length(r.key.id)
            )
    return {one: shop.answers[one] for one in group}


_KINDS: dict[str, Callable[[Workshop, list[Question]], Answers]] = {
    "record": _record,
    "match": _match,
    "by": _by,
    "related": _related,
    "linked": _linked,
    "holders": _holders,
    "all": _all,
}
