"""Text as such."""

from __future__ import annotations

from engine.functions.texts import clean, collapse, fold, same, slug, strip_tags, unaccented, words


def test_cleaning_takes_out_only_what_cannot_be_stored() -> None:
    assert clean("a\x00b\udc80c\t\u202e\U0001f600") == "abc\t\u202e\U0001f600"


def test_same_text_apart_from_line_ends_and_trailing_spaces() -> None:
    assert same("a \r\n b\t\rc\n\n") == "a\n b\nc"


def test_words_are_folded_and_bare() -> None:
    assert words("L'Oréal_Größe-7, O’Neill") == ["loreal", "grosse", "7", "oneill"]


def test_letters_without_marks() -> None:
    assert unaccented("Łódź Ærø Škoda") == "Lodz Ærø Škoda".replace("Æ", "AE").replace("ø", "o").replace("Š", "S")


def test_folding_joins_what_case_keeps_apart() -> None:
    assert fold("STRASSE") == fold("straße")


def test_html_becomes_text() -> None:
    assert strip_tags("<p>Hi&nbsp;<br/>there</p><script src='x'></script>") == "Hi there"


def test_slug_is_safe_in_an_id() -> None:
    assert slug("Ünïcode: a/b#c?") == "Unicode_a_b_c"


def test_collapse() -> None:
    assert collapse("\ta \n b ") == "a b"
