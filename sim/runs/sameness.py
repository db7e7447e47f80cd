"""Whether two runs say the same: every bit, or all counts exactly and other numbers but for their rounding.

Libraries of linear algebra and elementary functions choose their instructions by the processor, so the last bits
of rents, constants and accessibility differ between processors; draws, choices and counts do not.

Decision 72 (docs/decisions.md).
"""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.results import dataset, run_folder

RELATIVE = 1e-9                # of a number, that another processor may change
ROUNDING = 1e-12               # of a number near 0: what is left of terms of size 1 that cancel
DECIMALS = 2e-10               # of a table, whose numbers have ten decimals


def processors(first: Mapping[str, Any], second: Mapping[str, Any]) -> str:
    """The processors of two manifests in words, "" if they are the same one or one is not known."""
    there, here = (said.get("processor") or {} for said in (first, second))
    if not there or not here or there == here:
        return ""
    keys = [key for key in sorted(there.keys() | here.keys()) if there.get(key) != here.get(key)]
    told = [key for key in keys if key != "features"] or keys
    return "; ".join(f"{key} {there.get(key, 'not known')} there, {here.get(key, 'not known')} here" for key in told)


def differing(first: tuple[Path, Mapping[str, Any]], second: tuple[Path, Mapping[str, Any]],
              exactly: bool) -> list[str]:
    """Names of what differs between two finished runs, each a (folder, manifest): variables and tables."""
    one, other = (dataset.load(run_folder.verified(*each, "results.nc")) for each in (first, second))
    table, again = (run_folder.content(*each, "summary.csv") for each in (first, second))
    found = [f"{name} of results.nc" for name in sorted({*one.variables, *other.variables}, key=str)
             if not _same(one.variables.get(name), other.variables.get(name), exactly)]
    found += [] if one.attrs == other.attrs else ["attributes of results.nc"]
    return [*found, *([] if _same_table(table, again, exactly) else ["summary.csv"])]


def _same(one: xr.Variable | None, other: xr.Variable | None, exactly: bool) -> bool:
    """Whether two variables are the same; counts, labels and texts always to the bit."""
    if one is None or other is None or one.dims != other.dims or one.shape != other.shape:
        return False
    if exactly or one.dtype.kind != "f" or other.dtype.kind != "f":
        return one.dtype == other.dtype and one.values.tobytes() == other.values.tobytes()
    return _close(one.values, other.values, ROUNDING)


def _same_table(one: bytes, other: bytes, exactly: bool) -> bool:
    if exactly or one == other:
        return one == other
    here, there = (pd.read_csv(io.BytesIO(raw)) for raw in (one, other))
    if list(here.columns) != list(there.columns) or len(here) != len(there):
        return False
    return all(_close(here[name].to_numpy(), there[name].to_numpy(), DECIMALS)
               if here[name].dtype.kind == there[name].dtype.kind == "f" else here[name].equals(there[name])
               for name in here)


def _close(one: NDArray[Any], other: NDArray[Any], least: float) -> bool:
    return np.allclose(one, other, rtol=RELATIVE, atol=least, equal_nan=True)
