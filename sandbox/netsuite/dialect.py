"""SuiteQL to SQLite: what Oracle would refuse is refused, what it computes differently is replaced."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from .refusal import Refusal, bad_parameter
from .rewriting import rewrite_functions
from .scoping import AGGREGATES, check_columns, check_grouping
from .tables import ALIASES, Table

INVALID = "Invalid search query. Provide a valid search query."
ALLOWED: tuple[type[exp.Expr], ...] = (
    exp.Select, exp.From, exp.Table, exp.TableAlias, exp.Identifier, exp.Column, exp.Alias, exp.Star,
    exp.Where, exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.Is, exp.Null, exp.In, exp.Tuple, exp.Between, exp.Like, exp.Escape, exp.Join, exp.Order,
    exp.Ordered, exp.Group, exp.Having, exp.Fetch, exp.LimitOptions, exp.Literal, exp.Placeholder, exp.Neg,
    exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Subquery, exp.Exists, exp.Distinct, exp.Case, exp.If,
    exp.Coalesce, exp.Nvl2, exp.DecodeCase, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring,
    exp.StrPosition, exp.Replace, exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Round, exp.Abs,
    exp.Greatest, exp.Least, exp.Union, exp.With, exp.CTE, exp.ToChar, exp.ToNumber, exp.StrToDate,
    exp.StrToTime, exp.TimeToStr, exp.DateTrunc, exp.AddMonths, exp.DPipe, exp.Dot, exp.Nullif,
)  # fmt: skip
logging.getLogger("sqlglot").setLevel(logging.ERROR)  # what it grumbles about is refused here anyway
FUNCTIONS = {"SYS_EXTRACT_UTC", "DF", "TRUNC"}
KEYED = (exp.Lower, exp.Upper, exp.Trim)


@dataclass(frozen=True, slots=True)
class Translated:
    """A checked query: SQLite text with :p0, :p1 ..., and the indexes that make it quick."""

    sql: str
    counted: str
    """A query with as many rows that costs less."""
    parameters: int
    limited: bool
    indexes: list[tuple[str, str]] = field(default_factory=list)


def refused(text: str) -> Refusal:
    return bad_parameter(f"{INVALID} Detailed unprocessed description follows. {text}", "q")


def translate(query: str, tables: Mapping[str, Table]) -> Translated:
    tree = _parse(query)
    _check_nodes(tree)
    parameters = _name_parameters(tree)
    _lower_names(tree, tables)
    for select in tree.find_all(exp.Select):
        check_columns(select, tables, refused)
        check_grouping(select, refused)
    tree = rewrite_functions(tree, tables, refused)
    indexes = list(_indexes(tree, tables))
    for select in list(tree.find_all(exp.Select)):
        tree = _row_numbers(tree, select)
    return Translated(_sqlite(tree), _counted(tree), parameters, bool(tree.args.get("limit")), indexes)


def _counted(tree: exp.Expr) -> str:
    plain = isinstance(tree, exp.Select) and not any(tree.args.get(part) for part in ("distinct", "group", "limit"))
    if not plain or any(projection.find(*AGGREGATES) for projection in tree.expressions):
        return _sqlite(tree)
    short = tree.copy()
    short.set("expressions", [exp.Literal.number(1)])
    short.set("order", None)
    return _sqlite(short)


def _sqlite(tree: exp.Expr) -> str:
    """Every name is known by now, so all may be quoted: some are SQLite's keywords."""
    return tree.sql("sqlite", identify=True)


def _parse(query: str) -> exp.Expr:
    try:
        trees = sqlglot.parse(query, read="oracle")
    except (SqlglotError, RecursionError):
        raise bad_parameter(INVALID, "q") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Select | exp.Union):
        raise bad_parameter(INVALID, "q")
    return trees[0]


def _check_nodes(tree: exp.Expr) -> None:
    for node in tree.walk():
        if isinstance(node, exp.CurrentTimestamp) and node.args.get("sysdate"):
            continue
        if isinstance(node, exp.Anonymous) and node.name.upper() in FUNCTIONS:
            continue
        if not isinstance(node, ALLOWED):
            raise refused(f"Unsupported or invalid: {node.sql('oracle')[:60]}")
        if isinstance(node, exp.Column) and node.args.get("join_mark"):
            raise refused("Write an outer join as LEFT JOIN.")
        if isinstance(node, exp.Select) and not node.args.get("from_"):
            raise refused("FROM is missing.")
        if isinstance(node, exp.Fetch) and node.parent is not tree:
            raise refused("FETCH FIRST is allowed in the outer query only.")


