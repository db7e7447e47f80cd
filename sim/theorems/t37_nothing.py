"""T37."""

import dataclasses

from sim import laboratory as lab
from sim.theorems import theorem
from sim.theorems.everything import NESTS, TAX, differing, full
from sim.theorems.rows import Row, above

BEYOND = {"start": lab.date(2024, 1)}         # a run of twelve quarters ends with 2023
NOTHING = {"tax_rate": {"rate": 25.0, "years": 40.0, "movers": True, "incumbents": True},
           "grant": {"amount": 0.0}, "regime_exposure": {"exposure": "ftz", "level": 0.0},
           "land_capacity": {"change": 0.0}, "floor_area_ratio": {"change": 0.0}, "tod": {"bonus": 0.0},
           "red_line": {"share": 0.0}, "services": {"system": "talent", "change": 0.0}, "talent": {"change": 0.0},
           "ecology": {"change": 0.0}, "alliance": {"industries": ["industry-0"], "share": 0.0},
           "platform": {"reduction": 0.0}, "talent_spillover": {"hub": "station-0", "change": 0.0},
           "enclave": {"partner": "site-0", "reduction": 0.0, "share": 0.0},
           "express_road": {"stops": ["site-2", "site-4"], "speed": 1.0},
           "recognition": {"amount": 0.0, "revenue": {"growth": 10.0}}, "joint_fund": {"share": 0.0},
           "fiscal_sharing": {"matrix": {"district-0": {"district-0": 1.0}}},
           "transit_link": {"line": "x", "stops": ["station-0", "station-3"], "speed": 1.0}}
SOMETHING = {"tax_rate": {"rate": 0.0, "movers": True}, "grant": {"amount": 50.0},
             "regime_exposure": {"exposure": "bundle"}, "land_capacity": {"change": 1.0, "building_time": 0.0},
             "floor_area_ratio": {"change": 1.0, "building_time": 0.0}, "red_line": {"share": 0.5},
             "tod": {"bonus": 1.0, "building_time": 0.0, "sites": "all"}, "talent": {"change": 1.0},
             "services": {"system": "finance", "change": 1.0}, "ecology": {"change": 1.0},
             "alliance": {"industries": ["industry-0", "industry-1"], "share": 0.5},
             "anchor": {"industry": "industry-1", "employees": 500.0}, "enclave": {"partner": "site-0"},
             "express_road": {"stops": ["site-2", "site-4"], "speed": 150.0},
             "talent_spillover": {"hub": "station-0", "change": 2.0},
             "platform": {"reduction": 0.9, "sites": ["site-2", "site-3"]},
             "recognition": {"amount": 50.0, "revenue": {"growth": 10.0, "regional": 10.0}},
             "transit_link": {"line": "x", "stops": ["site-4", "station-0"], "speed": 500.0, "headway": 1.0},
             "fiscal_sharing": {"matrix": {"district-0": {"district-1": 1.0}}}, "joint_fund": {"share": 0.5}}
SILENT = ("fiscal_sharing", "joint_fund")     # act on the public accounts alone: T36


@theorem("T37", "A policy of size nothing, or after the horizon, is no policy", "Identity",
         title_zh="强度为零或在期末之后开始的政策等于没有政策",
         cases={name: {"instrument": name, "nothing": NOTHING.get(name), "something": SOMETHING[name],
                       "stations": name == "tod", "silent": name in SILENT} for name in SOMETHING})
def nothing(instrument: str, nothing: dict | None, something: dict, quarters: int = 12, stations: bool = False,
            silent: bool = False, seed: int = 20191025):
    """Every trajectory is bit-identical with a policy of size 0, or with one that starts after the horizon.

    `nothing` and `something` are the instrument's keys for either; an instrument that is never of size 0 has
    none of the former. The same policy in force must leave its trace, or there is nothing to see here. Every
    array of every quarter, and everybody at the end, counts. With `stations` all sites have one;
    a `silent` instrument acts on the accounts alone and leaves no trace here.
    """
    where = _stationed() if stations else None
    without = _run((), quarters, seed, where)
    empty = lab.policy(instrument, **{"sites": ["site-2"], **(nothing or something)})
    late = lab.policy(instrument, **{"sites": ["site-2"], **something, **BEYOND})
    there = lab.policy(instrument, **{"sites": ["site-2"], "start": lab.date(2021, 1), **something})
    size, horizon, force = (differing(_run((policy,), quarters, seed, where), without)
                            for policy in (empty, late, there))
    if nothing is not None:
        yield Row("entries that differ, size nothing", 0.0, size, 0.0)
    yield Row("entries that differ, after the horizon", 0.0, horizon, 0.0)
    yield Row("entries that differ, in force", 0.0, force, 0.0) if silent else above(
        "entries that differ, in force", force, 0)


def _run(policies, quarters, seed, where):
    made = full(lab.seeded(seed), policies=(TAX, *policies), quarters=quarters, where=where)
    return lab.run(made, quarters)


def _stationed():
    """The region of `full` with its stations moved to the sites."""
    where = lab.region(NESTS, industries=3)
    return dataclasses.replace(where, stations=where.stations.assign(
        lon=where.sites["lon"].to_numpy(), lat=where.sites["lat"].to_numpy()))
