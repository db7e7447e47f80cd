"""Verification: every theorem's cases on the production code, as rows, tables and a page.

    registry ─► tasks (theorem, case) ─► checks (theorem, case, Row) ─► table, Markdown, JSON
"""

from __future__ import annotations

import inspect
import itertools
import math
import re
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pydantic

from sim.base import markdown as markdown_tables
from sim.base.errors import InputError, Problem
from sim.base.messages import _, one_of
from sim.base.registry import near_miss
from sim.config import toml_file
from sim.config.fault_wording import expected_by, unfit
from sim.config.layers import setting
from sim.verification import theorems

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from sim.verification.theorems import Theorem
    from sim.verification.theorems.rows import Row

HEAD = (_("theorem"), _("case"), _("what"), _("expected"), _("obtained"), _("allowed"), _("verdict"))
BLOCK = re.compile(r"(<!-- verified: theorems -->\n).*?(<!-- end: theorems -->)", re.DOTALL)
GIVEN = "given"                # the name of a case from the command line
STRICT = pydantic.ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Task(NamedTuple):
    """One case of one theorem."""

    theorem: Theorem
    case: str
    arguments: dict[str, Any]


class Check(NamedTuple):
    """One comparison that a case made."""

    theorem: Theorem
    case: str
    row: Row
    seconds: float             # that the whole case took


def tasks(names: Iterable[str] = (), full: bool = False) -> list[Task]:
    """Tasks of the theorems named (of all by default) in the quick or the full form."""
    chosen = [theorems.registry.get(name, "--only") for name in names] or theorems.registry.entries()
    return [Task(entry, case, arguments) for entry in chosen
            for case, arguments in {**entry.cases, **(entry.more if full else {})}.items()]


def given(name: str, settings: Iterable[str]) -> Task:
    """The Task of one theorem with the arguments of `--set KEY=VALUE` settings, its defaults elsewhere."""
    data: dict[str, Any] = {}
    for text in settings:
        data |= setting(text).data
    return _task(name, GIVEN, data, "--set")


def read(path: str | Path) -> list[Task]:
    """Tasks of a TOML file of cases: `[[T08]]` tables with a theorem's arguments, and `case` for a name."""
    source, found = toml_file.read(path), []
    for name, tables in source.data.items():
        theorems.registry.get(name, source.where((name,)))
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            raise InputError(Problem(source.where((name,)), name, unfit(tables),
                                     _("tables that begin with [[{name}]]", name=name)))
        for number, table in enumerate(tables, 1):
            case = str(table.pop("case", f"{GIVEN} {number}"))
            found.append(_task(name, case, table, source.where((name, number - 1))))
    return found


def _task(name, case, data, where):
    """A Task whose arguments are as the theorem declares them, or the InputError of all that are not."""
    entry = theorems.registry.get(name, "--only")
    model = arguments_of(entry)
    try:
        model.model_validate(data)
    except pydantic.ValidationError as error:
        raise InputError([_problem(fault, name, model, where) for fault in error.errors()]) from None
    return Task(entry, case, data)


def arguments_of(entry: Theorem) -> type[pydantic.BaseModel]:
    """The arguments that a theorem takes, as a pydantic model."""
    fields: dict[str, Any] = {
        name: (given.annotation, ... if given.default is inspect.Parameter.empty else given.default)
        for name, given in inspect.signature(entry).parameters.items()}
    return pydantic.create_model(entry.name, __config__=STRICT, **fields)


def _problem(fault, name, model, where):
    key = toml_file.dotted((name, *(part for part in fault["loc"] if not str(part)[0].isupper())))
    known = list(model.model_fields)
    if fault["type"] == "extra_forbidden":
        return Problem(where, key, _("the argument is unknown"), one_of(known), near_miss(fault["loc"][0], known))
    if fault["type"] == "missing":
        return Problem(where, key, _("the argument is missing"))
    return Problem(where, key, unfit(fault["input"], fault["type"]), expected_by(fault))


def run(wanted: Sequence[Task]) -> Iterator[tuple[int, int, list[Check]]]:
    """Generator of (cases done, in all, Checks of the last one)."""
    yield 0, len(wanted), []
    for done, task in enumerate(wanted, 1):
        begun = time.perf_counter()
        try:
            rows = list(task.theorem(**task.arguments))
        except pydantic.ValidationError as error:              # a value that no scenario may have
            where = f"{task.theorem.name}, {task.case}"
            raise InputError([problem for fault in error.errors() for problem in _refused(fault, where)]) from None
        seconds = time.perf_counter() - begun
        yield done, len(wanted), [Check(task.theorem, task.case, row, seconds) for row in rows]


