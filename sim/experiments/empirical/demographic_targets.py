"""Demographic targets: what a scenario asks for beside what its runs give, with intervals.

A target is the scenario's own parameter, or follows from several; the range and the source are the
parameter's. `mean` with its 95 % interval is of the model, `p05` to `p95` hold nine in ten replicates.
"""

from dataclasses import astuple, dataclass, fields

import numpy as np
import pandas as pd

from sim.base import markdown as markdown_tables
from sim.base.messages import _, both, translate
from sim.config.parameters import interval, rows_by_path, value_at
from sim.experiments.empirical import estimators
from sim.experiments.empirical.demographic_history import COUNTS, SIZES, History
from sim.results.dataset import GENERATIONS
from sim.scenario import source_words
from sim.scenario.load import Scenario
from sim.scenario.schema import Whole
from sim.scenario.sections.demography import entering_share

AGES = (1, 2, 3, 5, 10, 15)    # years to which survival is told
OLDEST = 60                    # years of age in a stationary stock
HEAD = (_("target"), _("asked for"), _("range"), _("found (95 % interval)"), _("5-95 % of replicates"), _("in range"),
        _("source"))
NAMES = {"spinoff_share": both(_("spin-offs among entrants")),
         "spinoff_share_first": both(_("spin-offs among entrants, first year")),
         "moves": both(_("moves a year, those out of the region among them")),
         "crossing": both(_("moves a year to another jurisdiction")),
         "entry": both(_("entries a year per enterprise, first year")),
         "exit": both(_("exits a year per enterprise, first year")),
         "tail_opening": both(_("exponent of the size tail, start")),
         "tail_close": both(_("exponent of the size tail, end")),
         "survival": both(_("survival to age {0}, {1}")),
         "growth": both(_("yearly sd of growth, {0} times the median size"))}
GENERATION_NAMES = {"initial": both(_("initial")), "entrant": both(_("entrant")), "spin-off": both(_("spin-off"))}


@dataclass(frozen=True)
class Target:
    """One line of the table; nan where there is no number."""

    name: str
    name_zh: str
    target: float
    low: float
    high: float
    mean: float
    mean_low: float
    mean_high: float
    p05: float
    p95: float
    in_range: bool
    replicates: int
    source: str


def table(values: Whole, history: History) -> pd.DataFrame:
    """DataFrame of the Targets of a scenario's values against its History."""
    rows = [*_flows(values, history), *_survival(values, history), *_sizes(values, history)]
    return pd.DataFrame([astuple(row) for row in rows], columns=[field.name for field in fields(Target)])


def heading(scenario: Scenario, replicates: int, lang: str = "en") -> str:
    """The line above the tables: how many replicates of which scenario, over which years."""
    time = scenario.values.time
    return translate(_("{n} replicates of {name}, {first} to {last}.", n=replicates, name=scenario.name,
                       first=time.start.year, last=time.end.year), lang) + "\n"


def markdown(frame: pd.DataFrame, lang: str = "en") -> str:
    """The table as Markdown."""
    lines = [(row["name_zh" if lang == "zh" else "name"], _number(row["target"]), _span(row["low"], row["high"], lang),
              f"{_number(row['mean'])} ({_span(row['mean_low'], row['mean_high'], lang)})",
              _span(row["p05"], row["p95"], lang), _verdict(row, lang), source_words.source(row["source"], lang))
             for row in frame.to_dict("records")]
    return markdown_tables.table(HEAD, lines, lang)


def _number(value):
    return "–" if np.isnan(value) else f"{value:.4f}"


def _span(low, high, lang):
    return "–" if np.isnan(low) or np.isnan(high) else markdown_tables.span(f"{low:.4f}", f"{high:.4f}", lang)


def _verdict(row, lang):
    if np.isnan(row["low"]):
        return "–"
    return translate(_("yes") if row["in_range"] else _("no"), lang)


