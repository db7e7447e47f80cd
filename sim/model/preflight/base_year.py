"""What a scenario asks of its base year that no constants can give, before anything is solved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.base.messages import _
from sim.region.opening_stock import expected_shares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.region.load import Region
    from sim.scenario.load import Scenario

    Fault = tuple[tuple[Any, ...], str, str, str]          # key path, what is wrong, what is expected, what to do


def normalisations(scenario: Scenario, region: Region) -> Iterator[Fault]:
    """Shares of entrants and net moves can be met where entrants and movers are in balance apart."""
    values = scenario.values
    apart = values.moving.cost == "solve" and values.base_year.constants == "solve"
    for path, table in ((("entry", "share"), values.entry.share), (("moving", "net"), values.moving.net)):
        if table and (values.moving.constants == "uniform" or not apart):
            yield path, _("entrants and movers have one constant a site together"), \
                _("moving.constants = \"by site\" or \"errors kept\", with moving.cost and base_year.constants "
                  "solved"), ""
    if values.moving.net and values.moving.constants != "by site" and apart:
        yield ("moving", "net"), _("moves without costs bring as many into a site as out of it"), \
            _("moving.constants = \"by site\""), ""


def moves(scenario: Scenario, region: Region) -> Iterator[Fault]:
    """As many can move as get new errors at a review and do not choose again where they are, if moves cost nothing."""
    p = scenario.values
    shares = expected_shares(region, {name: count for name, count in p.population.headquarters.items()
                                      if name in region.stock.index}, p.time.start)
    kept = 0.0 if p.moving.constants == "errors kept" else p.choice.keep_errors
    quarterly = (1.0 - (1.0 - p.choice.review) ** 0.25) * (1.0 - kept) * (1.0 - (shares ** 2).sum())
    most = 1.0 - (1.0 - quarterly) ** 4
    if p.moving.cost == "solve" and p.moving.constants != "uniform" and len(region.sites) > 1 and p.moving.rate >= most:
        yield scenario.latest([("moving", "rate"), ("choice", "review"), ("choice", "keep_errors")]), \
            _("{rate:g} moves a year are wanted of enterprises that choose anew {most:.3g} times a year, at most, for "
              "another place", rate=p.moving.rate, most=most), \
            _("fewer moves than new choices"), _("lower moving.rate, raise choice.review or lower choice.keep_errors")
