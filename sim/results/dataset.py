"""Results of a run: one labelled dataset, what stands in it, and how it is read. No engine is imported here."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xarray as xr

from sim.base import deflated, memory, netcdf
from sim.base.errors import CorruptError
from sim.base.lazy_arrays import ByBlocks, Mapped, Unread, is_large
from sim.base.messages import _, both
from sim.results import earlier
from sim.results.account_labels import COORDINATES as ACCOUNTS

TYPE_NAMES = {"comprehensive": both(_("comprehensive")), "functional": both(_("functional")),
              "growth": both(_("growth")), "regional": both(_("regional"))}
CUBE = ("member", "quarter", "site", "industry", "hq_type")
PLACE = ("member", "quarter", "site")
CENSUS = ("member", "quarter", "generation", "age")
GENERATIONS = ("initial", "entrant", "spin-off")
VARIABLES = {            # name: (dimensions, unit, long name, Chinese long name)
    "enterprises": (CUBE, "enterprises", *both(_("candidate enterprises at the close of the quarter"))),
    "headquarters": (CUBE, "enterprises", *both(_("headquarters by the base-year criteria"))),
    "entries": (CUBE, "enterprises", *both(_("entrants that chose the site, spin-offs included"))),
    "exits": (CUBE, "enterprises", *both(_("enterprises that closed"))),
    "spinoffs": (CUBE, "enterprises", *both(_("spin-offs among the entrants"))),
    "flows": (("member", "quarter", "industry", "origin", "destination"), "enterprises",
              *both(_("moves between sites"))),
    "declined": (("member", "quarter"), "enterprises", *both(_("potential entrants that stayed outside"))),
    "headquarters_entries": (PLACE, "enterprises", *both(_("headquarters among the entrants, spin-offs included"))),
    "headquarters_spinoffs": (PLACE, "enterprises", *both(_("headquarters among the spin-offs"))),
    "headquarters_exits": (PLACE, "enterprises", *both(_("headquarters that closed"))),
    "headquarters_growth": (PLACE, "enterprises", *both(_(
        "enterprises that grew past the base-year criteria less those that fell below them"))),
    "headquarters_flows": (("member", "quarter", "origin", "destination"), "enterprises",
                           *both(_("moves of headquarters between sites"))),
    "potential_entrants": (("member", "quarter"), "enterprises", *both(_(
        "potential entrants from outside that could come"))),
    "entrant_value": (("member", "quarter"), "1", *both(_(
        "log-sum of the mean potential entrant, staying out worth 0, in the last quarter of every year"))),
    "employment": (PLACE, "employees", *both(_("employment of modelled enterprises"))),
    "rent": (PLACE, "1", *both(_("rent index, base year = 1"))),
    "floor": (PLACE, "1", *both(_("floor in use relative to the base year"))),
    "access": (PLACE, "1", *both(_("log gravity accessibility of hubs, airports counted like other hubs"))),
    "at_risk": (CENSUS, "enterprises", *both(_("enterprises that could close in the quarter"))),
    "closed": (CENSUS, "enterprises", *both(_("enterprises that closed, by age"))),
    "unmet_demand": (PLACE, "RMB million a year at base-year rents",
                     *both(_("floor demanded at base-year rents less floor demanded at the clearing rent"))),
    "red_line_premium": (PLACE, "share", *both(_(
        "rent that red lines cause: rent over the rent without them, less 1"))),
    "at_capacity": (PLACE, "1", *both(_("whether all the floor that a site can have is in use: 1, else 0"))),
    "registered": (PLACE, "enterprises", *both(_("enterprises that are registered at the site, wherever they work"))),
    "registered_headquarters": (PLACE, "enterprises", *both(_(
        "headquarters by the base-year criteria that are registered at the site"))),
    "registered_elsewhere": (PLACE, "enterprises", *both(_(
        "enterprises that work at the site and are registered at another"))),
    "headquarters_registered_elsewhere": (PLACE, "enterprises", *both(_(
        "headquarters that work at the site and are registered at another"))),
    "recognised": (PLACE, "enterprises", *both(_(
        "headquarters that are registered at the site and recognised by a rule of the scenario; not the "
        "headline"))),
    "headquarters_real_criteria": (PLACE, "enterprises", *both(_(
        "headquarters by criteria that keep pace with prices alone; not the headline"))),
    "headquarters_nominal_criteria": (PLACE, "enterprises", *both(_(
        "headquarters by the base year's amounts of money; not the headline"))),
    "tax_base": (("member", "quarter", "authority", "base"), "RMB", *both(_(
        "tax base of the quarter, by jurisdiction of registration"))),
    "taxes": (("member", "quarter", "authority", "tax", "level"), "RMB", *both(_(
        "taxes of the quarter by jurisdiction of registration and by who receives them, before sharing"))),
    "eligible": (("member", "year", "policy", "authority"), "enterprises", *both(_(
        "registrations that a policy's money or relief is for, whether enterprises know of it or not"))),
    "cost": (("member", "year", "policy", "authority", "payer"), "RMB", *both(_(
        "what a policy costs: relief forgone, grants, spending"))),
    "transfers": (("member", "year", "giver", "receiver"), "RMB", *both(_(
        "transfers between jurisdictions and the joint fund"))),
    "r_choice": (("member", "quarter"), "1", *both(_("feedback of the entrants' map, R_choice"))),
    "r_dyn": (("member", "quarter"), "1", *both(_("feedback of the quarterly map, R_dyn"))),
    "half_life": (("member", "quarter"), "year", *both(_("half-life of the slowest mode"))),
    "rivalness": (("member", "quarter"), "1", *both(_("rivalness of the zone among entrants"))),
    "arrived": (("member", "quarter"), "share", *both(_(
        "share of the long-run effect of a lasting gain of the zone that the length of the run brings"))),
    "capitalised": (("member", "quarter"), "share", *both(_(
        "share of a lasting gain of the zone that rents there take back in the length of the run"))),
    "capitalised_long_run": (("member", "quarter"), "share", *both(_(
        "share of a lasting gain of the zone that rents there take back in the long run"))),
    "constant": (("member", "site"), "1", *both(_("alternative-specific constant"))),
    "allocated_share": (("member", "site"), "share", *both(_("allocated share of candidates in the base year"))),
    "moving_cost": (("member",), "1", *both(_("constant of the moving cost"))),
    "stay_constant": (("member", "site"), "1", *both(_("constant of the moving cost, by the site that is left"))),
    "base_residual": (("member",), "share", *both(_("largest error of a base-year equation"))),
}
SITE_COLUMNS = {
    "name_en": both(_("English name")), "name_zh": both(_("Chinese name")),
    "short_en": both(_("short English name")), "short_zh": both(_("short Chinese name")),
    "lon": both(_("longitude")), "lat": both(_("latitude")), "ring": both(_("ring")),
    "jurisdiction": both(_("jurisdiction")), "nest": both(_("nest of the choice model")),
    "district": both(_("district")), "in_zone": both(_("whether in the zone")),
    "is_town": both(_("whether one of the towns that policies name together")),
    "order": both(_("order of display")), "confidence": both(_("confidence in the position"))}
DEGREES = {"lon": {"units": "degrees_east"}, "lat": {"units": "degrees_north"}}
COORDINATES = {
    "member": both(_("replicate")), "quarter": both(_("quarter, at its close")),
    "date": both(_("last day of the quarter")), "site": both(_("site")),
    "origin": both(_("site moved from")), "destination": both(_("site moved to")),
    "generation": both(_("opening stock, entrants from outside, or spin-offs")),
    "age": both(_("years of age, the last for all older")),
    "industry": both(_("industry")), "industry_en": both(_("English name of the industry")),
    "industry_zh": both(_("Chinese name of the industry")),
    "hq_type": both(_("headquarters type")), "hq_type_en": both(_("English name of the type")),
    "hq_type_zh": both(_("Chinese name of the type")),
    "jurisdiction_en": both(_("English name of the jurisdiction")),
    "jurisdiction_zh": both(_("Chinese name of the jurisdiction")), **SITE_COLUMNS, **ACCOUNTS}


def netcdf_of(data: xr.Dataset, mapped: Mapped = map) -> bytes:
    """The dataset as bytes of compressed netCDF 4, which any reader opens; `mapped` may compress in threads.

    In memory, because the HDF5 library cannot be told to stop cleanly when the disk is full. A chunk
    of the file is all of one member, or a quarter of it where that is large: it lies together in memory, and is read
    together. Variables are read one after another, and of a large one some members at a time.
    """
    encoding = {name: _encoding(variable) for name, variable in data.variables.items()}
    unread = data.copy(data={name: Unread(data.variables[name]) for name in data.data_vars})
    file = io.BytesIO()
    with netcdf.written(file) as (plain, store):
        unread.dump_to_store(store, writer=ByBlocks(plain, mapped), encoding=encoding)
    return file.getvalue()                # shares the memory of a file that nobody writes to any more


def _encoding(variable: xr.Variable) -> dict[str, Any]:
    """How a variable lies in the file: with a checksum, large ones compressed, texts with a fixed length.

    HDF5 has no checksum for texts of any length.
    """
    if not variable.ndim or not variable.size:
        return {}
    if variable.dtype.kind in "UO":
        return dict(fletcher32=True, dtype="S1")
    if variable.ndim < 3:
        return dict(fletcher32=True, chunksizes=variable.shape)
    quarters = 1 if is_large(variable.shape, variable.dtype) else variable.shape[1]
    return dict(fletcher32=True, zlib=True, complevel=deflated.LEVEL, shuffle=True,
                chunksizes=(1, quarters, *variable.shape[2:]))


def opened(path: str | Path) -> xr.Dataset:
    """The dataset in a results.nc file, read whenever it is used and not kept; to be closed.

    CorruptError for a file that leads into others or is no netCDF; whose it is, the manifest beside it tells.
    """
    return earlier.variables(netcdf.opened(path))


def load(path: str | Path, variables: Iterable[str] | None = None) -> xr.Dataset:
    """The dataset in a results.nc file, or some variables of it with all coordinates, fully read."""
    with opened(path) as data:
        return read(path, data, variables)


def read(path: str | Path, data: xr.Dataset, variables: Iterable[str] | None = None) -> xr.Dataset:
    """The same of a file that is open."""
    wanted = data if variables is None else data[[*variables]].assign_coords(data.coords)
    if wanted.nbytes > memory.available():
        raise CorruptError(_("{path}: {size:,.1f} GB are more than the memory that is available",
                             path=path, size=wanted.nbytes / 1e9))
    with netcdf.reading(path):
        return wanted.load()
