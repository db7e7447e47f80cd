"""The choices of the slim model alone: pairs of an enterprise and a site a second, their law and their bits.

    python benchmarks/slim_kernel.py [--sizes 1000000] [--sites 100] [--rounds 5]

On one and two threads, each with a member of its own: pairs a second on the wall and of processor time; whether State
and Events have the bits that `kernels.choice.choice.choose` gives them, also where two threads worked; and the
chi-square of where enterprises go against the logit of each.
"""

import argparse
import concurrent.futures
import statistics
import time

import numpy as np
from slim_model import choices

from sim.kernels.choice.alike import choose_alike
from sim.kernels.choice.choice import choose
from sim.kernels.choice.systematic_utility import base_utilities

SAMPLES, SAMPLE = 4, 100_000                # ensembles of other seeds for the law, and their enterprises


def kernel(number, sites, rounds):
    """Lines about the choices alone."""
    two = [choices(number, sites) for _ in range(2)]
    for quarter in two:
        quarter()
    for threads in (1, 2):
        rates = []
        for _ in range(rounds):
            begun, worked = time.perf_counter(), time.process_time()
            with concurrent.futures.ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda quarter: quarter(), two[:threads]))
            wall, worked = time.perf_counter() - begun, time.process_time() - worked
            rates.append((threads * number * sites / wall, threads * number * sites / worked))
        wall, worked = (statistics.median(each) for each in zip(*rates, strict=True))
        most = max(rate for rate, _ in rates)
        yield (f"{number:,} enterprises, {sites} sites, {threads} thread(s): {wall:.3g} pairs a second on the wall "
               f"(at best {most:.3g}), {worked:.3g} a second of processor time")
    fresh = [choices(number, sites, how) for how in (choose_alike, choose_alike, choose)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda quarter: quarter(), fresh[:2])
    general = fresh[2]()
    same = all((a == b).all() and (a == c).all() for a, b, c in zip(*(
        [*state, *events] for state, events, _ in (first, second, general)), strict=True))
    yield f"State and Events of two threads and of the general kernel, bit by bit: {'the same' if same else 'DIFFER'}"
    for replicate in range(SAMPLES):
        yield _chi_square(*choices(SAMPLE, sites, replicate=replicate)(), sites)


def _chi_square(state, _, given, sites):
    """Where enterprises went, against the logit of each."""
    economy, offers, fixed = given
    slots = np.flatnonzero(economy.state.site[0] >= 0)
    v = base_utilities(0, 0, slots, economy.state, economy.counts, offers, fixed.peers, fixed.moving)
    chance = np.exp(v - v.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    after = np.where(state.site[0, slots] < 0, sites, state.site[0, slots])
    seen = np.bincount(after, minlength=sites + 1)
    square = ((seen - chance.sum(axis=0)) ** 2 / (chance * (1.0 - chance)).sum(axis=0)).sum()
    return f"chi-square of where {len(slots):,} go: {square:.1f}, expected {sites + 1}, sd {(2 * sites) ** 0.5:.0f}"


def main():
    """Print the lines of every size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    for number in asked.sizes:
        print(*kernel(number, asked.sites, asked.rounds), sep="\n", flush=True)


if __name__ == "__main__":
    main()
