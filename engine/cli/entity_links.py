"""links --entity RECORD: who is linked to whom across all systems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.cli.exits import DONE, FOUND, say
from engine.cli.naming import keys_named
from engine.cli.opening import opened_store
from engine.cli.options import Given, write
from engine.model.record import Record
from engine.pipeline.entities import Belonging, Entity, Member, entities_above, entity_of
from engine.report.mask import Blind
from engine.report.wording import json_text, shortened, table_text, value_text
from engine.spec.ruleset import Ruleset
from engine.stages.view import reference_id

Above = Sequence[tuple[tuple[Belonging, ...], Entity]]
HEADS = ("record", "what", "who", "by", "role", "since")
NAME = 44


def show_entity(given: Given, ruleset: Ruleset, name: str) -> int:
    """Write the entity of a record, and those that it belongs to; personal values are masked unless revealed."""
    blind = Blind(dict(ruleset.objects), reveal=given.reveal)
    with opened_store(given) as store:
        entities = [entity_of(store, ruleset, key) for key in keys_named(ruleset, name)]
        known = [one for one in entities if len(one.members) > 1 or one.members[0].record is not None]
        found = [(one, entities_above(store, ruleset, one)) for one in known]
    if not found:
        say(f"{name} is neither linked nor staged: `run.py sync` reads it, `run.py links list` lists links")
        return FOUND
    if given.as_json:
        write(json_text([_tree(ruleset, blind, *one) for one in found], indent=2))
    else:
        write("\n\n".join(_text(ruleset, blind, *one) for one in found))
    return DONE


# -- text ----------------------------------------------------------------------------------------------


def _text(ruleset: Ruleset, blind: Blind, entity: Entity, above: Above) -> str:
    parts = [_table(ruleset, blind, entity)]
    if len(entity.members) == 1:
        parts.append("linked to nobody")
    for ways, other in above:
        says = ", ".join(f"{way.child} says so in {way.field}" for way in ways)
        parts.append(f"\nbelongs to, an entity of its own ({says}):\n{_table(ruleset, blind, other)}")
    return "\n".join(parts)


def _table(ruleset: Ruleset, blind: Blind, entity: Entity) -> str:
    rows = [_row(ruleset, blind, one) for one in entity.members]
    return table_text(HEADS, [[row[name] for name in HEADS] for row in rows])


# -- both ----------------------------------------------------------------------------------------------


def _tree(ruleset: Ruleset, blind: Blind, entity: Entity, above: Above) -> dict[str, Any]:
    belongs = [
        {
            "because": [{"record": str(way.child), "field": way.field, "of": str(way.parent)} for way in ways],
            "entity": [_row(ruleset, blind, one) for one in other.members],
        }
        for ways, other in above
    ]
    return {"entity": [_row(ruleset, blind, one) for one in entity.members], "belongs_to": belongs}


def _row(ruleset: Ruleset, blind: Blind, member: Member) -> dict[str, str]:
    link = member.link
    return {
        "record": str(member.key),
        "what": member.key.object,
        "who": _who(ruleset, blind, member.record),
        "by": link.rule if link else "",
        "role": link.role if link else "",
        "since": link.made_at if link else "",
    }


def _who(ruleset: Ruleset, blind: Blind, record: Record | None) -> str:
    """What people know the record by: the fields that its object's `label` names, without its id."""
    if record is None:
        return "(not staged)"
    object = record.key.object
    shown = [blind.show(object, name, reference_id(record.fields.get(name))) for name in ruleset.objects[object].label]
    texts = [one if isinstance(one, str) else value_text(one) for one in shown if one not in (None, "", record.key.id)]
    return shortened(f"{', '.join(texts)}{' (gone)' if record.gone else ''}", NAME)
