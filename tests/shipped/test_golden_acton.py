"""The requests that the flows between NetSuite and Act-On send, kept for people to read."""

from __future__ import annotations

from typing import Any

import golden
from acton_office import BRICK, TO_ACTON, TO_NETSUITE, contact, furnish, paired, person
from town import Town


def heard(town: Town, system: str, flow: str, **order: Any) -> list[dict[str, Any]]:
    """What one run sends to a system, logins apart."""
    with town.listening(system) as requests:
        town.sync(flow, **order)
    return [one for one in requests if not one["path"].endswith("/token")]


def changing(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in requests if one["method"] != "GET" and not one["path"].endswith("/suiteql")]


def test_creating_a_contact_with_its_fields_its_opt_out_and_its_segments(town: Town) -> None:
    furnish(town)
    lead = {**BRICK, "entityStatus": {"id": "7"}, "salesRep": {"id": "900001"}}
    no = {"id": "4"}
    town.seed("netsuite", customer=[lead], contact=[contact(company={"id": "41"}, globalSubscriptionStatus=no)])

    golden.check("acton-create", heard(town, "acton", TO_ACTON))


def test_updating_what_moved_alone_in_act_on(town: Town) -> None:
    furnish(town)
    paired(town, title="Buyer")
    town.edit("contact", "71", firstName="Kimberly")

    golden.check("acton-update", heard(town, "acton", TO_ACTON))


def test_creating_a_designated_contact_in_netsuite(town: Town) -> None:
    furnish(town)
    town.seed("acton", contacts=[person(1, title="Buyer", customFields={"Push to CRM": True})])

    golden.check("netsuite-create-contact", changing(heard(town, "netsuite", TO_NETSUITE)))


def test_scores_and_opt_outs_on_the_schedule(town: Town) -> None:
    furnish(town)
    id = paired(town)
    town.advance(7200)
    town.set("acton", edit={"contact": {id: {"actonPrimaryScore": 80}}, "optout": {"kim@brick.example": True}})

    golden.check("netsuite-scheduled", changing(heard(town, "netsuite", TO_NETSUITE, run="schedule")))
