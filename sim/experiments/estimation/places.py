"""The places of an estimation: ids, names, coordinates, jurisdictions, and the columns that are regressors."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base import geodesy, table_files
from sim.base.errors import InputError, Problem, row_of
from sim.base.messages import _
from sim.experiments.estimation import firm_tables
from sim.experiments.estimation.newton import Array
from sim.experiments.estimation.spec import Spec

FEWEST = 2


class Places(NamedTuple):
    """Places in the order of their file."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    names_zh: tuple[str, ...]
    lon: Array
    lat: Array
    km: Array                      # (place, place)
    jurisdiction: tuple[str, ...]  # "" where none is said
    frame: pd.DataFrame            # all columns, as texts
    file: str


def read(spec: Spec) -> Places:
    """The places that a spec names; InputError for ids that occur twice and coordinates that are none."""
    table = firm_tables.read(spec.beside(spec.values.places.file))
    where = spec.where(("places", "file"))
    ids = firm_tables.column(table, "id", where, "places.file")
    again = ids[ids.duplicated()]
    if len(again):
        raise InputError(Problem(table.file, "id", _("{id} already exists", id=repr(again.iloc[0])),
                                 _("each id once")))
    if len(ids) < FEWEST:
        raise InputError(Problem(table.file, "", _("there is only one alternative"),
                                 _("two or more places to choose from")))
    if not (_needs_coordinates(spec) or "lon" in table.frame or "lat" in table.frame):
        return of(tuple(ids), np.zeros(len(ids)), np.zeros(len(ids)), table.frame, table.file)
    lon, lat = (_degrees(table, name, where, most) for name, most in (("lon", 180.0), ("lat", 90.0)))
    return of(tuple(ids), lon, lat, table.frame, table.file)


def _needs_coordinates(spec):
    """Whether anything is asked for that looks at distances."""
    asked = spec.values
    return bool(asked.firms.columns.lon or asked.models.decay) \
        or any(each.kind == "distance" for each in asked.regressors.values())


def _degrees(table, name, where, most):
    found = numbers(table, name, where)
    bad = np.flatnonzero(np.abs(found) > most)
    if len(bad):
        raise InputError(Problem(row_of(table.file, bad[0] + firm_tables.FIRST_ROW), name,
                                 _("{value:g} is not a coordinate in degrees", value=found[bad[0]]),
                                 _("a number in [{low:g}, {high:g}]", low=-most, high=most)))
    return found


def of(ids: tuple[str, ...], lon: Array, lat: Array, frame: pd.DataFrame, file: str) -> Places:
    """Places from coordinates in WGS-84 and a table with further columns."""
    column = lambda name, other: tuple(map(str, frame[name])) if name in frame else other                # noqa: E731
    names = column("name_en", ids)
    return Places(ids, names, column("name_zh", names), lon, lat, geodesy.distances_km(lon, lat),
                  column("jurisdiction", ("",) * len(ids)), frame, file)


def numbers(table: firm_tables.FirmTable, name: str, where: str, key: str = "") -> Array:
    """A column as numbers; InputError at the first cell that is none, or at the key of the spec that asks for it."""
    texts = firm_tables.column(table, name, where, key or name)
    found = as_numbers(texts)
    bad = np.flatnonzero(np.isnan(found))
    if len(bad):
        raise InputError(Problem(row_of(table.file, bad[0] + firm_tables.FIRST_ROW), name,
                                 _("{value} is not a number", value=repr(texts.iloc[bad[0]])), _("a number")))
    return found


def as_numbers(texts: pd.Series) -> Array:
    """(row,) numbers, full-width digits and thousands apart among them, nan where a cell holds none."""
    found: NDArray[np.float64] = pd.to_numeric(texts, errors="coerce").to_numpy(float).copy()
    odd = np.flatnonzero(np.isnan(found))
    found[odd] = pd.to_numeric(texts.iloc[odd].map(table_files.as_number), errors="coerce")
    return found


def nearest(places: Places, lon: Array, lat: Array) -> tuple[NDArray[np.intp], Array]:
    """(point,) number of the nearest place and km to it."""
    number, km = np.zeros(len(lon), int), np.full(len(lon), np.inf)
    for k in range(len(places.ids)):
        apart = geodesy.separation_km(lon, lat, places.lon[k], places.lat[k])
        closer = apart < km
        number[closer], km[closer] = k, apart[closer]
    return number, km
