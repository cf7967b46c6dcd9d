"""A row of a mapping in words: where its value comes from, and what happens to it on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.report.markdown import code, codes

Source = Mapping[str, Any]


def row_words(row: Source) -> str:
    """The whole row: condition, source, default, functions, look-up, and what no value does."""
    parts = [source_words(row)]
    parts += [words(row[key]) for key, words in _AFTER.items() if key in row]
    parts += [f"only when {code(row['when'])}"] if "when" in row else []
    return "; ".join(part for part in parts if part)


def source_words(source: Any) -> str:
    """Where a value comes from."""
    if not isinstance(source, Mapping):
        return code(source)
    for key, words in _SOURCES.items():
        if key in source:
            return words(source)
    return "an object of the fields below" if "fields" in source else code(dict(source))


def inner_rows(row: Source) -> dict[str, Source]:
    """The rows of a block."""
    fields: dict[str, Source] = row.get("fields") or {}
    return fields


def _default(value: Any) -> str:
    return f"otherwise {source_words(value)}"


def _cases(lines: list[Source]) -> str:
    return "; ".join(f"{source_words(line['value'])} when {code(line['when'])}" for line in lines)


def _records(source: Source) -> str:
    where = f" for which {code(source['where'])}" if "where" in source else ""
    return f"every {code(source['records'])}{where}"


def _each(source: Source) -> str:
    items = source_words(source["each"])
    return f"one line for {items}" if items.startswith("every ") else f"one line for each of {items}"


def _calls(calls: list[Any]) -> str:
    return f"then {codes(calls)}"


def _missing(word: str) -> str:
    return _MISSING.get(word, "")


_SOURCES: Mapping[str, Callable[[Source], str]] = {
    "each": _each,
    "records": _records,
    "with": lambda source: f"an object made of {code(source['with'])}",
    "from": lambda source: code(source["from"]),
    "first_of": lambda source: f"the first filled of ({', '.join(map(source_words, source['first_of']))})",
    "value": lambda source: (
        f"always {code(source['value'])}"
        if not isinstance(source["value"], Mapping)
        else source_words(source["value"])
    ),
    "setting": lambda source: f"the setting {code(source['setting'])}",
    "template": lambda source: f"the text {code(source['template'])}",
    "expr": lambda source: f"computed: {code(source['expr'])}",
    "choose": lambda source: f"the first that holds of ({_cases(source['choose'])})",
    "collect": lambda source: f"all that hold of ({_cases(source['collect'])})",
    "unmapped": lambda _: "nothing; the field is kept as it is in the target",
}

_MISSING = {
    "hold": "without a value the record is held",
    "later": "without a value it is filled in later",
    "refuse": "without a value the record is refused",
}

_AFTER: Mapping[str, Callable[[Any], str]] = {
    "else": _default,
    "placeholder": lambda _: "a stand-in, which the other direction reads as absent",
    "apply": _calls,
    "table": lambda name: f"translated by the table {code(name)}",
    "by": lambda field: f"the record whose {code(field)} it is",
    "linked": lambda kind: f"what this {code(kind)} is linked to",
    "compare": lambda name: f"compared by {code(name)}",
    "missing": _missing,
    "others": lambda word: "lines that the source does not have are removed" if word == "remove" else "",
    "new_field": lambda new: (
        f"made as the custom field {code(new['label'])} ({new['type']}) where it is not there"
    ),
}
"""What may follow a source -> its words, in the order of evaluation."""
