"""Whatever the bytes, loading gives a tree or findings, never an exception; and every place lies in the text."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from engine.config.document import Document, Node
from engine.config.layers import finish, merge
from engine.config.loader import load_text
from engine.config.schema import check

PIECES = st.sampled_from(
    [
        *(
            "a",
            "b",
            "version",
            "flow",
            "fields",
            "from",
            "$unset",
            "x-a",
            "1",
            "01",
            "1.5",
            "true",
            "null",
            "~",
            "é",
            "😀",
        ),
        *(
            ": ",
            ":",
            "\n",
            "\n  ",
            "\n- ",
            "- ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            "? ",
            "---\n",
            "...",
            "'",
            '"',
            "|",
            ">",
            "#",
        ),
        *("&a ", "*a", "<<", "!x ", "%", "@", " ", "\t", "\r\n", "\\0", "\\ud800", "\x85", "\u2028"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60), st.binary(max_size=60))


def nodes(root: Node) -> Iterator[Node]:
    yield root
    for _, member in root.items():
        yield from nodes(member)
    for element in root:
        yield from nodes(element)


@given(TEXTS)
def test_loading_never_fails_and_says_why_there_is_no_tree(text: str | bytes) -> None:
    root, findings = load_text(text, "f.yaml")

    assert root is not None or findings
    assert all(one.place.file == "f.yaml" and one.message for one in findings)


@given(TEXTS)
def test_every_node_has_a_place_and_every_key_is_text(text: str | bytes) -> None:
    root, _ = load_text(text, "f.yaml")

    for node in nodes(root) if root else ():
        assert node.place.line >= 1
        assert node.place.column >= 1
        assert all(isinstance(key, str) and key in node.keys for key, _ in node.items())


@given(TEXTS, st.sampled_from(["mapping", "rules", "system", "environment", "test"]))
def test_checking_and_merging_take_any_tree(text: str | bytes, kind: str) -> None:
    root, _ = load_text(text, "f.yaml")
    if root is not None:
        check(Document(kind, "f", "f.yaml", root), partial=False)
        check(Document(kind, "f", "f.yaml", root), partial=True)
        assert finish(merge(root, root, kind)) is not None
