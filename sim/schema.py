"""One schema: the core sections, the terms' parameters and the instruments' keys, assembled."""

import tomllib
from functools import cache
from importlib import resources

import pydantic

from sim import policies, sections, terms
from sim.parameters import Section, parameter


def _section(model):
    return (model, model())


@cache
def build():
    """The pydantic model of a whole scenario; policy tables stay raw and are checked one by one."""
    choice = dict(mark="choice", source="the user")
    return pydantic.create_model(
        "ScenarioValues", __base__=Section,
        title=(str, parameter("", unit="text", doc="title", doc_zh="标题", **choice)),
        title_zh=(str, parameter("", unit="text", doc="Chinese title", doc_zh="中文标题", **choice)),
        description=(str, parameter("", unit="text", doc="what it is for", doc_zh="说明", **choice)),
        region=(str, parameter("yrd-zone", unit="name", doc="embedded region, or path of a folder",
                               doc_zh="内置区域名称或区域文件夹路径", **choice)),
        time=_section(sections.Time), run=_section(sections.Run),
        population=_section(sections.Population), entry=_section(sections.Entry),
        exit=_section(sections.Exit), growth=_section(sections.Growth),
        choice=_section(sections.Choice), moving=_section(sections.Moving),
        peers=_section(sections.Peers), access=_section(sections.Access),
        land=_section(sections.Land), yardstick=_section(sections.Yardstick),
        base_year=_section(sections.BaseYear), switches=_section(sections.Switches),
        terms=_section(_terms()),
        policies=(dict[str, dict], parameter({}, unit="names", doc="policies by name",
                                             doc_zh="按名称列出的政策", **choice)))


def policy_models():
    """Instrument name -> Section of its keys."""
    return {entry.name: entry.schema for entry in policies.registry.entries()}


@cache
def regimes():
    """Shipped regimes, name -> parsed TOML: title, title_zh and a table of policies."""
    folder = resources.files("sim") / "regimes"
    return {item.name.removesuffix(".toml"): tomllib.loads(item.read_text(encoding="utf-8"))
            for item in sorted(folder.iterdir(), key=lambda item: item.name)
            if item.name.endswith(".toml")}


def _terms():
    with_parameters = {entry.name: _section(entry.parameters) for entry in terms.registry.entries()
                       if entry.parameters}
    return pydantic.create_model("Terms", __base__=Section, **with_parameters)
