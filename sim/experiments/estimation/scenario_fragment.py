"""A scenario fragment of estimates: parameters, their covariance, and where they come from; a scenario extends it."""

import pathlib

import numpy as np

from sim.base.errors import InputError
from sim.base.messages import _, both
from sim.config.parameters import interval
from sim.config.toml_file import dotted, format_value
from sim.experiments.estimation import carried_keys
from sim.experiments.estimation.estimate import Estimation

SHORT = 12                     # digits of a hash that are shown


def of(found: Estimation) -> str:
    """The text of the fragment; "" where nothing is carried over."""
    spec = found.prepared.spec
    result, names = _source(found)
    if not names:
        return ""
    effects, made = next(iter(result.estimates.items()))
    at = [made.names.index(name) for name in names]
    factor = np.array([spec.values.regressors[name].factor for name in names])
    values = factor * made.coefficients[at]
    covariance = np.outer(factor, factor) * made.covariance["clustered"][np.ix_(at, at)]
    keys = [spec.values.regressors[name].key for name in names]
    _refuse(spec, names, keys, values)
    tables = {tuple(key.split(".")): float(f"{value:.6g}") for key, value in zip(keys, values)}
    if result.reach:
        tables["peers", "decay"] = float(f"{result.reach.km:.4g}")
    source, source_zh = both(_("{file} (sha256 {hash}): {count:,} {kind} among {places} places, {first} to {last}, "
                               "conditional logit, effects of places: {effects}",
                               file=pathlib.Path(found.prepared.table.file).name,
                               hash=found.prepared.table.sha256[:SHORT], count=made.number, kind=_(result.kind),
                               places=len(found.prepared.where.ids), first=result.years[0], last=result.years[1],
                               effects=_(effects)))
    return _written(tables, keys, covariance, (source, source_zh))


def _source(found):
    """(Result that the estimates come from, regressors that are carried): of moves where there are any."""
    asked = found.prepared.spec.values
    result = found.results.get("moves") or next(iter(found.results.values()))
    known = next(iter(result.estimates.values())).names
    return result, [name for name in asked.carries if name in known and asked.regressors[name].key]


def _refuse(spec, names, keys, values):
    """InputError for estimates that no scenario may have."""
    known = carried_keys.numbers()
    problems = []
    for name, key, value in zip(names, keys, values):
        row = known[key]
        if row.allowed and value not in interval(row.allowed):
            problems.append(spec.problem(("regressors", name, "key"), _("{value:.4g} is not allowed for {key}",
                                                                        value=value, key=key),
                                         _("a number in {bounds}", bounds=row.allowed),
                                         _("leave it out of carries, or change its factor")))
    if problems:
        raise InputError(problems)


def _written(tables, keys, covariance, sources):
    lines = ["# Made by sim estimate: in a scenario of yours write extends = \"estimated.toml\" (its path from there).",
             "# A parameter that is set to another value is no longer the estimate: --uncertainty takes its range."]
    for table in sorted({path[:-1] for path in tables}):
        lines += ["", f"[{dotted(table)}]"]
        lines += [f"{path[-1]} = {format_value(value)}" for path, value in tables.items() if path[:-1] == table]
    matrix = [[float(f"{cell:.6g}") for cell in row] for row in covariance]
    values = [tables[tuple(key.split("."))] for key in keys]
    lines += ["", "[estimated]", f"parameters = {format_value(keys)}", f"values = {format_value(values)}",
              f"covariance = {format_value(matrix)}", f"source = {format_value(str(sources[0]))}",
              f"source_zh = {format_value(str(sources[1]))}"]
    return "\n".join(lines) + "\n"
