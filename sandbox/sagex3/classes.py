"""The data dictionary: columns of each class, its key, and what its $query facet shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: text, code (upper case), menu (a number), decimal, date, stamp. `repeat`: shown as an array."""

    kind: str
    length: int = 0
    repeat: int = 1
    title: str = ""
    default: object = None
    choices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Class:
    """One class with the representation of the same name."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    listed: tuple[str, ...]
    required: tuple[str, ...] = ()


def _text(length: int, repeat: int = 1, title: str = "") -> Column:
    return Column("text", length, repeat, title)


def _code(length: int, title: str = "", repeat: int = 1) -> Column:
    return Column("code", length, repeat, title)


def _menu(default: int, *choices: int, title: str = "") -> Column:
    """A local menu; menu 1 is 1 = No, 2 = Yes."""
    return Column("menu", 0, 1, title, default, choices or (1, 2))


def _money(title: str = "") -> Column:
    return Column("decimal", 0, 1, title, 0)


_STAMPS = {
    "CREDAT": Column("date", title="Creation date"),
    "UPDDAT": Column("date", title="Change date"),
    "CREDATTIM": Column("stamp"),
    "UPDDATTIM": Column("stamp"),
}

CUSTOMER = Class(
    "BPCUSTOMER",
    "Customers",
    ("BPCNUM",),
    {
        "BPCNUM": _code(15, "Customer"), "BPCNAM": _text(35, 1, "Company name"), "BPCSHO": _text(10),
        "BCGCOD": _code(5, "Category"), "BPCSTA": _menu(2, title="Active"), "BPCTYP": _menu(1, 1, 2, 3, 4),
        "PPTFLG": _menu(1), "BPCINV": _code(15), "BPCPYR": _code(15), "BPCGRU": _code(15), "BPCRSK": _code(15),
        "BPAADD": _code(5, "Default address"), "BPAINV": _code(5, "Bill-to address"), "BPAPYR": _code(5),
        "BPDADD": _code(5), "CNTNAM": _code(15, "Default contact"), "CUR": _code(3, "Currency"),
        "CHGTYP": _menu(1, 1, 2, 3), "VACBPR": _code(5), "VATEXN": _text(20), "PTE": _code(15, "Payment term"),
        "DEP": _code(5), "TSCCOD": _code(20, "Statistical group", 5), "REP": _code(15, "Sales rep", 3),
        "COMCAT": _menu(1, 1, 2, 3), "PRITYP": _menu(1), "ABCCLS": _menu(1, 1, 2, 3, 4), "BUS": _code(5),
        "OSTCTL": _menu(1, 1, 2, 3, title="Credit control"), "OSTAUZ": _money("Authorized credit"),
        "ORDMINAMT": _money(), "CDTISR": _money(), "CDTISRDAT": Column("date"), "FUPTYP": _menu(1, 1, 2, 3),
        "FUPMINAMT": _money(), "ACCCOD": _code(10), "BPCREM": _text(250), "EECNUM": _code(20, "EU VAT number"),
        "CRN": _text(20, 1, "Registration"), "LAN": _code(3), "CRY": _code(3), **_STAMPS,
    },
    ("BPCNUM", "BPCNAM", "BPCSHO", "BCGCOD", "BPCSTA", "CUR", "CREDAT", "UPDDAT"),
    ("BPCNUM", "BPCNAM", "BCGCOD"),
)  # fmt: skip

_PLACE = {
    "BPADES": _text(30, 1, "Description"), "BPAADDLIG": _text(50, 3, "Address line"), "POSCOD": _text(10),
    "CTY": _text(40, 1, "City"), "SAT": _text(35, 1, "State"), "CRY": _code(3, "Country"), "CRYNAM": _text(40),
    "TEL": _text(40, 5), "FAX": _text(40), "MOB": _text(40), "WEB": _text(80, 5), "FCYWEB": _text(250),
    "BPAADDFLG": _menu(1, title="Default"), "EXTNUM": _text(30),
}  # fmt: skip

ADDRESS = Class(
    "BPADDRESS",
    "Addresses",
    ("BPATYP", "BPANUM", "BPAADD"),
    {
        "BPATYP": _menu(1, 1, 2, 3, 4, 5), "BPANUM": _code(15, "Partner"), "BPAADD": _code(5, "Address"),
        **_PLACE, **_STAMPS,
    },
    ("BPATYP", "BPANUM", "BPAADD", "BPADES", "POSCOD", "CTY", "CRY", "CREDAT", "UPDDAT"),
    ("BPANUM", "BPAADD"),
)  # fmt: skip

CONTACT = Class(
    "CONTACT",
    "Contacts",
    ("BPATYP", "BPANUM", "CCNCRM"),
    {
        "BPATYP": _menu(1, 1, 2, 3, 4, 5), "BPANUM": _code(15, "Partner"), "CCNCRM": _code(15, "Contact"),
        "BPAADD": _code(5, "Address"), "CNTFNC": _menu(1, *range(1, 31), title="Function"), "CNTSRV": _text(30),
        "CNTMSS": _code(10), "CNTFLG": _menu(1, title="Default"), "TEL": _text(40), "FAX": _text(40),
        "MOB": _text(40), "WEB": _text(80, 1, "E-mail"), **_STAMPS,
    },
    ("BPATYP", "BPANUM", "CCNCRM", "CNTFNC", "CREDAT", "UPDDAT"),
    ("BPANUM", "CCNCRM"),
)  # fmt: skip

PERSON = Class(
    "CONTACTCRM",
    "Contact persons",
    ("CNTNUM",),
    {
        "CNTNUM": _code(15, "Contact"), "CNTTTL": _menu(1, 1, 2, 3, 4), "CNTFNA": _text(20, 1, "First name"),
        "CNTLNA": _text(35, 1, "Last name"), "CNTEMA": _text(80), "CNTMOB": _text(40), "CNTLAN": _code(3),
        "CNTBIR": Column("date"), **_STAMPS,
    },
    ("CNTNUM", "CNTFNA", "CNTLNA", "CREDAT", "UPDDAT"),
    ("CNTNUM", "CNTLNA"),
)  # fmt: skip

CLASSES = {one.name: one for one in (CUSTOMER, ADDRESS, CONTACT, PERSON)}
KINDS = {"customers": "BPCUSTOMER", "addresses": "BPADDRESS", "contacts": "CONTACT", "persons": "CONTACTCRM"}
"""Names of seeds, edits and dumps."""
