"""A quantity over the plane of two axes of a grid, with R_dyn and the phase of every cell."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import t as student

from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.experiments.sensitivity import quantity as quantities
from sim.experiments.sensitivity.quantity import Quantity, Swept

PHASES = ("loss", "unclear", "gain")


def axes_of(sweep: Swept) -> tuple[str, ...] | None:
    """The two axes of a grid that have several values, None for any other design."""
    if sweep.defined["design"] != "grid":
        return None
    long = [axis for axis in sweep.axes if len(sweep.defined["axes"][axis]["values"]) > 1]
    return tuple(long) if len(long) == 2 else None


def dataset(sweep: Swept, quantity: Quantity, confidence: float = 0.95) -> xr.Dataset:
    """Dataset over (y, x), the first axis upwards: mean, error, r_dyn, phase (index into PHASES), clear.

    The phase of an effect is gain or loss where the interval of its mean over replicates (Student's t)
    leaves 0 out, unclear otherwise; a level is neither.
    """
    found = axes_of(sweep)
    if not found:
        raise InputError(Problem(str(sweep.folder), sweep.name,
                                 _("the axes {names} do not span a plane", names=", ".join(sweep.axes)),
                                 _("a grid of two axes with several values each")))
    shape = tuple(len(sweep.defined["axes"][axis]["values"]) for axis in found)
    cells = {"mean": quantity.mean, "error": quantity.error, "phase": _phase(quantity, confidence),
             "r_dyn": quantities.feedback(sweep, quantity.scenario)}
    data = {name: (("y", "x"), values.reshape(shape)) for name, values in cells.items()}
    coords = {name: (name, _labels(sweep.defined["axes"][axis]["values"])) for name, axis in zip(("y", "x"), found)}
    return xr.Dataset(data, coords=coords, attrs={"y_axis": found[0], "x_axis": found[1]})


def table(plane: xr.Dataset) -> pd.DataFrame:
    """DataFrame, one row a cell: both axes' values, mean, error, R_dyn, phase in words."""
    frame = plane.to_dataframe().reset_index().sort_values(["y", "x"], kind="stable", ignore_index=True)
    words = [PHASES[int(phase) + 1] if np.isfinite(phase) else "" for phase in frame["phase"]]
    return pd.DataFrame({plane.attrs["y_axis"]: frame["y"], plane.attrs["x_axis"]: frame["x"],
                         "mean": frame["mean"], "error": frame["error"], "r_dyn": frame["r_dyn"], "phase": words})


def _phase(quantity, confidence):
    """(point,) -1, 0 or 1; nan where the point is left out, and for a level."""
    n, mean = quantity.values.shape[1], quantity.mean
    if not quantity.against:
        return np.full(len(mean), np.nan)
    if n < 2:
        return np.where(np.isfinite(mean), 0.0, np.nan)
    half = student.ppf(0.5 + confidence / 2.0, n - 1) * quantity.error
    return np.where(np.isfinite(mean), np.sign(mean) * (np.abs(mean) > half), np.nan)


def _labels(values):
    """Values of an axis as they stand in a file, numbers as they are."""
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=float)
    return np.array([str(value) for value in values], dtype=object)
