"""What 0.2.0 and before called things in the files of a run that are still read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

VARIABLES = {"asked": "potential_entrants", "apart": "registered_elsewhere",
             "headquarters_apart": "headquarters_registered_elsewhere"}
COLUMNS = {"arrives_as": "status", "through": "channel", "concerns": "applies_to"}
CHANNELS = {"offers": "site utility", "peers at the opening counts": "peers at initial counts"}
GENERATIONS = {"opening": "initial"}


def variables(data: xr.Dataset) -> xr.Dataset:
    """A dataset of results under the names of today; it is closed as the one that was given."""
    renamed = data.rename({old: new for old, new in VARIABLES.items() if old in data})
    if "generation" in data:
        old = data["generation"]
        renamed["generation"] = old.copy(data=[GENERATIONS.get(name, name) for name in old.values.tolist()])
    renamed.set_close(data.close)
    return renamed


def assumed(table: pd.DataFrame) -> pd.DataFrame:
    """The table of assumed.csv under the names of today."""
    table = table.rename(columns=COLUMNS)
    return table.assign(channel=table["channel"].replace(CHANNELS))
