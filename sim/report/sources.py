"""What a comparison keeps of its runs, so that its figures and pages can be drawn without them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.base import files, plain_files, stored
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.plots.comparison import folder as comparison_folder
from sim.plots.comparison.data import PLACES
from sim.results import dataset, run_folder

FOLDER, KEPT = "sources", ("resolved.toml", "assumed.csv")


def gather(folder: Path, content: Mapping[str, Any]) -> None:
    """Keep the places of the baseline and the inputs of every run in the comparison's folder.

    Runs that are gone leave what was kept of them before; InputError if nothing was.
    """
    said = comparison_folder.finished(folder)
    compared = {run["scenario"]: run["results"] for run in said["runs"]}
    hashes = dict(said.get("sources", {}))
    for scenario in content["scenarios"]:
        run, kept = Path(scenario["folder"]), plain_files.child(folder, FOLDER, scenario["name"])
        of_run = _compared_run(run, compared.get(scenario["name"]))
        if of_run:
            hashes |= _copied(run, of_run, folder, scenario["name"])
            hashes |= _places(run, of_run, folder) if scenario["baseline"] else {}
        elif not (kept / "resolved.toml").exists():
            raise InputError(Problem(scenario["folder"], "", _("the run that was compared is no longer in this folder"),
                                     "", _("run the same `sim compare` command again")))
    if hashes != said.get("sources", {}):
        files.write_manifest(folder, {**said, "sources": hashes})


def _compared_run(run, results_hash):
    """Manifest of the run in a folder, None if it is gone or another one than was compared."""
    files.check_folder(run)
    said = files.read_manifest(run)
    return said if said and said["sha256"].get("results.nc") == results_hash else None


def _copied(run, said, folder, scenario):
    """Copy a run's inputs; path below the folder -> hash."""
    with files.writing(folder / FOLDER):
        kept = plain_files.made(folder, FOLDER, scenario)
    found = {name: run_folder.content(run, said, name) for name in KEPT}
    found[files.MANIFEST] = stored.content(run / files.MANIFEST)
    return {f"{FOLDER}/{scenario}/{name}": files.write_checked(kept / name, raw) for name, raw in found.items()}


def _places(run, said, folder):
    """Keep the coordinates and base map of the baseline's results, without its variables; path -> hash."""
    with dataset.opened(run_folder.verified(run, said, "results.nc")) as data:
        places = data.drop_vars(list(data.data_vars)).load()
    return {PLACES: files.write_checked(folder / PLACES, dataset.netcdf_of(places))}
