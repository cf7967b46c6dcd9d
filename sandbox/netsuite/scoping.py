"""Which columns a query may name, and where: unknown fields, aliases out of place, missing GROUP BY."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from .refusal import Refusal
from .tables import Column, Table

Refused = Callable[[str], Refusal]
PSEUDO = {"rownum"}
AGGREGATES = (exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max)


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources of one SELECT by alias: columns, with their kind where it is known."""

    sources: dict[str, dict[str, Column]]

    @classmethod
    def of(cls, select: exp.Select, tables: Mapping[str, Table], refused: Refused) -> Scope:
        found: dict[str, dict[str, Column]] = {}
        for source in _sources(select):
            name = source.alias_or_name
            if name in found:
                raise refused(f"Search error occurred: Record '{name}' is named twice.")
            found[name] = _columns(source, tables)
        return cls(found)

    def find(self, column: exp.Column) -> Column | None:
        if column.table:
            return self.sources.get(column.table, {}).get(column.name)
        return next((columns[column.name] for columns in self.sources.values() if column.name in columns), None)


def _sources(select: exp.Select) -> Iterator[exp.Expr]:
    if origin := select.args.get("from_"):
        yield origin.this
    for join in select.args.get("joins") or ():
        yield join.this


def _columns(source: exp.Expr, tables: Mapping[str, Table]) -> dict[str, Column]:
    if isinstance(source, exp.Table) and source.name in tables:
        return tables[source.name].columns
    inner = _definition(source)
    if inner is None:
        return {}
    if inner.is_star:
        parts = [_columns(part, tables) for part in _sources(inner)]
        return {name: column for part in parts for name, column in part.items()}
    return {name: Column(name, "computed") for name in inner.named_selects}


def _definition(source: exp.Expr) -> exp.Select | None:
    if isinstance(source, exp.Subquery):
        return source.find(exp.Select)
    for cte in source.root().find_all(exp.CTE):
        if cte.alias == source.name:
            return cte.find(exp.Select)
    return None


def scopes_of(node: exp.Expr, tables: Mapping[str, Table], refused: Refused) -> Iterator[Scope]:
    """The scope of the node's own SELECT, then of those around it."""
    select = node.parent_select
    while select is not None:
        if isinstance(select, exp.Select):
            yield Scope.of(select, tables, refused)
        select = select.parent_select


def check_columns(select: exp.Select, tables: Mapping[str, Table], refused: Refused) -> None:
    """A column is one of a source around it; an alias counts in ORDER BY only."""
    scopes = [Scope.of(select, tables, refused), *scopes_of(select, tables, refused)]
    aliases = {projection.alias for projection in select.expressions if isinstance(projection, exp.Alias)}
    for column in select.find_all(exp.Column):
        if column.parent_select is not select or column.name in PSEUDO or isinstance(column.this, exp.Star):
            continue
        if _sorts(column) and not column.table and column.name in aliases:
            continue
        if all(scope.find(column) is None for scope in scopes):
            raise refused(f"Search error occurred: Field '{column.name}' not found.")
        if not column.table and sum(column.name in columns for columns in scopes[0].sources.values()) > 1:
            raise refused(f"Search error occurred: Field '{column.name}' is ambiguous.")


def _sorts(column: exp.Column) -> bool:
    return column.find_ancestor(exp.Order) is not None


def check_grouping(select: exp.Select, refused: Refused) -> None:
    """Oracle, unlike SQLite, wants every bare column of an aggregate query in GROUP BY."""
    group = select.args.get("group")
    aggregated = any(_own_aggregates(select, projection) for projection in select.expressions)
    if group is None and not aggregated:
        return
    keys = {key.sql("oracle") for key in group.expressions} if group else set()
    for projection in select.expressions:
        bare = projection.unalias()
        if bare.sql("oracle") in keys or _own_aggregates(select, bare):
            continue
        if any(column.sql("oracle") not in keys for column in bare.find_all(exp.Column)):
            raise refused("Not a GROUP BY expression.")


def _own_aggregates(select: exp.Select, projection: exp.Expr) -> bool:
    return any(node.parent_select is select for node in projection.find_all(*AGGREGATES))
