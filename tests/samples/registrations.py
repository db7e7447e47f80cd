"""Enterprises that are registered apart from where they work."""

from tests.samples import worlds

TAX = worlds.policy("tax_rate", rate=5.0, sites=["site-2"], movers=True)
GRANT = worlds.policy("grant", amount=30.0, sites=["site-2"])
CALM = [{"population": {"candidates": 600}, "moving": {"cost": 1.0}, "base_year": {"constants": {}},
         "entry": {"rate": 1.0}, "peers": {"counts": "frozen"}, "land": {"rents": "frozen"}}]
FUNCTION = {"switches": {"registration": "function"}}


def apart(*overrides, policies=(), **options):
    """Six sites in three nests, everybody registers apart, a quarter's potential entrants."""
    where = worlds.region([0, 0, 1, 1, 2, 2], industries=3)
    made = worlds.make(where, worlds.values(worlds.years(8), *CALM, *overrides), policies=policies, **options)
    return made._replace(economy=worlds.with_newcomers(made, 0))


def share_apart(state):
    here = state.site >= 0
    return (state.legal != state.site)[here].mean()
