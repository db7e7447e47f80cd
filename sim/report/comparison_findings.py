"""What came out of a comparison, in numbers to remember and in plain sentences with their uncertainty."""

from sim.plots.common.bands import percent
from sim.plots.common.words import moment
from sim.plots.comparison.frame import distinct, gain
from sim.plots.comparison.words import word as plot_word
from sim.report.findings import Card
from sim.report.words import word


def cards(compared, lang):
    """The numbers that a page opens with, of the scenario with the largest effect."""
    name = compared.names[0]
    row, net = compared.zone(name), net_of(compared, name)
    last = moment(compared.end, lang)
    label = word("card_effect", lang, name=compared.title(name, lang), last=last, percent=percent_of_baseline(row),
                 baseline=compared.title(compared.baseline, lang))
    found = [Card(gain(row["mean"]), label, _range(compared, row, lang))]
    if row["mean"] > 0:
        label = word("card_net", lang, outside=gain(net["mean"] - row["mean"]))
        found.append(Card(gain(net["mean"]), label, _range(compared, net, lang)))
    if compared.members > 1:
        found.append(Card(percent(compared.best[name]), word("card_best", lang, n=len(compared.best)), ""))
    assumed = compared.about(name).get("assumed_dv")
    return [*found, *([Card(f"{assumed:.2f}", word("card_dv", lang), "")] if assumed else [])]


def sentences(compared, lang):
    """Whether any policy is better than none; a sentence for every scenario, the largest effect first; then how
    well the means are known."""
    said = [plot_word("none_better", lang)] if compared.none_is_better else []
    said += [_sentence(compared, name, lang) for name in compared.names]
    if compared.members > 1:
        said += [word("error_is", lang), _advice(compared, lang)]
    return said


def net_of(compared, name):
    """The effect on all places modelled at the end, as a row."""
    return compared.effects("modelled", scenario=name).iloc[0]


def half_width(compared, name):
    """Half of the 95 % interval of the mean effect on the zone's headquarters; None for a single pair."""
    return next(one["half_width"] for one in compared.content["sample_size"]["scenarios"]
                if one["scenario"] == name)


def _sentence(compared, name, lang):
    row, error = compared.zone(name), half_width(compared, name)
    parts = dict(name=compared.title(name, lang), effect=gain(row["mean"]), last=moment(compared.end, lang),
                 percent=percent_of_baseline(row),
                 start=f"{row['value']:.1f}", base=f"{row['baseline']:.1f}")
    if compared.members < 2 or error is None:
        return word("said_effect_one", lang, **parts)
    spread = word("said_spread", lang, low=gain(row["p05"]), high=gain(row["p95"]))
    said = word("said_effect", lang, spread=spread, error=f"{error:.1f}", **parts)
    if not distinct(row):
        return said + word("said_unclear", lang)
    if compared.places["in_zone"].values.all():
        return said
    return said + word("said_outside", lang, outside=gain(net_of(compared, name)["mean"] - row["mean"]))


def percent_of_baseline(row):
    """An effect in per cent of the baseline's level."""
    return f"{100 * row['mean'] / row['baseline']:+.1f}%" if row["baseline"] else "–"


def _advice(compared, lang):
    advice = compared.content["sample_size"]
    needed = max(one["needed"] or 0 for one in advice["scenarios"])
    key = "more_runs" if needed > compared.members else "enough_runs"
    return word(key, lang, precision=f"{advice['precision']:g}", needed=f"{needed:,}", n=compared.members)


def _range(compared, row, lang):
    if compared.members < 2:
        return word("one_run", lang)
    return word("paired_range", lang, low=gain(row["p05"]), high=gain(row["p95"]))
