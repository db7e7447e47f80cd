"""Tables of the shipped scenarios, and of the direct effect of each policy in them."""

import pathlib

from generated_tables.markdown import code, table
from sim.config import toml_file
from sim.model.preflight.validation import region_of
from sim.results import direct_effects
from sim.scenario.load import load

SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"
PACKAGES = ("dual-regime", "ftz-movers", "full-package", "infrastructure", "projects", "service-systems")


def of_files():
    lines = []
    for path in _files():
        data = toml_file.read(path).data
        link = f"[{path.name}]({path.name})"
        titles = data.get("title", ""), data.get("title_zh", "")
        lines.append((link, *titles, code(data.get("extends", "")), _sets(data)))
    return table(("file 文件", "title", "名称", "extends 继承", "policies that it sets 设定的政策"), lines)


def _files():
    """Paths of the shipped scenario files by name, the baseline first."""
    return sorted(SCENARIOS.glob("*.toml"), key=lambda path: (path.stem != "baseline", path.stem))


def _sets(data):
    return ", ".join(name + _kind_of(given) for name, given in data.get("policies", {}).items()) or "–"


def _kind_of(given):
    kind = given.get("instrument") or given.get("regime")
    return f" ({code(kind)})" if kind else ""


def of_policies():
    """The direct effect of every policy that is no part of the baseline, from the file that brings it alone."""
    common, lines = load(SCENARIOS / "baseline.toml").values.policies, []
    for path in _files():
        if path.stem in PACKAGES or path.stem.endswith("-withdrawn"):
            continue
        scenario = load(path)
        effects = direct_effects.effects(region_of(scenario), scenario)
        lines += _effect_lines(path.stem, effects[~effects["policy"].isin(list(common))])
    head = ("scenario", "policy", "channel", "for whom", "newcomers", "movers", "low", "high")
    return table(head, lines)


def _effect_lines(name, effects):
    by = effects.groupby(["policy", "channel", "applies_to"], sort=False)
    for (policy, channel, whom), part in by:
        mean = part.groupby("status")["dv"].mean()
        numbers = mean["newcomer"], mean["mover"], part["dv_lowest"].min(), part["dv_highest"].max()
        rounded = (round(number, 9) + 0.0 for number in numbers)              # a tie falls the same way everywhere
        yield code(name), policy, channel.split(" at ")[0], whom, *(f"{number:.3f}" for number in rounded)
