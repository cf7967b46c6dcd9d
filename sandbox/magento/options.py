"""The switches of the shop that a test may turn with {"do": "set", "data": {...}}."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class Options:
    """Configuration of the shop, its role and what stands in front of it."""

    b2b: bool = True
    """Without it the routes of companies, credit and catalogs are not there."""
    share_accounts: str = "website"
    """Emails are unique per `website`, or `global`."""
    omitted: str = "reset"
    """What a PUT does to an optional attribute that it does not name: `reset` or `keep`."""
    unknown_attributes: str = "refuse"
    """An undeclared custom attribute: `refuse` or `drop`."""
    company_attributes_required: bool = False
    """company_attributes without company_id, job_title and telephone are refused."""
    strict_names: bool = False
    """Names of people hold letters, digits, blanks and , - _ . ' ` & only."""
    confirm_emails: bool = False
    """New accounts wait for a confirmation."""
    catalog_moves_group: bool = True
    """A company gets the customer group of the shared catalog that it is assigned to."""
    group_moves_users: bool = False
    """The users of a company get its customer group."""
    integration_as_bearer: bool = False
    """The access token of the integration is good as a bearer token."""
    two_factor: bool = False
    """Admin tokens come from the provider's own endpoint only."""
    token_hours: float = 4
    strict_clock: bool = False
    """OAuth timestamps are judged by the stand-in's clock alone, and not by the wall clock as well."""
    limit_page_size: int = 0
    """Input limiting: the largest page (300 where it is on), 0 = off; the default page is then 20."""
    per_second: int = 0
    """Requests that the proxy in front lets through in a second; 0 = all. More get an HTML page."""
    search_omits: list[str] = field(default_factory=list)
    """Members that a search leaves out and a read carries: ["custom_attributes"]."""
    forbidden: list[str] = field(default_factory=list)
    """ACL resources that the role lacks: ["Magento_Customer::manage"]."""
    work_ms: float = 0

    def change(self, data: dict[str, Any]) -> None:
        """Set options; ValueError for one that is not known or not of its kind."""
        known = {one.name for one in fields(self)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown option(s): {', '.join(unknown)}; known: {', '.join(sorted(known))}")
        for name, value in data.items():
            if name in CHOICES and value not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}")
            setattr(self, name, value)


CHOICES = {
    "share_accounts": ("website", "global"),
    "omitted": ("reset", "keep"),
    "unknown_attributes": ("refuse", "drop"),
}
