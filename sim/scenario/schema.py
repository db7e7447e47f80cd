"""One schema: the core sections, the terms' parameters and the instruments' keys, assembled."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import pydantic

from sim import policies, terms
from sim.base import package_data
from sim.base.errors import InputError, Problem
from sim.base.messages import _
from sim.config.parameters import Broken, Section, choice
from sim.scenario.sections import core, demography
from sim.scenario.sections.diagnostics import Diagnostics
from sim.scenario.sections.estimated import Estimated, value_of
from sim.scenario.sections.fiscal import Fiscal
from sim.scenario.sections.money import Money
from sim.scenario.sections.registration import Registration

MOST_POTENTIAL = 5.0           # potential entrants a year and candidate, as entry.rate may be


class Whole(Section):
    """What sections must say together."""

    title: str = choice("", "text", "title", "标题", agree=False)
    title_zh: str = choice("", "text", "Chinese title", "中文标题", agree=False)
    description: str = choice("", "text", "what it is for", "说明", agree=False)
    description_zh: str = choice("", "text", "what it is for, in Chinese", "中文说明", agree=False)
    region: str = choice("yrd-zone", "name",
                         "embedded region, or path of a folder, from the folder of the file that names it",
                         "内置区域名称，或区域文件夹的路径（相对于写明它的文件）")
    time: core.Time = core.Time()
    run: core.Run = core.Run()
    population: core.Population = core.Population()
    entry: demography.Entry = demography.Entry()
    exit: demography.Exit = demography.Exit()
    growth: demography.Growth = demography.Growth()
    spinoff: demography.Spinoff = demography.Spinoff()
    choice: core.Choice = core.Choice()
    moving: core.Moving = core.Moving()
    peers: core.Peers = core.Peers()
    access: core.Access = core.Access()
    land: core.Land = core.Land()
    criteria: core.Criteria = core.Criteria()
    money: Money = Money()
    base_year: core.BaseYear = core.BaseYear()
    registration: Registration = Registration()
    fiscal: Fiscal = Fiscal()
    switches: core.Switches = core.Switches()
    diagnostics: Diagnostics = Diagnostics()
    estimated: Estimated = Estimated()
    if TYPE_CHECKING:              # what `build` gives it, when the registries are read
        terms: Any
        policies: dict[str, policies.Policy]

    def rules(self) -> Iterable[Broken]:
        """Entries come of no more potential entrants than there can be; the base year has a solution."""
        if (potential := demography.potential_rate(self)) > MOST_POTENTIAL:
            yield Broken((("entry", "outside_share"), ("entry", "rate")),
                         _("{number:g} potential entrants a year and candidate for {entering:g} who enter",
                           number=potential, entering=self.entry.rate),
                         _("at most {most:g}", most=MOST_POTENTIAL), _("lower entry.outside_share or entry.rate"))
        yield from self._unknown_estimates()
        yield from self._unknown_prices()
        if self.base_year.constants != "solve":
            if self.moving.cost == "solve":
                yield Broken((("moving", "cost"), ("base_year", "constants")),
                             _("moving.cost is to be solved, but base_year.constants are given"),
                             _("both \"solve\", or a number for moving.cost"))
            return
        if self.choice.outside and self.entry.outside_share == 0.0:
            yield Broken((("entry", "outside_share"), ("choice", "outside")),
                         _("there is an outside option, but entry.outside_share is 0"),
                         _("an outside_share above 0"), _("to have no outside option, set choice.outside = false"))
        reach = self._most_moves()
        if self.moving.cost == "solve" and not 0.0 < self.moving.rate < reach:
            yield Broken((("moving", "rate"), ("choice", "review"), ("choice", "keep_errors")),
                         _("no moving cost gives {rate:g} moves a year", rate=self.moving.rate),
                         _("a rate in (0, {reach:.4g}), as far as reviews with new errors reach", reach=reach),
                         _("raise choice.review, lower choice.keep_errors, or give moving.cost a number"))

    def _unknown_estimates(self) -> Iterator[Broken]:
        """Estimates are of parameters that there are, and that are numbers."""
        for key in self.estimated.parameters:
            if value_of(self, key) is None:
                yield Broken((("estimated", "parameters"),), _("there is no number {key}", key=repr(key)),
                             _("dotted keys of numbers, e.g. terms.localisation.gamma"))

    def _unknown_prices(self) -> Iterator[Broken]:
        """Prices by year are of every year of the run."""
        first, last = self.time.start.year, self.time.end.year
        if missing := self.money.missing(first, last):
            yield Broken((("money", "deflator"), ("time", "end"), ("time", "start")),
                         _("there is no rise of prices for {year}", year=missing[0]),
                         _("one for every year from {first} to {last}", first=first, last=last),
                         _("add it, or leave money.deflator empty, so that money.inflation holds for every year"))

    def _most_moves(self) -> float:
        """Share of enterprises that renew their errors in a year: the moves a year if nobody stayed."""
        kept = 0.0 if self.moving.constants == "errors kept" else self.choice.keep_errors
        renewed = (1.0 - (1.0 - self.choice.review) ** 0.25) * (1.0 - kept)
        return float(1.0 - (1.0 - renewed) ** 4)


@cache
def build() -> type[Whole]:
    """The pydantic model of a whole scenario; policy tables stay raw and are checked one by one."""
    parameters: Any = {entry.name: (entry.parameters, entry.parameters())
                       for entry in terms.registry.entries() if entry.parameters}
    of_terms: Any = pydantic.create_model("Terms", __base__=Section, **parameters)
    return pydantic.create_model(
        "ScenarioValues", __base__=Whole, terms=(of_terms, of_terms()),
        policies=(dict[str, dict[str, Any]], choice({}, "names", "policies by name", "按名称列出的政策", agree=False)))


def policy_models() -> dict[str, type[policies.Policy]]:
    """Instrument name -> Section of its keys."""
    return {entry.name: entry.schema for entry in policies.registry.entries()}


@cache
def regimes() -> dict[str, dict[str, Any]]:
    """Regimes of this and other packages, name -> parsed TOML: title, title_zh and a table of policies."""
    return {name: _regime(name, *each) for name, each in package_data.regimes().items()}


def _regime(name: str, place: Traversable, package: str) -> dict[str, Any]:
    """A regime's tables; of one that another package brings it is not known that they are good."""
    try:
        found = tomllib.loads(place.read_text(encoding="utf-8"))
        instruments = {part["instrument"] for part in found["policies"].values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(Problem(f"package {package}", place.name, _("it is not a regime ({reason})",
                                                                    reason=f"{type(error).__name__}: {error}"),
                                 _("a TOML file with a table [policies.PART], and an instrument in it, for each "
                                   "part"))) from error
    for instrument in instruments:
        policies.registry.get(instrument, place.name)
    return found
