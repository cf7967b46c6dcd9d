"""Open questions that deciding puts, and the shape of their answers."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple


class Question(NamedTuple):
    """One question about what systems hold.

    record   the record `key`; with path "detail" also the fields that only a read brings.
             Answer: Record, None (proved missing) or UNKNOWN
    related  records whose field `path` holds `key`. Answer: list of Record, or UNKNOWN
    match    records whose index `path` holds the normalised `key`. Answer: list of Record, complete, or UNKNOWN
             (an empty list proves absence)
    by       ids of records whose field `path` reads `key`. Answer: list of ids, or UNKNOWN
    linked   `key` of `object` in the flow's other system. Answer: id there, or None
    holders  links that the record `key` has with source records. Answer: list of Link
    all      every staged record of the object. Answer: list of Record
    """

    kind: Literal["record", "related", "match", "by", "linked", "holders", "all"]
    connection: str
    object: str
    path: str
    key: str


Answers = dict[Question, Any]
