"""Figures of back-tests; drawn by their command from its tables, because no single run holds what they show."""

from sim.plots.common.entry import Figures

registry = Figures("figure of back-tests", "sim.plots.backtest")
register = registry.figure
