"""show RECORD: what is staged of one record, and what hangs on it, read now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.cli.exits import DONE, FOUND, say
from engine.cli.naming import keys_named
from engine.cli.opening import open_shop
from engine.cli.options import Given, write
from engine.model.record import Record, RecordKey
from engine.pipeline.related import related
from engine.pipeline.workshop import Workshop
from engine.report.mask import Blind
from engine.report.wording import json_text, printable, table_text, value_text
from engine.spec.ruleset import Ruleset


def show_record(given: Given, ruleset: Ruleset, name: str, relations: Sequence[str]) -> int:
    """Write the record with its relations; personal values are masked unless they are to be revealed."""
    blind = Blind(dict(ruleset.objects), reveal=given.reveal)
    with open_shop(given, ruleset) as shop:
        keys = [key for key in keys_named(ruleset, name) if _staged(shop, key) or relations]
        found = [(key, _staged(shop, key), {one: related(shop, key, one) for one in relations}) for key in keys]
    if not found:
        say(f"{name} is not staged; `run.py sync` stages everything, `--with RELATION` reads what hangs on it now")
        return FOUND
    if given.as_json:
        write(json_text([_tree(ruleset, blind, *one) for one in found], indent=2))
    else:
        write("\n\n".join(_text(ruleset, blind, *one) for one in found))
    return DONE


def _staged(shop: Workshop, key: RecordKey) -> Record | None:
    return shop.store.records(key.connection, key.object, [key.id]).get(key.id)


def _shown(blind: Blind, record: Record) -> dict[str, Any]:
    return {name: blind.show(record.key.object, name, value) for name, value in sorted(record.fields.items())}


def _tree(
    ruleset: Ruleset, blind: Blind, key: RecordKey, record: Record | None, below: Mapping[str, Sequence[Record]]
) -> dict[str, Any]:
    lines = {name: [{"id": one.key.id, **_shown(blind, one)} for one in found] for name, found in below.items()}
    fields = _shown(blind, record) if record else None
    known = sorted(ruleset.objects[key.object].relations)
    return {"record": str(key), "object": key.object, "fields": fields, "with": lines, "relations": known}


def _text(
    ruleset: Ruleset, blind: Blind, key: RecordKey, record: Record | None, below: Mapping[str, Sequence[Record]]
) -> str:
    gone = ", gone" if record is not None and record.gone else ""
    parts = [f"{key.object} {key}{gone}"]
    if record is not None and not below:
        parts += [f"  {name}: {value_text(value)}" for name, value in _shown(blind, record).items()]
        parts.append(f"relations (--with): {', '.join(sorted(ruleset.objects[key.object].relations)) or 'none'}")
    for name, found in below.items():
        parts += [f"{name}: {len(found)}", *([_table(blind, found)] if found else [])]
    return "\n".join(parts)


def _table(blind: Blind, records: Sequence[Record]) -> str:
    """One line per record; objects and what nobody filled in are left to the JSON."""
    rows = [{"id": one.key.id, **_shown(blind, one)} for one in records]
    names = [name for name in rows[0] if any(not isinstance(row.get(name), (dict, list, type(None))) for row in rows)]
    return table_text(names, [[_cell(row.get(name)) for name in names] for row in rows])


def _cell(value: Any) -> str:
    return printable(value) if isinstance(value, str) else value_text(value)
