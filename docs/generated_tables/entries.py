"""Tables of what is registered: terms, instruments, regimes, metrics, figures, measures and rivals of back-tests."""

from generated_tables.markdown import code, first_line, table
from generated_tables.parameters import own_keys
from sim import metrics, policies, terms
from sim.experiments.backtest import measures, rivals
from sim.plots import comparison as comparison_plots
from sim.plots import run as run_plots
from sim.plots.common.words import title_of
from sim.scenario import schema


def of_terms():
    lines = [(code(e.name), e.title_zh, {1: "+", -1: "–", 0: "either"}[e.sign], code(e.driver), _varies(e),
              first_line(e)) for e in terms.registry.entries()]
    return table(("term", "中文", "sign", "with what it rises", "differs by enterprise", "what it is"), lines)


def _varies(entry):
    if entry.peers:
        return "live counts, itself left out"
    if isinstance(entry.loading, tuple):
        return "times its " + ", ".join(f"`{name}`" for name in entry.loading)
    return f"times its `{entry.loading}`" if entry.loading else "by class at most"


def of_instruments():
    lines = [(code(e.name), e.title_zh, ", ".join(code(row.key) for row in own_keys(e)), first_line(e))
             for e in policies.registry.entries()]
    return table(("instrument", "中文", "own keys", "what it does"), lines)


def of_overlaps():
    lines = [(code(entry.name), entry.overlap) for entry in policies.registry.entries()]
    return table(("several of", "what counts"), lines)


def of_regimes():
    lines = [(code(name), regime.get("title", ""), regime.get("title_zh", ""), _parts(regime))
             for name, regime in schema.regimes().items()]
    return table(("regime", "title", "Chinese title", "parts"), lines)


def _parts(regime):
    return ", ".join(f"{part}: {code(given['instrument'])}" for part, given in regime["policies"].items())


def of_regimes_zh():
    lines = [(code(name), regime.get("title_zh", ""), "；".join(map(_part_zh, regime["policies"].values())))
             for name, regime in schema.regimes().items()]
    return table(("制度", "名称", "组成"), lines)


def _part_zh(given):
    """A part of a regime by its title, else by that of its instrument."""
    entry = policies.registry.get(given["instrument"])
    return f"{given.get('title_zh') or entry.title_zh}（{code(entry.name)}）"


def of_metrics():
    lines = [(code(e.name), e.units, first_line(e), e.null, e.convention)
             for e in metrics.registry.entries()]
    return table(("metric", "unit", "what it is", "expected by chance", "convention"), lines)


def of_figures():
    lines = [(code(e.name), title_of(e, "en"), title_of(e, "zh"), first_line(e)) for e in run_plots.registry.entries()]
    return table(("figure", "title", "Chinese title", "what it shows"), lines)


def of_comparison_figures():
    lines = [(code(e.name), e.title, title_of(e, "zh"), ", ".join(map(code, e.needs)), first_line(e))
             for e in comparison_plots.registry.entries()]
    return table(("figure", "title", "Chinese title", "tables it needs", "what it shows"), lines)


def of_measures():
    lines = [(code(e.name), e.counts, e.title_zh, first_line(e)) for e in measures.registry.entries()]
    return table(("measure", "what it counts", "中文", "what it is"), lines)


def of_rivals():
    lines = [(code(e.name), e.title_zh, first_line(e)) for e in rivals.registry.entries()]
    return table(("rival", "中文", "what it forecasts"), lines)
