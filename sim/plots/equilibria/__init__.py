"""Figures of a search for equilibria; drawn by its command, because no single run holds what they show."""

from sim.plots.common.entry import Figures

registry = Figures("figure of equilibria", "sim.plots.equilibria")
register = registry.figure
