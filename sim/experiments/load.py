"""The labelled results in a folder, whatever made it. No engine is imported here."""

import os
from pathlib import Path

import xarray as xr

from sim.base import files, stored
from sim.experiments.sweep import load as sweeps
from sim.plots.comparison import folder as comparisons
from sim.results import dataset


def load(path: str | os.PathLike[str], experiment: str = "") -> xr.Dataset:
    """The dataset of a finished run, a comparison or a sweep, from its folder (or a run's results.nc).

    Of a comparison: effects (scenario, member, quarter, group) by measure. Of a sweep: the axes of a grid are
    dimensions; other designs have `point`, with the axes as coordinates along it; then `replicate` and, if there
    are several, `scenario`; runs without a result are nan, and `experiment` names one of several. CorruptError for
    what is not as it was written.
    """
    path = Path(path)
    files.check_folder(path)
    said = comparisons.manifest_of(path) if path.is_dir() else None
    if not said:
        return sweeps.load(path, experiment)
    comparisons.finished(path)
    return dataset.load(stored.required(path / comparisons.EFFECTS, said["sha256"].get(comparisons.EFFECTS)))
