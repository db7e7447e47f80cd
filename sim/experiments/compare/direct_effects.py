"""What was assumed of a scenario: the direct dV of its own policies, averaged as one number.

The average is over the classes of potential entrants (industry, type, high-tech), each with its share
of them, and over a policy's sites; policies add. Units of the error's scale.
"""

import io

import numpy as np

from sim.base.csv_files import read_csv
from sim.results import run_folder
from sim.results.dataset import TYPE_NAMES

NEWCOMER = "newcomer"


def rows(case):
    """The run's table of assumed effects, for newcomers."""
    raw = run_folder.content(case.folder, run_folder.finished(case.folder), "assumed.csv")
    table = read_csv(io.BytesIO(raw))
    return table[table["status"] == NEWCOMER]


def mean(case, policies):
    """(mean dV over all classes, mean over the classes that gain) of the policies together; 0 without any."""
    table = rows(case)
    table = table[table["policy"].isin([*policies, *(f"'{name}" for name in policies)])]    # as CSV has "=name"
    if table.empty:
        return 0.0, 0.0
    classes = table.groupby(["industry", "hq_type", "high_tech"])["dv"].sum()
    weight = np.array([share(case, *each) for each in classes.index])
    gains = np.where(classes.to_numpy() > 0.0, weight, 0.0)
    every = float(weight @ classes.to_numpy())
    return every, float(gains @ classes.to_numpy() / gains.sum()) if gains.any() else 0.0


def share(case, industry, hq_type, high_tech):
    """Share of potential entrants in a class."""
    industries = case.region.industries
    of_industry = industries["share"][industry] / industries["share"].sum()
    types = case.scenario.values.population.type_shares
    of_type = types.get(hq_type, 0.0) / sum(types.get(name, 0.0) for name in TYPE_NAMES)
    advanced = industries["hightech"][industry]
    return float(of_industry * of_type * (advanced if int(high_tech) else 1.0 - advanced))
