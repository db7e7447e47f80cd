"""What the choices of one kind, arrivals or moves, say: coefficients, their bracket, tests, nests, reach of peers."""

import dataclasses
from collections.abc import Callable, Generator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base import random_streams
from sim.base.errors import InputError
from sim.base.messages import _, listed
from sim.experiments.estimation import conditional_logit as logit
from sim.experiments.estimation import decay as reach
from sim.experiments.estimation import (
    estimates,
    further_models,
    identification,
    peers_bracket,
    regressors,
    sampling,
    scenario_regressors,
    specification_tests,
)
from sim.experiments.estimation.conditional_logit import Choices
from sim.experiments.estimation.data_report import DataReport
from sim.experiments.estimation.decay import Reach
from sim.experiments.estimation.estimates import Estimate
from sim.experiments.estimation.events import Events, Stocks
from sim.experiments.estimation.firm_tables import FirmTable
from sim.experiments.estimation.firms import Firms
from sim.experiments.estimation.newton import Array
from sim.experiments.estimation.peers_bracket import Bound
from sim.experiments.estimation.places import Places
from sim.experiments.estimation.spec import Spec
from sim.experiments.estimation.specification_tests import Hausman

MOST_EFFECTS = 3000            # of places that are estimated: their Hessian is dense
NONE = "none"
Table = Callable[[Stocks, Events], tuple[Array, tuple[str, ...]]]


class Prepared(NamedTuple):
    """What is estimated from."""

    spec: Spec
    table: FirmTable
    where: Places
    firms: Firms
    stock: Stocks
    report: DataReport
    of_scenario: Table | None              # regressors of a scenario's utility, where it gives them


class Result(NamedTuple):
    """What the choices of one kind say."""

    kind: str                              # arrivals or moves
    years: tuple[int, int]
    estimates: dict[str, Estimate]         # effects -> Estimate
    bracket: list[Bound]
    hausman: tuple[int, Hausman] | None    # number of the place left out, and the test
    elasticities: Array | None             # (regressor,)
    nested: Estimate | None
    mixed: Estimate | None
    reach: Reach | None
    sampled: bool
    notes: tuple[str, ...]


class Case(NamedTuple):
    """Choices of one kind, and what goes with them."""

    given: Prepared
    events: Events
    choices: Choices
    cluster: NDArray[np.generic]
    sampled: bool
    km: float                              # reach of peers beyond their place, 0 for none


def tabled(given: Prepared, events: Events, stock: Stocks | None = None,
           km: float = 0.0) -> tuple[Array, tuple[str, ...]]:
    """((event, place, regressor), names) of the spec, on the list's counts or on others."""
    stock = stock or given.stock
    if given.of_scenario:
        return given.of_scenario(stock, events)
    return regressors.table(given.spec, given.where, stock, events, km)


def choices_of(given: Prepared, events: Events, km: float = 0.0) -> Choices:
    """Choices among all places; the place that a mover leaves is none of them."""
    x, names = tabled(given, events, km=km)
    available = np.ones(x.shape[:2], bool)
    here = np.flatnonzero(events.origin >= 0)
    available[here, events.origin[here]] = False
    return logit.choices(x, events.place, names, available)


def result(given: Prepared, kind: str, events: Events) -> Generator[int, None, Result]:
    """Generator of the number of worlds done; returns the Result."""
    try:
        found = _reach(given, events) if given.spec.values.models.decay else None
        case = _case(given, events, found.km if found else 0.0)
        made, plain, notes = _estimates(case)
        _refuse_one_cluster(case)
    except InputError as error:
        raise InputError([each if each.where else dataclasses.replace(each, where=_(kind))
                          for each in error.problems]) from None
    bounds = yield from _bracket(case, made)
    first = made.get(NONE)
    logs = regressors.is_log(given.spec, case.choices.names)
    models = given.spec.values.models
    if first and (models.nests or set(models.mixed) & set(plain.names)):
        _refuse_sampled(case)
    nested = further_models.nested(given.spec, _nests(given), case.choices, case.cluster, first, notes) \
        if first and models.nests else None
    mixed = further_models.mixed(models, plain, events.firm, first, notes) if first else None
    return Result(kind, (int(events.year.min()), int(events.year.max())), made, bounds,
                  specification_tests.without_most_chosen(plain, first.found) if first and not case.sampled else None,
                  specification_tests.own_elasticities(plain, first.found, logs) if first else None,
                  nested, mixed, found, case.sampled, tuple(notes))


