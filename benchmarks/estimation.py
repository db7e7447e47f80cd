"""What estimation costs: a conditional logit of 20,000 x 30 x 8 beside a quasi-Newton search of the same likelihood,
and reading a list of 100,000 firms beside pandas alone.

    OPENBLAS_NUM_THREADS=1 python benchmarks/estimation.py [--rounds 3]

Both of a pair take turns, so that other programs slow them alike: the ratio counts, not the seconds.
"""

import argparse
import io
import pathlib
import statistics
import sys
import tempfile
import time

import numpy as np
import pandas as pd
from scipy import optimize

HERE = pathlib.Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

from sim.experiments.estimation import conditional_logit as logit  # noqa: E402
from sim.experiments.estimation import firm_tables, firms, places, spec  # noqa: E402
from tests.samples import firm_lists  # noqa: E402

FIRMS = 100_000


def choices():
    """20,000 choosers, 30 alternatives, 8 regressors."""
    rng = np.random.default_rng(0)
    x, b = rng.normal(size=(20_000, 30, 8)), np.linspace(-1.0, 1.0, 8)
    return logit.choices(x, (x @ b + rng.gumbel(size=(20_000, 30))).argmax(axis=1))


def quasi_newton(made):
    """The same maximum by scipy's BFGS with the analytic gradient."""
    likelihood = logit.Likelihood(made)

    def loss(b):
        found = likelihood.value(b)
        return -found.value, -found.gradient

    return optimize.minimize(loss, np.zeros(8), jac=True, method="BFGS").x


def cleaned(folder):
    """A list read, located, checked and counted."""
    asked = spec.read(folder / "spec.toml")
    return firms.clean(firm_tables.read(folder / "firms.csv"), asked, places.read(asked))


def seconds(function, *arguments):
    begun = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    made = choices()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        firm_lists.write(folder, firm_lists.rows(FIRMS))
        raw = (folder / "firms.csv").read_bytes()
        pairs = {"conditional logit, of BFGS": ((logit.fit, made), (quasi_newton, made)),
                 f"{FIRMS:,} firms, of pandas": ((cleaned, folder), (lambda: pd.read_csv(io.BytesIO(raw), dtype=str),))}
        for what, (ours, theirs) in pairs.items():
            both = [(seconds(*ours), seconds(*theirs)) for _ in range(rounds)]
            ratio = statistics.median(one / other for one, other in both)
            print(f"{what}: {min(one for one, _other in both):.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
