"""What an estimation says, as plain tables: what is written to files, printed as JSON and shown on the page."""

import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from sim.base.json_values import plain
from sim.base.messages import _, both
from sim.experiments.estimation.estimate import Estimation
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.nested_logit import DISSIMILARITY
from sim.experiments.estimation.one_kind import Prepared, Result
from sim.experiments.estimation.places import Places
from sim.experiments.estimation.spec import Models
from sim.experiments.estimation.table_estimate import CHOICES, NONE, PreparedTable, TableEstimation
from sim.experiments.estimation.table_spec import TableModels

MOST_NAMED = 20                # places that nobody chose, by name
SHOWN = (_("arrivals"), _("moves"), _("choices"), _("none"), _("site"), _("industry x site"), _("jackknife"),
         _("destination"), _("firm"), _("year"), _("jurisdiction"), _("decider"), _("normal"), _("lognormal"),
         _("minus lognormal"), _("truncated normal"), _("triangular"),
         _("uniform"))         # names that readers see in their language


def of(found: Estimation) -> dict[str, Any]:
    """The content: numbers that are not finite are None."""
    given = found.prepared
    asked = given.spec.values
    return plain({
        **about(given), "firms": len(np.unique(given.firms.firm)), "firm_years": len(given.firms.firm),
        "first": int(given.firms.year.min()), "last": int(given.firms.year.max()), "places": len(given.where.ids),
        "industries": list(given.firms.industries), "open_ended": given.firms.open_ended,
        "cluster": asked.models.cluster, "worlds": asked.models.worlds, "carries": list(asked.carries),
        "kinds": {kind: _kind(each, given.where, asked.models) for kind, each in found.results.items()},
        "stay": {**estimate(found.stay[0], None), "undecided": found.stay[1]} if found.stay else None})


def about(given: Prepared | PreparedTable) -> dict[str, Any]:
    """What is told of any file and spec."""
    asked, name = given.spec.values, pathlib.Path(given.table.file).name
    return {"title": asked.title or name, "title_zh": asked.title_zh or asked.title or name,
            "file": name, "sha256": given.table.sha256, "encoding": given.table.encoding,
            "caveats": list(asked.caveats), "caveats_zh": list(asked.caveats_zh or asked.caveats),
            "regressors": {name: each.model_dump() for name, each in asked.regressors.items()},
            "data": given.report.lines}


def _kind(each: Result, where: Places, models: Models) -> dict[str, Any]:
    first = next(iter(each.estimates.values()))
    return {"years": each.years, "count": first.number, "sampled": each.sampled,
            "models": [{"effects": effects, **estimate(made, each.elasticities if effects == "none" else None)}
                       for effects, made in each.estimates.items()],
            "bracket": [{"effects": bound.effects, "name": bound.name, "value": bound.value, "error": bound.error,
                         "null_mean": bound.null_mean, "null_sd": bound.null_sd, "worlds": len(bound.null)}
                        for bound in each.bracket],
            "sums": _sums(each), "reach": each.reach and each.reach._asdict(),
            **_beside(each, models, where.names, where.names_zh)}


def of_table(found: TableEstimation) -> dict[str, Any]:
    """The same of a table of choices: one kind of choice, no places."""
    given = found.prepared
    names = given.made.alternatives
    kind = {"years": None, "count": found.estimate.number, "sampled": False,
            "models": [{"effects": NONE, **estimate(found.estimate, found.elasticities, found.shares)}],
            "ratios": [each._asdict() for each in found.ratios], "bracket": [], "sums": [], "reach": None,
            **_beside(found, given.spec.values.models, names, names, found.shares)}
    return plain({**about(given), "deciders": len(np.unique(given.made.decider)), "alternatives": list(names),
                  "open_ended": False, "cluster": "decider", "worlds": 0, "carries": [], "kinds": {CHOICES: kind},
                  "stay": None})


def _beside(each: Result | TableEstimation, models: Models | TableModels, names: Sequence[str],
            names_zh: Sequence[str], shares: float | None = None) -> dict[str, Any]:
    """What stands beside the conditional logits: a test, further models, by which laws coefficients vary, notes."""
    test, mixed = each.hausman, each.mixed
    return {"hausman": test and {"without": names[test[0]], "without_zh": names_zh[test[0]], **test[1]._asdict()},
            "nested": each.nested and estimate(each.nested, None, shares),
            "mixed": mixed and {**estimate(mixed, None, shares), "draws": models.draws, "laws": {
                name: law for name, law in models.mixed.items() if name in mixed.names}},
            "notes": [both(note) for note in each.notes]}


def estimate(made: Estimate, elasticities: Any, shares: float | None = None) -> dict[str, Any]:
    """A table of coefficients, and what the fit is worth; p of a dissimilarity parameter is that of 1 (no nests).

    shares: log-likelihood of constants of the alternatives alone. The fit is rho squared against coefficients of 0,
    `adjusted` for the number of parameters (Ben-Akiva & Lerman 1985, section 7.4).
    """
    errors = {kind: made.errors(kind) for kind in made.covariance}
    nests = np.array([name.startswith(DISSIMILARITY) for name in made.names])
    z = (made.coefficients - nests) / np.where(errors["clustered"] > 0, errors["clustered"], np.nan)
    rows = [{"name": name, "value": made.coefficients[k], **{kind: each[k] for kind, each in errors.items()},
             "p": 2.0 * stats.norm.sf(abs(z[k])),
             "wild_p": None if nests[k] else made.wild[k],
             "elasticity": None if elasticities is None else elasticities[k]}
            for k, name in enumerate(made.names)]
    parameters = len(made.names) + made.effects
    return {"rows": rows, "shares": shares, "parameters": parameters,
            "adjusted": 1.0 - (made.likelihood - parameters) / made.null,
            "aic": 2.0 * (parameters - made.likelihood),
            "bic": parameters * np.log(made.number) - 2.0 * made.likelihood, "count": made.number,
            "alternatives": made.alternatives, "clusters": made.clusters,
            "likelihood": made.likelihood, "null": made.null, "fit": 1.0 - made.likelihood / made.null,
            "effects_estimated": made.effects, "never": list(made.never[:MOST_NAMED]), "never_count": len(made.never)}


def _sums(each: Result) -> list[dict[str, Any]]:
    """Sum of the coefficients of peers by effects, with its clustered error: near 1 is choice in proportion."""
    peers = {bound.name for bound in each.bracket}
    found = []
    for effects, made in each.estimates.items():
        weight = np.array([name in peers for name in made.names], float)
        if weight.sum() > 1:
            found.append({"effects": effects, "value": made.coefficients @ weight,
                          "error": float(weight @ made.covariance["clustered"] @ weight) ** 0.5})
    return found
