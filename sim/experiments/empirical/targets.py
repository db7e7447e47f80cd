"""Runs against their targets, against patterns observed elsewhere, and against held-out series."""

from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.base import files
from sim.experiments.empirical import (
    but_for,
    concentration,
    demographic_history,
    demographic_targets,
    held_out_series,
    patterns,
    prior_feedback,
)
from sim.region.load import Region
from sim.results import summary
from sim.runs import output_folder, progress
from sim.runs.output_folder import Request
from sim.scenario.load import Scenario

TARGETS, PATTERNS, HELD_OUT, CONCENTRATION = "targets.csv", "patterns.csv", "heldout.csv", "concentration.csv"
PAGE = "targets.md"


class Tables(NamedTuple):
    """A row a target, a pattern, a held-out series and an industry."""

    targets: pd.DataFrame
    patterns: pd.DataFrame
    held_out: pd.DataFrame     # empty where the region has no series that is not an input
    concentration: pd.DataFrame


def tables(region: Region, scenario: Scenario, replicates: int, threads: int = 1,
           draws: int = 0) -> Generator[tuple[int, int], None, Tables]:
    """Generator of (done, in all) that returns the tables of so many runs of a scenario, and draws of its parameters.

    Members and draws count alike; each policy that pays takes as many runs again.
    """
    worlds = len(but_for.paying(scenario))
    later = draws + replicates * (worlds + 1 if worlds else 0)
    history = yield from progress.plus(later, demographic_history.histories(region, scenario, replicates, threads))
    without = yield from but_for.shares(region, scenario, replicates, threads, draws, replicates)
    more = list(but_for.rows(without))
    if draws:
        drawn = yield from prior_feedback.draws(region, scenario, draws, replicates + later - draws)
        more += prior_feedback.rows(drawn)
    return Tables(demographic_targets.table(scenario.values, history), patterns.table(history, more),
                  held_out_series.table(region, scenario, replicates, threads), concentration.table(region, history))


def markdown(found: Tables, scenario: Scenario, replicates: int, lang: str = "en") -> str:
    """The tables one under another."""
    texts = [demographic_targets.heading(scenario, replicates, lang), demographic_targets.markdown(found.targets, lang),
             patterns.markdown(found.patterns, lang), concentration.markdown(found.concentration, lang)]
    return "\n".join(texts + ([held_out_series.markdown(found.held_out, lang)] if len(found.held_out) else []))


def request(region: Region, scenario: Scenario, replicates: int, draws: int) -> Request:
    """What is asked for."""
    return Request(output_folder.TARGETS, {
        "scenario": output_folder.digest_of(scenario.digest), "region": output_folder.digest_of(region.digest),
        "replicates": replicates, "draws": draws}, (TARGETS, PATTERNS, HELD_OUT, CONCENTRATION, PAGE))


def write(folder: Path, found: Tables, asked: Request, text: str) -> None:
    """The tables as CSV, and the page."""
    for name, table in zip((TARGETS, PATTERNS, HELD_OUT, CONCENTRATION), found):
        files.write_checked(folder / name, summary.csv_of(table))
    files.write_checked(folder / PAGE, text.encode())
    output_folder.finish(folder, asked)
