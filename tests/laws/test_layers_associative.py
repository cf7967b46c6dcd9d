"""Layering is associative, keeps nothing of what was removed, and its finished tree is stable."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.config.desugar import desugar
from engine.config.document import Node
from engine.config.layers import finish, merge
from engine.model.finding import Place

NAMES = st.sampled_from("abc")
WORDS = st.sampled_from(["x", "y", "z"])
UNSET = st.lists(NAMES, min_size=1, max_size=2, unique=True)


def with_unset(members: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Maps that may take entries out as well."""
    both = st.tuples(members, UNSET).map(lambda pair: {**pair[0], "$unset": pair[1]})
    return st.one_of(members, both)


def some(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)


def rows(depth: int) -> st.SearchStrategy[Any]:
    inner = {"fields": with_unset(st.dictionaries(NAMES, rows(depth - 1), max_size=2))} if depth else {}
    items = st.one_of(WORDS, some(records=WORDS, where=WORDS), some(first_of=st.lists(WORDS, max_size=2)))
    row = some(
        **{"from": WORDS, "value": WORDS, "template": WORDS, "else": WORDS, "apply": st.lists(WORDS, max_size=2)},
        each=items,
        choose=st.lists(some(when=WORDS, value=WORDS), max_size=2),
        **inner,
    )
    taken_out = st.lists(st.sampled_from(["from", "else", "each", "fields"]), min_size=1, max_size=1)
    return st.one_of(WORDS, row, st.tuples(row, taken_out).map(lambda pair: {**pair[0], "$unset": pair[1]}))


PLACES = st.one_of(
    st.sampled_from(["first", "last"]),
    st.tuples(st.sampled_from(["before", "after"]), NAMES).map(" ".join),
)
LINE = st.tuples(NAMES, some(left=WORDS, right=WORDS, place=PLACES)).map(lambda pair: {"id": pair[0], **pair[1]})
LINES = st.lists(st.one_of(LINE, UNSET.map(lambda names: {"$unset": names})), max_size=4)
ANYTHING = st.one_of(WORDS, LINES, st.lists(WORDS, max_size=2), with_unset(st.dictionaries(NAMES, WORDS, max_size=2)))

MAPPINGS = with_unset(some(fields=with_unset(st.dictionaries(NAMES, rows(1), max_size=3)), a=ANYTHING))
RULES = with_unset(some(match=with_unset(some(rules=LINES)), a=ANYTHING, b=ANYTHING))
DOCUMENTS = st.one_of(
    st.tuples(st.just("mapping"), st.tuples(MAPPINGS, MAPPINGS, MAPPINGS)),
    st.tuples(st.just("rules"), st.tuples(RULES, RULES, RULES)),
)


def node(tree: Any, file: str) -> Node:
    place = Place(file, 1, 1)
    if isinstance(tree, dict):
        return Node({key: node(one, file) for key, one in tree.items()}, place, dict.fromkeys(tree, place))
    if isinstance(tree, list):
        return Node([node(one, file) for one in tree], place)
    return Node(tree, place)


def ordered(tree: Any) -> Any:
    """A tree in which the order of keys counts too."""
    if isinstance(tree, dict):
        return [(key, ordered(one)) for key, one in tree.items()]
    return [ordered(one) for one in tree] if isinstance(tree, list) else tree


@given(DOCUMENTS)
def test_merging_is_associative(drawn: tuple[str, tuple[Any, Any, Any]]) -> None:
    kind, trees = drawn
    a, b, c = (node(tree, name) for tree, name in zip(trees, "abc", strict=True))

    left = finish(merge(merge(a, b, kind), c, kind))
    right = finish(merge(a, merge(b, c, kind), kind))

    assert ordered(left.plain()) == ordered(right.plain())
    assert left == right  # places too


@given(DOCUMENTS)
def test_finishing_between_layers_changes_nothing(drawn: tuple[str, tuple[Any, Any, Any]]) -> None:
    kind, (base, over, _) = drawn
    a, b = node(base, "a"), node(over, "b")

    assert finish(merge(finish(desugar(a, kind)), b, kind)).plain() == finish(merge(a, b, kind)).plain()


@given(DOCUMENTS)
def test_nothing_laid_over_changes_nothing(drawn: tuple[str, tuple[Any, Any, Any]]) -> None:
    kind, (base, _, _) = drawn
    a = node(base, "a")

    assert finish(merge(a, Node({}), kind)) == finish(desugar(a, kind))


@given(DOCUMENTS)
def test_desugaring_twice_changes_nothing(drawn: tuple[str, tuple[Any, Any, Any]]) -> None:
    kind, (a, b, _) = drawn
    merged = merge(node(a, "a"), node(b, "b"), kind)

    assert desugar(merged, kind) == merged


@given(DOCUMENTS)
def test_finished_tree_holds_no_marks(drawn: tuple[str, tuple[Any, Any, Any]]) -> None:
    kind, (a, b, _) = drawn
    finished = finish(merge(node(a, "a"), node(b, "b"), kind))

    assert finish(finished) == finished
    assert "Removed" not in repr(finished)
    assert "$unset" not in repr(finished)