def _flows(values, h):
    whole, first = (dict(zip(COUNTS, sums.T)) for sums in (h.whole, h.first))
    share, rate = _parameter(values, "spinoff", "share"), _parameter(values, "moving", "rate")
    yield _target("spinoff_share", *share, _ratio(whole["spinoffs"], whole["entries"]))
    yield _target("spinoff_share_first", *share, _ratio(first["spinoffs"], first["entries"]))
    yield _target("moves", *rate, whole["moves"] / whole["years"])
    yield _target("crossing", *rate, whole["crossing"] / whole["years"])
    asked, low, high, source = _parameter(values, "entry", "rate")
    potential = values.entry.rate_counts == "potential"
    enter = entering_share(values) if potential else 1.0
    yield _target("entry", asked * enter, low * enter, high * enter,
                  f"{source} x (1 - outside share)" if potential else source,
                  first["entries"] / values.population.candidates)
    yield _target("exit", *_stationary_exit(values), first["exits"] / first["years"])


def _survival(values, h):
    """Product-limit estimates over all replicates; the band is over replicates."""
    for generation in (1, 2):
        asked, low, high = (_law(values, factor, generation) for factor in _factors(values))
        exposed, closed = h.at_risk[:, generation], h.closed[:, generation]
        pooled = estimators.survival(exposed.sum(axis=0), closed.sum(axis=0))
        single = [estimators.survival(*each) for each in zip(exposed, closed)]
        for age in AGES:
            if age > len(pooled):
                break
            found = [each[age - 1].value for each in single if age <= len(each)]
            law = asked[age - 1], high[age - 1], low[age - 1]      # a high factor is low survival
            yield _target("survival", *law, "exit.hazard_by_age", found, pooled[age - 1], (age, generation))


def _sizes(values, h):
    exponent = _parameter(values, "population", "tail_exponent")
    yield _target("tail_opening", *exponent, h.tail[:, 0])
    yield _target("tail_close", *exponent, h.tail[:, 1])
    _, low, high, source = _parameter(values, "growth", "sd")
    limits = ["0", *(f"{size:g}" for size in SIZES), "∞"]
    for k in range(len(SIZES) + 1):
        found = h.growth[:, k][np.isfinite(h.growth[:, k])]
        law = np.nanmean(h.law[:, k]) if len(found) else np.nan
        scale = law / values.growth.sd if values.growth.sd else np.nan
        yield _target("growth", law, low * scale, high * scale, source, found,
                      what=(f"{limits[k]}–{limits[k + 1]}", None))


def _target(name, asked, low, high, source, found, estimate=None, what=None):
    """A Target from what the replicates found; `estimate` stands for the mean where it is given."""
    mean, p05, p95, replicates = estimators.spread(found)
    value, at_least, at_most = estimate or mean
    text, text_zh = NAMES[name]
    if what:
        generation = GENERATIONS[what[1]] if what[1] else ""
        text = text.format(what[0], generation)
        text_zh = text_zh.format(what[0], GENERATION_NAMES[generation][1] if generation else "")
    return Target(text, text_zh, float(asked), float(low), float(high), value, at_least, at_most, p05, p95,
                  bool(low <= value <= high), replicates, source)


def _parameter(values, *path):
    """(value, low, high, source) of a parameter: the scenario's value, the schema's range and source."""
    row = rows_by_path(type(values))[path]
    usual = interval(row.range)
    return value_at(values, path), usual.low, usual.high, row.source


def _ratio(part, whole):
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)


def _factors(values):
    """The factor of candidates' hazards, and the ends of its range."""
    return _parameter(values, "exit", "headquarters_factor")[:3]


def _hazards(values, factor, years):
    """(year,) yearly hazards at median size and base-year rent."""
    if values.switches.exit == "constant":
        return np.full(years, values.exit.constant)
    by_age = np.asarray(values.exit.hazard_by_age, float)
    return np.minimum(factor * by_age[np.minimum(np.arange(years), len(by_age) - 1)], 1.0)


def _law(values, factor, generation):
    """(year,) survival that the hazards give: prod (1 - h_a)."""
    of_generation = values.spinoff.hazard_factor if generation == 2 and values.switches.exit == "age" else 1.0
    return np.cumprod(1.0 - np.minimum(of_generation * _hazards(values, factor, max(AGES)), 1.0))


def _stationary_exit(values):
    """(rate, low, high, source): the hazards' mean over the ages of a stationary stock."""
    found = []
    for factor in _factors(values):
        h = _hazards(values, factor, OLDEST)
        alive = np.concatenate([[1.0], np.cumprod(1.0 - h)[:-1]])
        found.append(float((alive * h).sum() / alive.sum()))
    return *found, "exit.hazard_by_age over the ages of the opening stock"
