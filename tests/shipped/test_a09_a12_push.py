"""A9 to A12: what may go from Act-On to NetSuite, field by field."""

from __future__ import annotations

from acton_office import TO_ACTON, TO_NETSUITE, furnish, in_acton, in_netsuite, paired, person
from town import Town

from engine.config.load import load_ruleset


def edit(town: Town, id: str, **values: object) -> None:
    """Somebody, or Act-On itself, changes a contact there."""
    town.advance(5)
    town.set("acton", edit={"contact": {id: values}})


def test_a09_edits_go_both_ways(town: Town) -> None:
    furnish(town)
    id = paired(town)
    edit(town, id, title="Head of buying")
    town.edit("contact", "71", firstName="Kimberly")

    town.sync(TO_ACTON)
    town.sync(TO_NETSUITE)

    kim, here = in_acton(town), in_netsuite(town, "kim@brick.example")
    assert (kim["firstName"], here["title"]) == ("Kimberly", "Head of buying")
    assert (kim["title"], here["firstName"]) == ("Head of buying", "Kimberly")


def test_a09_after_both_ways_nothing_is_left_to_do(town: Town) -> None:
    furnish(town)
    id = paired(town)
    edit(town, id, title="Buyer")
    town.sync(TO_NETSUITE)
    town.sync(TO_ACTON)

    assert (town.plan(TO_ACTON), town.plan(TO_NETSUITE)) == ([], [])


def test_a09_the_default_setting_can_forbid_pushes_to_netsuite(town: Town) -> None:
    furnish(town)
    town.layer("version: 1\nflow: acton-to-netsuite\npush_policy: {default: {push: never}}\n")
    id = paired(town)
    edit(town, id, title="Buyer")
    town.requests("netsuite")
    town.sync(TO_NETSUITE)

    assert town.writes("netsuite") == []


def test_a10_pushing_is_allowed_field_by_field(town: Town) -> None:
    furnish(town)
    town.layer("version: 1\nflow: acton-to-netsuite\npush_policy: {fields: {title: {push: on_create}}}\n")
    id = paired(town)
    edit(town, id, title="Buyer", firstName="Kimberly")
    town.sync(TO_NETSUITE)

    here = in_netsuite(town, "kim@brick.example")
    assert (here["firstName"], here.get("title")) == ("Kimberly", None)


def test_a11_a_new_contact_gets_all_fields_whatever_may_be_pushed_later(town: Town) -> None:
    furnish(town)
    town.layer("version: 1\nflow: acton-to-netsuite\npush_policy: {default: {push: on_create}}\n")
    town.seed("acton", contacts=[person(title="Buyer", businessPhone="+33400000000",
                                        customFields={"Push to CRM": True})])  # fmt: skip
    assert town.ends(TO_NETSUITE) == {"created": 1}

    here = in_netsuite(town, "p1@x.example")
    assert (here["firstName"], here["title"], here["phone"]) == ("Pat", "Buyer", "+33400000000")


def test_a12_scores_cannot_be_switched_off_and_the_refusal_says_what_to_do(town: Town) -> None:
    town.layer("version: 1\nflow: acton-to-netsuite\npush_policy: {fields: {custentity_acton_score: {push: never}}}\n")
    found, findings = load_ruleset(town.root, sorted(town.folder.glob("layer*")))

    assert found is None
    assert "Remove the row custentity_acton_score from the mapping" in str(
        [(one.message, one.hint) for one in findings]
    )


def test_a12_without_its_row_no_score_is_sent(town: Town) -> None:
    furnish(town)
    town.layer("""
        version: 1
        flow: acton-to-netsuite
        fields: {$unset: [custentity_acton_score]}
    """)
    id = paired(town)
    edit(town, id, actonPrimaryScore=55)
    town.advance(3700)
    town.sync(TO_NETSUITE)

    assert in_netsuite(town, "kim@brick.example").get("custentity_acton_score") is None
    assert in_acton(town)["actonPrimaryScore"] == 55
