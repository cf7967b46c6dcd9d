"""Replacing Oracle's functions, date arithmetic and implicit conversions by ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from .refusal import Refusal
from .scoping import scopes_of
from .sqlfunctions import OracleError, strftime_format
from .tables import Column, Table

Refused = Callable[[str], Refusal]
COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
DATE_CALLS = {"ns_to_date", "ns_sysdate", "ns_add_days", "ns_add_months", "ns_trunc", "ns_extract_utc"}
NUMBER_KINDS = {"number", "ref"}


def rewrite_functions(tree: exp.Expr, tables: Mapping[str, Table], refused: Refused) -> exp.Expr:
    _Rewriter(tables, refused).run(tree)
    return tree


def call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


class _Rewriter:
    """One pass from the leaves up; a node sees its operands already rewritten."""

    def __init__(self, tables: Mapping[str, Table], refused: Refused) -> None:
        self.tables = tables
        self.refused = refused

    def run(self, tree: exp.Expr) -> None:
        self._expand_stars(tree)
        for node in reversed(list(tree.walk(bfs=False))):
            if (replaced := self._replacement(node)) is not None:
                node.replace(replaced)
        for select in tree.find_all(exp.Select):
            if select is tree or isinstance(select.parent, exp.Union):
                self._show_dates(select)
                _name_expressions(select)

    def _expand_stars(self, tree: exp.Expr) -> None:
        for select in list(tree.find_all(exp.Select)):
            found: list[exp.Expr] = []
            for projection in select.expressions:
                found.extend(self._starred(select, projection) or [projection])
            select.set("expressions", found)

    def _starred(self, select: exp.Select, projection: exp.Expr) -> list[exp.Expr]:
        only = projection.table if isinstance(projection, exp.Column) and projection.is_star else ""
        if not only and not isinstance(projection, exp.Star):
            return []
        scope = next(iter(scopes_of(projection, self.tables, self.refused)))
        chosen = {name: columns for name, columns in scope.sources.items() if only in ("", name)}
        return [exp.column(column, table=name or None) for name, columns in chosen.items() for column in columns]

    def _replacement(self, node: exp.Expr) -> exp.Expr | None:
        for kinds, rewrite in self._rules():
            if isinstance(node, kinds):
                return rewrite(node)
        return None

    def _rules(self) -> list[tuple[tuple[type[exp.Expr], ...], Callable[..., exp.Expr | None]]]:
        return [
            ((exp.ToChar,), self._to_char),
            ((exp.StrToDate, exp.StrToTime), self._to_date),
            ((exp.TimeToStr,), lambda node: call("ns_strftime", node.this.copy(), node.args["format"].copy())),
            ((exp.CurrentTimestamp,), lambda node: call("ns_sysdate")),
            (
                (exp.DateTrunc,),
                lambda node: call("ns_trunc", node.this.copy(), exp.Literal.string(node.unit.name)),
            ),
            ((exp.AddMonths,), lambda node: call("ns_add_months", node.this.copy(), node.expression.copy())),
            ((exp.DPipe,), lambda node: call("ns_concat", node.this.copy(), node.expression.copy())),
            ((exp.ToNumber,), lambda node: call("ns_number", node.this.copy())),
            ((exp.Dot,), self._builtin),
            ((exp.Anonymous,), self._anonymous),
            ((exp.Literal,), lambda node: exp.Null() if node.is_string and node.name == "" else None),
            ((exp.Add, exp.Sub), self._arithmetic),
            (COMPARISONS, self._comparison),
            ((exp.In,), self._membership),
            ((exp.Between,), self._between),
        ]

    def _to_char(self, node: exp.ToChar) -> exp.Expr:
        mask = node.args.get("format")
        return call("ns_to_char", node.this.copy(), self._mask(mask) if mask is not None else exp.Null())

    def _mask(self, mask: exp.Expr) -> exp.Expr:
        if not isinstance(mask, exp.Literal):
            raise self.refused("A date format has to be written out.")
        try:
            strftime_format(mask.name)
        except OracleError as problem:
            raise self.refused(f"Search error occurred: {problem}") from None
        return mask.copy()

    def _to_date(self, node: exp.StrToDate) -> exp.Expr:
        form = node.args.get("format")
        if not isinstance(form, exp.Literal):
            raise self.refused("TO_DATE needs a date format, written out.")
        return call("ns_to_date", node.this.copy(), form.copy())

    def _builtin(self, node: exp.Dot) -> exp.Expr:
        """BUILTIN.DF(column): the text a reference shows."""
        function = node.expression
        if node.this.name != "builtin" or not isinstance(function, exp.Anonymous) or function.name.upper() != "DF":
            raise self.refused(f"Unsupported or invalid: {node.sql('oracle')}")
        argument = function.expressions[0]
        column = self._column(argument)
        if column is None or column.field is None:
            raise self.refused("BUILTIN.DF takes a column.")
        if column.kind == "ref":
            return call("ns_df", exp.Literal.string(column.field.to or ""), argument.copy())
        return self._choice_text(column, argument)

    def _choice_text(self, column: Column, argument: exp.Expr) -> exp.Expr:
        choices = (column.field.choices if column.field else None) or {}
        cases = exp.Case(default=argument.copy())
        for id_, name in choices.items():
            cases = cases.when(
                exp.EQ(this=argument.copy(), expression=exp.Literal.string(id_)), exp.Literal.string(name)
            )
        return cases if choices else argument.copy()

    def _anonymous(self, node: exp.Anonymous) -> exp.Expr | None:
        if node.name.upper() == "SYS_EXTRACT_UTC":
            return call("ns_extract_utc", *[argument.copy() for argument in node.expressions])
        if node.name.upper() == "TRUNC":
            unit = node.expressions[1].name if len(node.expressions) > 1 else "DD"
            return call("ns_trunc", node.expressions[0].copy(), exp.Literal.string(unit))
        if node.name.upper() == "DF" and not isinstance(node.parent, exp.Dot):
            raise self.refused("Unsupported or invalid: DF")
        return None

    def _arithmetic(self, node: exp.Add | exp.Sub) -> exp.Expr | None:
        left, right = self._kind(node.this), self._kind(node.expression)
        if left != "date":
            return None
        if right == "date":
            return call("ns_days_between", node.this.copy(), node.expression.copy())
        days: exp.Expr = node.expression.copy()
        return call(
            "ns_add_days",
            node.this.copy(),
            exp.Neg(this=exp.paren(days)) if isinstance(node, exp.Sub) else days,
        )

    def _comparison(self, node: exp.Binary) -> exp.Expr | None:
        node.set("expression", self._as(self._kind(node.this), node.expression))
        node.set("this", self._as(self._kind(node.expression), node.this))
        return None

    def _membership(self, node: exp.In) -> exp.Expr | None:
        kind = self._kind(node.this)
        node.set("expressions", [self._as(kind, item) for item in node.expressions])
        return None

    def _between(self, node: exp.Between) -> exp.Expr | None:
        kind = self._kind(node.this)
        for bound in ("low", "high"):
            node.set(bound, self._as(kind, node.args[bound]))
        return None

    def _as(self, kind: str, value: exp.Expr) -> exp.Expr:
        """Text beside a date or a number is converted, and refused when it is neither."""
        if not isinstance(value, exp.Placeholder) and not (isinstance(value, exp.Literal) and value.is_string):
            return value
        if kind == "date":
            return call("ns_implicit_date", value.copy())
        return call("ns_number", value.copy()) if kind in NUMBER_KINDS else value

    def _kind(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Paren | exp.Min | exp.Max):
            return self._kind(node.this)
        if isinstance(node, exp.Count | exp.Sum | exp.Avg | exp.Length):
            return "number"
        if isinstance(node, exp.Anonymous):
            return "date" if node.name in DATE_CALLS else "number" if node.name == "ns_number" else "text"
        column = self._column(node)
        return column.kind if column else "text"

    def _column(self, node: exp.Expr) -> Column | None:
        if not isinstance(node, exp.Column):
            return None
        for scope in scopes_of(node, self.tables, self.refused):
            if (found := scope.find(node)) is not None:
                return found
        return None

    def _show_dates(self, select: exp.Select) -> None:
        """A date that is not formatted comes out as M/D/YYYY, without its time."""
        for projection in list(select.expressions):
            bare = projection.unalias()
            if self._kind(bare) == "date":
                shown: exp.Expr = call("ns_show_date", bare.copy())
                named = isinstance(projection, exp.Alias | exp.Column)
                projection.replace(exp.alias_(shown, projection.alias_or_name) if named else shown)


def _name_expressions(select: exp.Select) -> None:
    """What has no name comes out as expr1, expr2 ..."""
    unnamed = [item for item in select.expressions if not isinstance(item, exp.Alias | exp.Column)]
    for number, item in enumerate(unnamed, 1):
        item.replace(exp.alias_(item.copy(), f"expr{number}"))
