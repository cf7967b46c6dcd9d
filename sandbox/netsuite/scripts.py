"""User-event scripts of the account: they change values after every save, whoever saved."""

from __future__ import annotations

import re
from collections.abc import Callable

from .account import Account, Record


def run_scripts(account: Account, record: Record) -> None:
    for name, script in account.options.scripts.get(record.type, {}).items():
        verb, _, argument = script.partition(":")
        change = SCRIPTS[verb]
        if isinstance(value := record.values.get(name), str):
            record.values[name] = change(value, argument)
        elif "addressBook" in record.values:
            record.values["addressBook"] = [
                _line(line, name, change, argument) for line in record.values["addressBook"]
            ]


def check_scripts(scripts: dict[str, dict[str, str]]) -> None:
    for by_field in scripts.values():
        for script in by_field.values():
            if script.partition(":")[0] not in SCRIPTS:
                raise ValueError(f"unknown script {script}; known: {', '.join(SCRIPTS)}")


def _line(line: dict[str, object], name: str, change: Callable[[str, str], str], argument: str) -> dict[str, object]:
    address = line["address"]
    if isinstance(address, dict) and isinstance(value := address.get(name), str):
        return {**line, "address": {**address, name: change(value, argument)}}
    return line


def _phone(value: str, _: str) -> str:
    """(555) 123-4567, as the vendor's phone format preference does it."""
    digits = re.sub(r"\D", "", value)
    return f"({digits[-10:-7]}) {digits[-7:-4]}-{digits[-4:]}" if len(digits) >= 10 else digits


SCRIPTS: dict[str, Callable[[str, str], str]] = {
    "upper": lambda value, _: value.upper(),
    "lower": lambda value, _: value.lower(),
    "title": lambda value, _: value.title(),
    "trim": lambda value, _: value.strip(),
    "truncate": lambda value, size: value[: int(size)],
    "prefix": lambda value, text: text + value,
    "replace": lambda _, text: text,
    "reformat": _phone,
}