def _name_parameters(tree: exp.Expr) -> int:
    """`?` becomes :p0, :p1 ... so that a rewriting may move an expression."""
    marks = list(tree.find_all(exp.Placeholder, bfs=False))
    for number, mark in enumerate(marks):
        mark.set("this", f"p{number}")
    return len(marks)


def _lower_names(tree: exp.Expr, tables: Mapping[str, Table]) -> None:
    for name in tree.find_all(exp.Identifier):
        name.set("this", name.name.lower())
        name.set("quoted", False)
    for table in tree.find_all(exp.Table):
        if table.name in ALIASES:
            alias = table.alias_or_name
            table.set("this", exp.to_identifier(ALIASES[table.name]))
            table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name not in tables and table.name not in named:
            raise refused(f"Search error occurred: Record '{table.name}' was not found.")


def _indexes(tree: exp.Expr, tables: Mapping[str, Table]) -> list[tuple[str, str]]:
    """An index for each `LOWER(TRIM(column)) = ...` of a query over one table."""
    sources = list(tree.find_all(exp.Table))
    if len(sources) != 1 or sources[0].name not in tables:
        return []
    found = []
    for equal in tree.find_all(exp.EQ):
        side: exp.Expr = equal.this
        while isinstance(side, KEYED):
            side = side.this
        if isinstance(side, exp.Column) and side.name in tables[sources[0].name].columns:
            bare = equal.this.copy().transform(
                lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node
            )
            found.append((sources[0].name, _sqlite(bare)))
    return found


def _row_numbers(tree: exp.Expr, select: exp.Select) -> exp.Expr:
    """ROWNUM counts before ORDER BY: the rows are cut first and sorted afterwards."""
    bound = _take_bound(select)
    if bound is None:
        return tree
    order = select.args.get("order")
    if order is None:
        select.set("limit", exp.Limit(expression=exp.Literal.number(bound)))
        return tree
    keys = [ordered.this.copy() for ordered in order.expressions]
    for number, ordered in enumerate(order.expressions):
        ordered.set("this", exp.column(f"ns_order_{number}"))
    names = [projection.alias_or_name for projection in select.expressions]
    inner = select.copy()
    inner.set("order", None)
    inner.set("limit", exp.Limit(expression=exp.Literal.number(bound)))
    for number, key in enumerate(keys):
        inner.append("expressions", exp.alias_(_projected(select, key), f"ns_order_{number}"))
    outer = exp.select(*[exp.column(name) for name in names]).from_(inner.subquery("ns_cut"))
    outer.set("order", order.copy())
    outer.set("limit", select.args.get("limit"))
    if select is tree:
        return outer
    select.replace(outer)
    return tree


def _projected(select: exp.Select, key: exp.Expr) -> exp.Expr:
    """ORDER BY may name an alias, which means nothing inside the same select list."""
    for projection in select.expressions:
        if isinstance(projection, exp.Alias) and isinstance(key, exp.Column) and key.name == projection.alias:
            chosen: exp.Expr = projection.this.copy()
            return chosen
    return key


def _take_bound(select: exp.Select) -> int | None:
    """Remove `ROWNUM <= n` from the conditions and give n."""
    where = select.args.get("where")
    marks = [node for node in select.find_all(exp.Column) if node.name == "rownum" and node.parent_select is select]
    if not marks:
        return None
    parts = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else [where.this] if where else []
    chosen = [part for part in parts if part is marks[0].parent]
    if len(marks) != 1 or not chosen or not isinstance(chosen[0], exp.LT | exp.LTE | exp.EQ):
        raise refused("ROWNUM is supported as ROWNUM <= n only.")
    limit = chosen[0].expression
    if not isinstance(limit, exp.Literal) or limit.is_string or (isinstance(chosen[0], exp.EQ) and limit.name != "1"):
        raise refused("ROWNUM is supported as ROWNUM <= n only.")
    rest = [part.copy() for part in parts if part is not chosen[0]]
    select.set("where", exp.Where(this=exp.and_(*rest)) if rest else None)
    return int(limit.name) - (1 if isinstance(chosen[0], exp.LT) else 0)