def _nests(given):
    """(place,) what the column of nests says."""
    column = given.spec.values.models.nests
    if column not in given.where.frame:
        raise InputError(given.spec.problem(("models", "nests"), _("{file} has no column {name}", file=given.where.file,
                                                                   name=repr(column))))
    return given.where.frame[column].to_numpy(object).astype(str)


def _refuse_sampled(case):
    """InputError for a nested or mixed logit of sampled alternatives."""
    spec, nests = case.given.spec, case.given.spec.values.models.nests
    if case.sampled:
        raise InputError(spec.problem(("models", "nests" if nests else "mixed"), _(
            "a nested logit needs all alternatives") if nests else _("a mixed logit needs all alternatives"), "",
                                      _("raise choices.most_alternatives")))


def _case(given, events, km):
    asked = given.spec.values.choices
    choices = choices_of(given, events, km)
    sampled = len(given.where.ids) > asked.most_alternatives
    return Case(given, events, _sampled(given, events, choices) if sampled else choices, _cluster(given, events),
                 sampled, km)


def _cluster(given, events):
    """(event,) what it is clustered by."""
    kind = given.spec.values.models.cluster
    return np.array(given.where.jurisdiction)[events.place] if kind == "jurisdiction" else \
        {"destination": events.place, "firm": events.firm, "year": events.year}[kind]


def _refuse_one_cluster(case):
    if len(np.unique(case.cluster)) < 2:
        spec = case.given.spec
        raise InputError(spec.problem(
            ("models", "cluster"), _("all choices are of one {kind}, so errors cannot be clustered by it",
                                     kind=_(spec.values.models.cluster)), "", _("another cluster, e.g. 'firm'")))


def _estimates(case):
    """({effects: Estimate}, choices that decide the one without effects, notes)."""
    made, plain, notes = {}, case.choices, []
    for effects in case.given.spec.values.models.effects:
        wide = estimates.with_effects(case.choices, case.events.industry, case.given.firms.industries,
                                      case.given.where.ids, effects) if effects == NONE or not case.sampled else None
        if wide is None or len(wide.effects) > MOST_EFFECTS:
            notes.append(_("there are too many places for their effects to be estimated"))
            continue
        try:
            made[effects], left, out = estimates.beside_effects(wide, case.cluster)
        except InputError as error:
            if not made:
                raise
            notes += [_("effects of places: {effects}: nothing is identified ({why})", effects=_(effects),
                        why=each.wrong) for each in error.problems]
            continue
        if out:
            notes.append(_("effects of places: {effects}: {names} follows from them and has no coefficient",
                           effects=_(effects), names=listed(out)))
        plain = left if effects == NONE else plain
    return made, plain, notes


def _bracket(case, made):
    """Generator of worlds done; returns the Bounds of regressors of peers."""
    asked = case.given.spec.values
    names = case.choices.names
    of = asked.regressors
    peers = np.array([of[name].kind in regressors.PEERS or of[name].kind == "term"
                      and scenario_regressors.is_peers(of[name].column) for name in names], bool)
    if not peers.any() or not made:
        return []
    problem = peers_bracket.Problem(
        case.given.stock, case.events, case.choices,
        lambda stock, events: tabled(case.given, events, stock, case.km)[0], peers, case.given.firms.industries,
        case.given.where.ids, tuple(made))
    worlds = 0 if case.sampled else asked.models.worlds
    return (yield from peers_bracket.bracket(problem, made, worlds, asked.choices.seed))


def _reach(given, events):
    def likelihood(km):
        choices = choices_of(given, events, km)
        identification.check(choices)
        return logit.fit(choices).value

    low, high = given.spec.values.models.decay
    return reach.profile(likelihood, (low, high))


def _sampled(given, events, choices):
    """Choices among sampled places: nearest ones and others for movers, any for arrivals."""
    asked, moving = given.spec.values.choices, bool((events.origin >= 0).any())
    generator = random_streams.generator("sampled alternatives", asked.seed, int(moving))
    if not moving:
        return sampling.sample(choices, np.zeros(choices.available.shape, int), (asked.near + asked.far,), generator)
    return sampling.sample(choices, sampling.nearest(given.where.km[events.origin], asked.near + 1),
                           (asked.near, asked.far), generator)