def _refused(fault, where):
    """The Problems of a scenario's value, or of a rule between several, that a case would need."""
    key = toml_file.dotted(fault["loc"])
    if fault["type"] == "rules":
        return [Problem(where, key, each.wrong, each.expected, each.remedy) for each in fault["ctx"]["broken"]]
    return [Problem(where, key, unfit(fault["input"], "float"), expected_by(fault))]


# -- what is printed and written --------------------------------------------------------------------

def failed(checks: Iterable[Check]) -> list[str]:
    """Names of the theorems that fail, in their order."""
    return sorted({check.theorem.name for check in checks if not check.row.holds})


def tightest(checks: Iterable[Check]) -> list[Check]:
    """Of every case the comparison that is nearest to failing, and all that fail."""
    found = []
    for _case, of_case in itertools.groupby(checks, key=lambda check: (check.theorem.name, check.case)):
        case = list(of_case)
        worst = max(case, key=lambda check: _used(check.row))
        found += [check for check in case if check is worst or not check.row.holds]
    return found


def _used(row):
    """Share of what is allowed that a row uses; above 1 where it fails."""
    if not row.holds:
        return math.inf
    if row.tolerance == 0.0:
        return 0.0
    if row.rule == "within":
        return abs(row.obtained - row.expected) / row.tolerance
    return row.tolerance / row.obtained if row.rule in ("p above", "above") else row.obtained / row.tolerance


def cells(check: Check) -> tuple[str, ...]:
    """The texts of a line of the table, as HEAD."""
    row = check.row
    expected = "–" if math.isnan(row.expected) else f"{row.expected:.10g}"
    obtained = f"{row.obtained:.10g}" if row.rule == "within" else f"{row.obtained:.4g}"
    return check.theorem.name, _(check.case), row.what, expected, obtained, allowed(row), verdict(row)


def allowed(row: Row) -> str:
    """What a row may be, in words."""
    words = {"within": "± {:.3g}", "p above": "p > {:g}", "p below": "p < {:g}", "above": "> {:.4g}",
             "below": "< {:.4g}"}
    return _("exactly") if row.rule == "within" and row.tolerance == 0 else words[row.rule].format(row.tolerance)


def verdict(row: Row) -> str:
    return _("holds") if row.holds else _("FAILS")


def record(check: Check) -> dict[str, Any]:
    """A check as a plain dictionary; nan becomes None, which JSON knows."""
    row = check.row
    return {"theorem": check.theorem.name, "title": check.theorem.title, "source": check.theorem.source,
            "case": check.case, "what": row.what,
            "expected": _number(row.expected), "obtained": _number(row.obtained), "rule": row.rule,
            "tolerance": _number(row.tolerance), "holds": row.holds, "seconds": round(check.seconds, 3)}


def _number(value):
    """A number of a row, numpy's too, as JSON has it."""
    if math.isnan(value):
        return None
    return float(value) if math.isfinite(value) else str(float(value))


def markdown(checks: Sequence[Check], about: str) -> str:
    """The checks as Markdown: a table of theorems, then every comparison; `about` is a line on the run."""
    names = list(dict.fromkeys(check.theorem.name for check in checks))
    pieces = [f"{about}\n", markdown_tables.table(
        ("theorem", "what it says", "source", "cases", "comparisons", "verdict"),
        [_line(name, checks) for name in names])]
    for name in names:
        own = [check for check in checks if check.theorem.name == name]
        text = " ".join(inspect.getdoc(
            own[0].theorem).split("\n\n")[0].split())  # type: ignore[union-attr]  # no theorem is without
        pieces += [f"### {name} {own[0].theorem.title}\n", f"{text} ({own[0].theorem.source})\n",
                   markdown_tables.table(HEAD[1:], [cells(check)[1:] for check in own])]
    return "\n".join(pieces)


def _line(name, checks):
    own = [check for check in checks if check.theorem.name == name]
    good = sum(check.row.holds for check in own)
    return (name, own[0].theorem.title, own[0].theorem.source, len({check.case for check in own}), len(own),
            "holds" if good == len(own) else f"FAILS in {len(own) - good}")


def placed(text: str, page: str) -> str:
    """A page with the text between its marks; a page of its own where there is none or it has no marks."""
    if BLOCK.search(page):
        return BLOCK.sub(lambda found: found[1] + text + found[2], page)
    return f"# Validation\n\n<!-- verified: theorems -->\n{text}<!-- end: theorems -->\n"
