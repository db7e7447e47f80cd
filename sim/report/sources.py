"""What a comparison keeps of its runs, so that its figures and pages can be drawn without them."""

from pathlib import Path

from sim import plain_files, results, storage
from sim.errors import InputError, Problem

FOLDER, KEPT = "sources", ("resolved.toml", "assumed.csv", "manifest.json")


def gather(folder, content):
    """Keep the places of the baseline and the inputs of every run in the comparison's folder.

    Runs that are gone leave what was kept of them before; InputError if nothing was.
    """
    for scenario in content["scenarios"]:
        run, kept = Path(scenario["folder"]), plain_files.child(folder, FOLDER, scenario["name"])
        if (run / "resolved.toml").exists():
            storage.check_folder(run)
            with storage.writing(kept):
                plain_files.made(folder, FOLDER, scenario["name"])
                for name in KEPT:
                    storage.write_bytes(kept / name, (run / name).read_bytes(), lasting=False)
        elif not (kept / "resolved.toml").exists():
            raise InputError(Problem(scenario["folder"], "", "no finished run", "the folder of a run that "
                                     "was compared", "run the same sim compare again"))
    _places(folder, next(each for each in content["scenarios"] if each["baseline"]))


def _places(folder, baseline):
    """The coordinates and base map of the baseline's results, without its variables."""
    run = Path(baseline["folder"]) / "results.nc"
    if run.exists():
        with results.opened(run) as data:
            places = data.drop_vars(list(data.data_vars)).load()
        storage.write_bytes(folder / FOLDER / "places.nc", results.netcdf_of(places))
