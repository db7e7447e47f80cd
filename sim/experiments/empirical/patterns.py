"""Patterns: what flows of enterprises look like elsewhere, beside what the model gives, and what of it was put in.

`use` says what a row is worth as evidence: `assumed`, a parameter or two decide it and no datum set them; `fitted`, a
parameter was set on it; `not fitted`, nothing was: only these can speak for the model, or against it. Patterns are of
another country, of listed firms, or of recognitions, as `what` says: they bound orders of magnitude.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.base import markdown as markdown_tables
from sim.base.messages import _, both
from sim.experiments.empirical import estimators
from sim.experiments.empirical.demographic_history import COUNTS, History
from sim.experiments.estimation import poisson
from sim.metrics.ellison_glaeser import ellison_glaeser
from sim.model.mean_field.record import NAMES

YEARS = 3                      # of the run over which first crossings are averaged
NEAR_KM = 30.0                 # added to distances, as in the estimate that they are compared with
NOTHING = (np.nan,) * 3        # where nobody has counted
USES = {"assumed": both(_("assumed")), "fitted": both(_("fitted")), "not fitted": both(_("not fitted"))}
HEAD = (_("pattern"), _("observed"), _("found (95 % interval)"), _("5-95 % of replicates"), _("use"), _("source"))


@dataclass(frozen=True)
class Pattern:
    """One line of the table; nan where there is no number."""

    name: str
    name_zh: str
    observed: float
    low: float
    high: float
    mean: float
    mean_low: float
    mean_high: float
    p05: float
    p95: float
    use: str
    replicates: int
    source: str
    source_zh: str


def table(h: History, more: Iterable[Pattern] = ()) -> pd.DataFrame:
    """DataFrame of the Patterns of a scenario's History, and of more."""
    rows = [*_moves(h.flows, h.came.sum(axis=(1, 2, 3)), h.stock[:, 0].sum(axis=2), h.km), *_gross(h.whole),
            *_crossings(h.crossings, h.listed, h.regional), *_concentration(h.came.sum(axis=1), h.stock),
            *_demography(h.tail, h.at_risk, h.closed), *_feedback(h.feedback), *more]
    return pd.DataFrame([astuple(each) for each in rows], columns=[field.name for field in fields(Pattern)])


def markdown(frame: pd.DataFrame, lang: str = "en") -> str:
    """The table as Markdown."""
    suffix = "_zh" if lang == "zh" else ""
    lines = [(each["name" + suffix], _banded(each["observed"], each["low"], each["high"], lang),
              _banded(each["mean"], each["mean_low"], each["mean_high"], lang), _span(each["p05"], each["p95"], lang),
              USES[each["use"]][lang == "zh"], each["source" + suffix]) for each in frame.to_dict("records")]
    return markdown_tables.table(HEAD, lines, lang)


def _banded(value, low, high, lang):
    return _span(low, high, lang) if np.isnan(value) else f"{_number(value)} ({_span(low, high, lang)})"


def _span(low, high, lang):
    return "–" if np.isnan(low) or np.isnan(high) else markdown_tables.span(_number(low), _number(high), lang)


def _number(value):
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _moves(flows, came, stock, km):
    """Moves beside entries, and how they thin out with distance; flows (member, origin, destination)."""
    moved = flows.sum(axis=(1, 2))
    yield row(both(_("share of moves among arrivals at places (the rest are entries)")), (0.271, 0.260, 0.282),
               moved / np.maximum(moved + came, 1), "assumed", _(
        "60 US metropolitan areas, listed firms, SEC filings 2007-2018, own count; the model's towns are nearer"))
    found = [_decay(*each, km) for each in zip(flows, stock)]
    yield row(both(_("elasticity of moves to ln (km + 30), the stock given")), (-0.513, -0.568, -0.458), found,
               "assumed", _("60 US metropolitan areas, listed firms, moves to 2014, own estimate"))


def _decay(flows, stock, km):
    """Coefficient of ln(km + 30) in a Poisson model of flows with ln stock there and an effect of each origin."""
    origin, destination = np.nonzero(~np.eye(len(stock), dtype=bool) & (stock[None, :] > 0))
    counts = flows[origin, destination].astype(float)
    some = np.bincount(origin, counts, len(stock))[origin] > 0
    if not some.any():
        return np.nan
    origin, destination = origin[some], destination[some]
    x = np.column_stack([np.log(stock[destination]), np.log(km[origin, destination] + NEAR_KM)])
    return float(poisson.fit(x, counts[some], np.unique(origin, return_inverse=True)[1]).point[1])


def _gross(whole):
    """Entries and exits in all that changes a place: entries, exits, and moves twice, out of one and into another."""
    entries, exits, moves = (whole[:, COUNTS.index(name)] for name in ("entries", "exits", "moves"))
    yield row(both(_("share of entries and exits in the gross change of places")), NOTHING,
               (entries + exits) / np.maximum(entries + exits + 2 * moves, 1), "assumed", _(
        "no count of exits of headquarters by place was found"))


