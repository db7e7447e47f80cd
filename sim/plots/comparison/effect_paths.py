"""When the effects come."""

from matplotlib.figure import Figure

from sim.plots.common import theme
from sim.plots.common.bands import quarter_ticks
from sim.plots.common.words import moment
from sim.plots.comparison import register
from sim.plots.comparison.data import Compared, decimal_year
from sim.plots.comparison.frame import gain, in_percent, layout, page, panel_size, panels, rest_note, shown, spread
from sim.plots.comparison.words import word


@register("effect_paths", title="Effect on headquarters in the zone over time",
          title_zh="对{zone}总部数的效应：随时间变化", size=panel_size(10.5, (3.9, 3.1, 2.5), 2.2), needs=("effects",))
def effect_paths(compared: Compared, figure: Figure, lang: str) -> None:
    """Effect at the close of every year: mean, 5-95 % band of the effect, start of the policy.

    One panel a scenario, all on one scale.
    """
    body = page(compared, figure, lang, titles=effect_paths.titles, finding=_finding(compared, lang),
                notes=[word("paths_event", lang), *rest_note(compared, lang)])
    _, columns = layout(len(shown(compared)[0]))
    for name, axes in panels(compared, body, lang, ems=26, ylabel=word("effect_short", lang), shared=True,
                             inset=(0.45, 0.6, 0.6, 0.4), wspace=0.3, hspace=0.55):
        _panel(axes, compared, name, lang)
        axes.locator_params(axis="x", integer=True, nbins=4 if columns > 2 else 7)
    _room(figure.axes[0])
    body.legend(figure.axes[0])


def _panel(axes, compared, name, lang):
    path = compared.path(name)
    when = [decimal_year(quarter) for quarter in path["quarter"]]
    if compared.members > 1:
        axes.fill_between(when, path["p05"], path["p95"], color=theme.BAND, linewidth=0,
                          label=word("range_of_runs", lang))
    axes.axhline(0, color=theme.INK, linewidth=0.8)
    axes.plot(when, path["mean"], color=theme.WHEN[-1][0], linewidth=2.2, marker="o", markersize=2.8,
              label=word("mean", lang))
    event = compared.about(name).get("event")
    if event:
        axes.axvline(decimal_year(event) - 0.25, color=theme.INK, linewidth=0.9, linestyle=(0, (2, 2)),
                     label=word("starts", lang))
    end = path.iloc[-1]
    axes.annotate(f"{gain(end['mean'])}\n{in_percent(end)}".rstrip(), (when[-1], end["mean"]), xytext=(5, 0), size=9,
                  textcoords="offset points", va="center", weight="bold", annotation_clip=False, linespacing=1.1)
    axes.set_xlim(when[0], max(when[-1], when[0] + 0.25) + 0.02 * (when[-1] - when[0]))
    quarter_ticks(axes, when)
    axes.grid(axis="y")


def _room(axes):
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -0.5), max(high, 0.5))


def _finding(compared, lang):
    top = compared.zone(compared.names[0])
    return word("paths_one", lang, name=compared.title(compared.names[0], lang), effect=gain(top["mean"]),
                last=moment(compared.end, lang), spread=spread(compared, top, lang))
