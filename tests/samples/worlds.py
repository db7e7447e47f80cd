"""Worlds that several test files use; the means to make them are those of `sim.verification.laboratory`."""

import copy
import dataclasses

import numpy as np
import pandas as pd

from sim.model.processes import demography
from sim.model.step import measure
from sim.verification.laboratory import (  # noqa: F401
    NO_TERMS,
    PLAIN,
    Made,
    chosen,
    counts_after,
    date,
    enterprises,
    expected,
    headquarters,
    make,
    no_events,
    offers,
    people,
    plain,
    policy,
    region,
    run,
    stock,
    synthetic_region,
    utilities,
    values,
    years,
)


def with_newcomers(made, quarter):
    """A copy of the economy with the quarter's potential entrants as candidates."""
    economy = copy.deepcopy(made.economy)
    state, _ = demography.entry(made.world, made.fixed, quarter, economy.state)
    return economy._replace(state=state, counts=measure(made.world, made.fixed, state)[0])


def base_utilities_of(made):
    """(slot, site) utilities of the first member's enterprises, errors apart, peers at the opening counts."""
    return utilities(made, np.flatnonzero(made.economy.state.site[0] >= 0))[:, :-1]


NESTS = {"one nest": ([0] * 6, 1.0), "nests": ([0, 0, 1, 1, 1, 2], 0.5),
         "deep nests": ([0, 0, 0, 1, 1, 1], 0.1)}
FROZEN = {"peers": {"counts": "frozen"}, "land": {"rents": "frozen"}}
PEERS = {"terms": {"localisation": {"gamma": 0.5}, "headquarters": {"gamma": 0.3}}, "peers": {"decay": 15.0}}
SEVERAL = [{"choice": {"review": 0.9, "dissimilarity": 0.5, "keep_errors": 0.2}, "peers": {"decay": 20.0}},
           {"choice": {"review": 0.6, "dissimilarity": 1.0, "keep_errors": 0.9}, "moving": {"cost": 0.3},
            "terms": {"localisation": {"gamma": 0.8}, "grant": {"beta": 0.6}, "tax": {"taste_sd": 0.2}},
            "population": {"size_sd": 0.7}, "peers": {"offset": 2.0}, "growth": {"drift": 0.1, "sd": 0.5}}]
POLICIES = [policy("tax_rate", rate=10.0, sites=["site-1", "site-3"], movers=True, years=1.0),
            policy("grant", amount=8.0, sites=["site-0"]),
            policy("recognition", amount=9.0, sites=["site-2", "site-5"], revenue={"growth": 100.0},
                   research={"functional": 4.0, "growth": 5.0}),
            policy("regime_exposure", exposure="ftz", sites=["site-2"]),
            policy("alliance", name="club", industries=["industry-0", "industry-2"], share=0.5),
            policy("alliance", name="guild", industries=["industry-0"], share=0.4, lag=2.0),
            policy("anchor", name="head", industry="industry-2", employees=900.0, sites=["site-4"], alliances=["club"])]


def frozen(nests, length, *overrides, number=4000, members=1):
    where = region(nests)
    v = plain(where, [0.3, -0.5, 0.9, 0.0, 0.6, -0.2], years(12), people(number), FROZEN,
                     {"choice": {"dissimilarity": length, "outside": True}}, *overrides)
    return make(where, v, members=members)


def unlike(where):
    """The region with industries and headquarters types named at sites, and districts that are homes."""
    named = pd.DataFrame({"site": ["site-0", "site-2", "site-2"], "share": [np.nan, 0.6, np.nan],
                          "industry": ["industry-1", "industry-0", "industry-2"]})
    kinds = pd.DataFrame({"site": ["site-1", "site-4"], "hq_type": ["regional", "growth"], "share": [1.0, np.nan]})
    home = where.jurisdictions.assign(home=[["local"], ["local", "shanghai"], ["delta"]])
    return dataclasses.replace(where, specialisations=named, headquarters_types=kinds, jurisdictions=home)


def lively(*overrides):
    """Two unlike members with every term, three policies, a free and a single-site nest; after 2 quarters."""
    where = unlike(region([0, 0, 1, 1, 1, 2], industries=3))
    common = {"population": {"candidates": 40}, "moving": {"cost": 0.6}, "exit": {"headquarters_factor": 3.0},
              "base_year": {"constants": {"site-1": 0.5, "site-4": -1.0}}, "entry": {"rate": 0.9},
              "peers": {"payoff": [[0.1 * k * n for n in range(9)] for k in range(6)]}}
    members = [values(years(8), common, own, *overrides) for own in SEVERAL]
    made = make(where, *members, policies=POLICIES)
    return made._replace(economy=run(made, 2)[1])