def _crossings(crossings, listed, stock):
    """Regional headquarters in the area of the region's series, (member, year).

    First crossings; how many of those there at the opening crossed by then (member, 1); and how many stand.
    """
    if stock.shape[1]:
        yield row(both(_("regional headquarters of the city after a year, one for one")), (831.0, 831.0, 831.0),
                   stock[:, 0], "assumed", _(
            "recognised by Shanghai up to the end of 2021, those that left among them; 720 of the opening's are counts "
            "of districts, an input"))
        yield row(both(_("regional headquarters at the opening that meet the criteria or did before")),
                   (771.0, 771.0, 771.0), listed[:, 0], "not fitted", _(
            "recognised by Shanghai up to the end of 2020, since 2002; who asks for it is not known"))
    if crossings.shape[1] >= YEARS:
        yield row(both(_("regional headquarters that meet the criteria for the first time, a year")),
                   (58.0, 52.0, 65.0), crossings[:, :YEARS].mean(axis=1), "not fitted", _(
            "multinationals' headquarters that Shanghai recognised 2019-2023: 52 to 65 a year (validation.csv, and "
            "earlier press reports)"))
        yield row(both(_("yearly growth of the number that meet the criteria for the first time")),
                   (0.026, 0.008, 0.044), _trend(crossings), "not fitted", _(
            "recognitions by Shanghai 2008-2022, eight counts of its list (series.csv), log-linear Poisson rate"))


def _trend(numbers):
    """(member,) yearly growth of numbers (member, year): the slope of a straight line over their mean."""
    year = np.arange(numbers.shape[1]) - 0.5 * (numbers.shape[1] - 1)
    return numbers @ year / (year @ year) / np.maximum(numbers.mean(axis=1), 1.0)


def _concentration(came, stock):
    """Ellison–Glaeser gamma, the mean of the industries: entrants, the opening stock, and how that changes.

    came (member, site, industry), stock (member, opening | close, site, industry).
    """
    source = _("Ellison & Glaeser 1997: mean 0.051, median 0.026 of 459 US manufacturing industries")
    metros = _("60 US metropolitan areas, seven industries of listed firms, own count: entrants of 2006-2018 0.012, "
               "stock of 2012 0.020")
    of_entrants, first, last = (by_industry(each).mean(axis=1) for each in (came, stock[:, 0], stock[:, 1]))
    published = (0.051, 0.026, 0.051)
    yield row(both(_("Ellison–Glaeser gamma of the opening stock: an input")), published, first, "assumed", source)
    yield row(both(_("Ellison–Glaeser gamma of entrants: the base year gives them the stock's mix")),
               (0.012, 0.008, 0.016), of_entrants, "assumed", metros)
    yield row(both(_("Ellison–Glaeser gamma of entrants less that of the opening stock")), (-0.0085, -0.013, -0.004),
               of_entrants - first, "assumed", metros)
    yield row(both(_("change of the stock's Ellison–Glaeser gamma over the run")), NOTHING, last - first,
               "not fitted", _("Dumais, Ellison & Glaeser 2002: US manufacturing 1972-1992, nearly unchanged while "
                               "industries moved"))


def by_industry(counts: NDArray[Any]) -> NDArray[np.float64]:
    """(member, industry) gamma of counts (member, site, industry)."""
    cube = xr.Dataset({"enterprises": (("member", "site", "industry", "hq_type"), counts[..., None])})
    return ellison_glaeser(cube, "enterprises").transpose("member", "industry").to_numpy()


def _demography(tail, at_risk, closed):
    """The tail of sizes after the run, and how long entrants last."""
    yield row(both(_("exponent of the size tail at the end; the start is an input")), (1.06, 0.9, 1.4), tail[:, 1],
               "not fitted", _("Axtell 2001: about 1 (Zipf's law); 1.06 from memory"))
    alive = [estimators.survival(*each) for each in zip(at_risk[:, 1], closed[:, 1], strict=True)]
    yield row(both(_("survival of entrants to age 5")), (0.70, 0.70, 0.84), [
        each[4].value for each in alive if len(each) > 4], "assumed", _(
        "Chinese firms of all kinds, 2013 survival report: 0.70; at half the hazard, which is assumed for "
        "headquarters, 0.84"))


def _feedback(found):
    """What the last quarter's map says of itself, on the replicates that were measured; found (member, measure)."""
    of = lambda name: found[:, NAMES.index(name)]                              # noqa: E731
    yield row(both(_("share of a permanent gain that rents absorb in the long run")), (0.275, 0.25, 0.30),
               of("capitalised_long_run"), "not fitted", _(
        "Suárez Serrato & Zidar 2016: landowners bear 0.25-0.30 of a US state's corporate tax; a weak bound"))
    yield row(both(_("half-life of a shift between places, years")), NOTHING, of("half_life"), "not fitted", _(
        "no estimate found; shares of US states in management of companies of 2001 and 2018 correlate near 0.96"))
    yield row(both(_("feedback of the quarterly map, R_dyn; above 1 a lead grows by itself")), NOTHING, of("r_dyn"),
               "not fitted", _("no estimate found"))


def row(name: tuple[str, str], observed: tuple[float, float, float], found: Any, use: str, source: str) -> Pattern:
    """The Pattern of what members or draws found; what is not finite is left out."""
    mean, p05, p95, replicates = estimators.spread(found)
    return Pattern(*name, *observed, *mean, p05, p95, use, replicates, *both(source))
