"""The analytics tables that SuiteQL sees: their columns, and the rows of a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .account import Account, Deletion, Record
from .catalogue import TYPES, Field
from .furniture import ADMINISTRATOR

# Columns the customer table has and this account never fills.
EMPTY_CUSTOMER_COLUMNS = [
    "contact", "contactlist", "consolbalancesearch", "entitytitle", "leadsource", "partner", "probability",
    "receivablesaccount", "shippingcarrier", "weblead", "oncredithold",
]  # fmt: skip
TABLE_OF = {
    "priceLevel": "pricelevel",
    "customerCategory": "customercategory",
    "customerStatus": "customerstatus",
}
ALIASES = {"entitystatus": "customerstatus", "salesterritory": "territory"}
SQL_TYPES = {"ref": "INTEGER", "number": "NUMERIC", "integer": "INTEGER"}
TRANSACTION_CODES = {"opportunity": "Opprtnt", "invoice": "CustInvc"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and what its text form follows: "date", "number", "ref", "text" ..."""

    name: str
    kind: str = "text"
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: dict[str, Column] = field(default_factory=dict)

    def ddl(self) -> str:
        kinds = [f'"{item.name}" {SQL_TYPES.get(item.kind, "TEXT")}' for item in self.columns.values()]
        return f'CREATE TABLE "{self.name}" ({", ".join(kinds)})'


def _plain(name: str, text: str) -> Table:
    """`id:number name lastmodifieddate:date`."""
    parts = [part.partition(":") for part in text.split()]
    return Table(name, {column: Column(column, kind or "text") for column, _, kind in parts})


ADDRESS_TABLES = (
    _plain(
        "customeraddressbook",
        "internalid:number entity:number addressbookaddress:number label defaultbilling defaultshipping isresidential",
    ),
    _plain(
        "customeraddressbookentityaddress",
        "nkey:number recordowner:number addressee attention addr1 addr2 addr3 city state dropdownstate zip "
        "country addrphone addrtext override lastmodifieddate:date",
    ),
)
RELATION = _plain("customersubsidiaryrelationship", "id:number entity:number subsidiary:number isprimarysub")
TRANSACTIONS = _plain(
    "transaction",
    "id:number type tranid entity:number title foreigntotal:number trandate:date externalid lastmodifieddate:date",
)
DUAL = _plain("dual", "dummy")
DELETED = _plain(
    "deletedrecord",
    "recordid:number type name deleteddate:date deletedby:number context recordtypeid:number "
    "iscustomrecord iscustomlist",
)


def tables(account: Account) -> dict[str, Table]:
    """Every table of the account, custom columns included."""
    found = {table_name(type_): _record_table(account, type_) for type_ in TYPES}
    for table in (*ADDRESS_TABLES, RELATION, TRANSACTIONS, DELETED, DUAL):
        found[table.name] = table
    return found


def table_name(type_: str) -> str:
    return TABLE_OF.get(type_, type_)


def _record_table(account: Account, type_: str) -> Table:
    columns = {"id": Column("id", "number")}
    for item in account.fields(type_).values():
        if item.sql_column and item.name != "id":
            columns[item.sql_column] = Column(item.sql_column, _kind(item), item)
    if type_ == "customer":
        columns |= {name: Column(name) for name in EMPTY_CUSTOMER_COLUMNS}
        columns |= {name: Column(name, "number") for name in ("defaultbillingaddress", "defaultshippingaddress")}
        columns["duplicate"] = Column("duplicate")
    return Table(table_name(type_), columns)


def _kind(item: Field) -> str:
    return {"datetime": "date", "date": "date", "integer": "number"}.get(item.kind, item.kind)


def local(moment: str | None, offset_hours: float) -> str | None:
    """`2024-01-31T10:00:00Z` in the account's time zone, as the tables keep it."""
    if moment is None or len(moment) == 10:
        return f"{moment} 00:00:00" if moment else None
    there = datetime.fromisoformat(moment) + timedelta(hours=offset_hours)
    return there.strftime("%Y-%m-%d %H:%M:%S")


def _cell(column: Column, value: Any, offset: float) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "T" if value else "F"
    return local(value, offset) if column.kind == "date" else value


def record_row(account: Account, table: Table, record: Record) -> tuple[Any, ...]:
    offset = account.options.utc_offset_hours
    extra = _customer_cells(record) if record.type == "customer" else {}
    row: list[Any] = []
    for column in table.columns.values():
        if column.name == "id":
            row.append(int(record.id))
        elif column.field is None:
            row.append(extra.get(column.name))
        else:
            row.append(_cell(column, record.values.get(column.field.name), offset))
    return tuple(row)


def _customer_cells(record: Record) -> dict[str, Any]:
    cells: dict[str, Any] = {"duplicate": "F"}
    for line in record.values.get("addressBook", ()):
        if line.get("defaultBilling"):
            cells["defaultbillingaddress"] = int(line["key"])
        if line.get("defaultShipping"):
            cells["defaultshippingaddress"] = int(line["key"])
    return cells


def address_rows(account: Account, record: Record) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    """One customeraddressbook row and one address row per line."""
    offset = account.options.utc_offset_hours
    for line in record.values.get("addressBook", ()):
        book: dict[str, Any] = {
            "internalid": int(line["id"]),
            "entity": int(record.id),
            "addressbookaddress": int(line["key"]),
            "label": line.get("label"),
            "defaultbilling": bool(line.get("defaultBilling")),
            "defaultshipping": bool(line.get("defaultShipping")),
            "isresidential": bool(line.get("isResidential")),
        }
        address = {name.lower(): value for name, value in line["address"].items()}
        address |= {
            "nkey": int(line["key"]),
            "recordowner": int(record.id),
            "lastmodifieddate": line["changed"],
            "dropdownstate": address.get("state"),
        }
        yield (
            tuple(_cells(ADDRESS_TABLES[0], book, offset)),
            tuple(_cells(ADDRESS_TABLES[1], address, offset)),
        )


def _cells(table: Table, values: dict[str, Any], offset: float) -> Iterator[Any]:
    for name, column in table.columns.items():
        yield _cell(column, values.get(name), offset)


def relation_row(record: Record) -> tuple[Any, ...]:
    id_ = int(record.id)
    return id_, id_, int(record.values["subsidiary"]), "T"


def transaction_row(account: Account, record: Record) -> tuple[Any, ...]:
    values = record.values
    cells = {
        "id": int(record.id),
        "type": TRANSACTION_CODES[record.type],
        "tranid": values.get("tranId"),
        "entity": values.get("entity"),
        "title": values.get("title"),
        "foreigntotal": values.get("total"),
        "trandate": values.get("tranDate"),
        "externalid": values.get("externalId"),
        "lastmodifieddate": values["lastModifiedDate"],
    }
    return tuple(_cells(TRANSACTIONS, cells, account.options.utc_offset_hours))


def deleted_row(account: Account, deletion: Deletion) -> tuple[Any, ...]:
    cells: dict[str, Any] = {
        "recordid": int(deletion.id),
        "type": deletion.type,
        "name": deletion.name,
        "deleteddate": deletion.at,
        "deletedby": int(ADMINISTRATOR),
        "context": deletion.context,
        "recordtypeid": -2,
        "iscustomrecord": False,
        "iscustomlist": False,
    }
    return tuple(_cells(DELETED, cells, account.options.utc_offset_hours))
