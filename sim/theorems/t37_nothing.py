"""T37."""

from sim import laboratory as lab
from sim.theorems import theorem
from sim.theorems.everything import TAX, differing, full
from sim.theorems.rows import Row, above

BEYOND = {"start": lab.date(2024, 1)}         # a run of twelve quarters ends with 2023
NOTHING = {"tax_rate": {"rate": 25.0, "years": 40.0, "movers": True, "incumbents": True},
           "grant": {"amount": 0.0}, "regime_exposure": {"exposure": "ftz", "level": 0.0},
           "land_capacity": {"change": 0.0},
           "transit_link": {"line": "x", "stops": ["station-0", "station-3"], "speed": 1.0}}
SOMETHING = {"tax_rate": {"rate": 0.0, "movers": True}, "grant": {"amount": 50.0},
             "regime_exposure": {"exposure": "bundle"},
             "land_capacity": {"change": 1.0, "building_time": 0.0},
             "transit_link": {"line": "x", "stops": ["site-4", "station-0"], "speed": 500.0, "headway": 1.0}}


@theorem("T37", "A policy of size nothing, or after the horizon, is no policy", "Identity",
         title_zh="强度为零或在期末之后开始的政策等于没有政策",
         cases={name: {"instrument": name, "nothing": NOTHING[name], "something": SOMETHING[name]}
                for name in NOTHING})
def nothing(instrument: str, nothing: dict, something: dict, quarters: int = 12, seed: int = 20191025):
    """Every trajectory is bit-identical with a policy of size 0, or with one that starts after the horizon.

    `nothing` and `something` are the instrument's keys for either. The same policy in force must leave its
    trace, or there is nothing to see here. Every array of every quarter, and everybody at the end, counts.
    """
    without = _run((), quarters, seed)
    empty = lab.policy(instrument, **{"sites": "all", **nothing})
    late = lab.policy(instrument, **{"sites": "all", **BEYOND, **something})
    there = lab.policy(instrument, **{"sites": ["site-2"], "start": lab.date(2021, 1), **something})
    size, horizon, force = (differing(_run((policy,), quarters, seed), without)
                            for policy in (empty, late, there))
    yield Row("entries that differ, size nothing", 0.0, size, 0.0)
    yield Row("entries that differ, after the horizon", 0.0, horizon, 0.0)
    yield above("entries that differ, in force", force, 0)


def _run(policies, quarters, seed):
    return lab.run(full(lab.seeded(seed), policies=(TAX, *policies), quarters=quarters), quarters)
