"""The folder of an estimation: tables, the scenario fragment, the content of its page, the manifest last.

outputs/<list>-estimate/  coefficients.csv fit.csv ratios.csv covariance.csv peers.csv data.csv estimated.toml spec.toml
                          content.json manifest.json
"""

from pathlib import Path
from typing import Any

import pandas as pd

from sim.base import files, provenance, stored
from sim.experiments.estimation import content, scenario_fragment
from sim.experiments.estimation.estimate import Estimation
from sim.experiments.estimation.one_kind import Prepared
from sim.experiments.estimation.table_estimate import CHOICES, NONE, PreparedTable, TableEstimation
from sim.results.summary import csv_of
from sim.runs import output_folder
from sim.runs.output_folder import Request

CONTENT, FRAGMENT = "content.json", "estimated.toml"
FILES = ("coefficients.csv", "fit.csv", "ratios.csv", "covariance.csv", "peers.csv", "data.csv", "spec.toml", FRAGMENT,
         CONTENT, *output_folder.PAGES)
FORM = ".10g"                  # of numbers: a coefficient may be of any order of magnitude
FITS = {"choices": "count", "parameters": "parameters", "log_likelihood": "likelihood",
        "log_likelihood_at_zero": "null", "log_likelihood_of_shares": "shares", "rho_squared": "fit",
        "rho_squared_adjusted": "adjusted", "aic": "aic", "bic": "bic"}
MEASURES = ("name", "value", "plain", "robust", "clustered", "p", "wild_p", "elasticity")


def request(given: Prepared | PreparedTable) -> Request:
    """What is asked for: which list, by which spec, with which files beside it."""
    named = {name: _digest(given.spec.beside(name)) for name in _files_of(given.spec.values.model_dump())}
    return Request(output_folder.ESTIMATION, {"firms": given.table.sha256, "files": named,
                                              "spec": output_folder.digest_of(given.spec.text)},
                   FILES, same={"spec.toml": given.spec.text.encode()})


def _files_of(values):
    """Names of files anywhere in a spec's values."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _files_of(value)
        elif key in ("file", "scenario") and value:
            yield value


def _digest(path):
    return stored.sha256(path) if Path(path).is_file() else ""


def write(folder: Path, found: Estimation | TableEstimation, asked: Request, command: str = "") -> dict[str, Any]:
    """Write everything but the page into a folder that is claimed; the content that the page shows."""
    if isinstance(found, TableEstimation):
        said, fragment = content.of_table(found), ""
    else:
        said, fragment = content.of(found), scenario_fragment.of(found)
    fits = [{"choice": kind, "model": model["effects"], **{name: model[key] for name, key in FITS.items()}}
            for kind, each in said["kinds"].items() for model in _models(each)]
    parts = {"coefficients.csv": csv_of(_coefficients(said), FORM),
             "fit.csv": csv_of(pd.DataFrame(fits), FORM), **_ratios(said),
             "covariance.csv": csv_of(_covariance(found), FORM),
             "peers.csv": csv_of(_peers(said), FORM), "data.csv": csv_of(found.prepared.report.frame()),
             "spec.toml": found.prepared.spec.text.encode()} | ({FRAGMENT: fragment.encode()} if fragment else {})
    said |= {"fragment": fragment, "command": command}
    for name, text in parts.items():
        files.write_checked(folder / name, text)
    if not fragment:
        (folder / FRAGMENT).unlink(missing_ok=True)
    files.write_json(folder / CONTENT, said)
    output_folder.finish(folder, asked, command=command, firms_sha256=said["sha256"], commit=provenance.commit())
    return said


def _coefficients(said):
    """A row a coefficient: kind of choice, effects, estimate, errors."""
    rows = [{"choice": kind, "model": model["effects"], "choices": model["count"],
             "log_likelihood": model["likelihood"], **{key: row[key] for key in MEASURES}}
            for kind, each in said["kinds"].items() for model in _models(each) for row in model["rows"]]
    if said["stay"]:
        rows += [{"choice": "move or stay", "model": "cloglog", "choices": said["stay"]["count"],
                  "log_likelihood": said["stay"]["likelihood"], **{key: row[key] for key in MEASURES}}
                 for row in said["stay"]["rows"]]
    return pd.DataFrame(rows)


def _ratios(said):
    """{file: a row a ratio of coefficients}, nothing where none was asked for."""
    rows = [{"choice": kind, **row} for kind, each in said["kinds"].items() for row in each.get("ratios", ())]
    return {"ratios.csv": csv_of(pd.DataFrame(rows), FORM)} if rows else {}


def _models(each):
    return [*each["models"], *({"effects": kind, **each[kind]} for kind in ("nested", "mixed") if each[kind])]


def _covariance(found):
    """A row a pair of coefficients of a model: the clustered covariance."""
    return pd.DataFrame([
        {"choice": kind, "model": effects, "regressor": one, "with": other,
         "covariance": float(made.covariance["clustered"][i, j])}
        for kind, effects, made in _every(found)
        for i, one in enumerate(made.names) for j, other in enumerate(made.names)])


def _every(found):
    """(kind of choice, model, Estimate) of all that has a covariance."""
    if isinstance(found, TableEstimation):
        made = {NONE: found.estimate, "nested": found.nested, "mixed": found.mixed}
        return [(CHOICES, name, each) for name, each in made.items() if each]
    return [(kind, name, made) for kind, each in found.results.items()
            for name, made in [*each.estimates.items(), ("nested", each.nested), ("mixed", each.mixed)] if made]


def _peers(said):
    head = ("choice", "effects", "name", "value", "error", "null_mean", "null_sd", "worlds")
    return pd.DataFrame([{"choice": kind, **bound} for kind, each in said["kinds"].items()
                         for bound in each["bracket"]], columns=head)
