"""Which observed pattern moves with which parameter: a table of local derivatives, rank and condition.

`python benchmarks/identification.py [REPLICATES] [END]` runs the baseline with each of eleven parameters a fifth of its
range above and below its default, under the same draws, and prints, as Markdown, d(moment) / d(parameter) in standard
errors of the moment (over replicates) for a change over the whole range; then the singular values, the condition number
and the standard error that the moments leave of every parameter, as a share of its range (Andrews, Gentzkow & Shapiro
2017: the sensitivity matrix is -(G'WG)^-1 G'W, W the inverse variances of the moments).
"""

from __future__ import annotations

import dataclasses
import pathlib
import sys

import numpy as np

from sim.config.parameters import interval, rows_by_path
from sim.experiments.empirical.demographic_history import _counts, _crossing, tail_start
from sim.experiments.empirical.estimators import tail_exponent
from sim.model import assemble, initialise
from sim.model.ensemble import members_of
from sim.model.preflight.validation import region_of
from sim.model.simulate import quarters
from sim.region.opening_stock import TYPES
from sim.scenario import parameter_paths
from sim.scenario.load import load

BASELINE = pathlib.Path(__file__).parents[1] / "scenarios" / "baseline.toml"
PARAMETERS = (
    "entry.rate", "population.tail_exponent", "population.entrant_size", "growth.sd", "growth.drift",
    "exit.headquarters_factor", "moving.rate", "moving.log_distance", "land.modelled_share", "peers", "spinoff.share")
PEERS = ("localisation", "coagglomeration", "headquarters", "partners")
PEER_RANGE = (0.0, 2.0)         # of one factor on all weights of peers; 1 is the default
STEP = 0.2                      # of the range, on either side
MOMENTS = (
    "entries a year and enterprise", "spin-offs among entrants", "exits a year and enterprise",
    "moves a year and enterprise",
    "mean ln(1 + km) of moves", "share of moves that leave a jurisdiction", "tail exponent at the end",
    "sd of ln size at the end", "mean ln size at the end", "mean ln size of enterprises under 3 years",
    "regional headquarters recognised a year, Shanghai", "zone's share of headquarters, change",
    "HHI of headquarters over sites, change", "mean ln rent at the end",
    "high-tech enterprises of the zone, growth a year")


def moments(scenario, replicates):
    """(member, moment) of a scenario's runs."""
    region = region_of(scenario)
    world = assemble.build(region, members_of(scenario, range(replicates)))
    fixed, economy, _base = initialise.prepare(world)
    zone, shanghai = (region.sites[column].to_numpy(bool) if column == "in_zone" else
                      region.sites["jurisdiction"].isin(["qingpu", "rest-shanghai"]).to_numpy()
                      for column in ("in_zone", "shanghai"))
    crossing, stock, sums = _crossing(region), economy.counts.sum(axis=(1, 2)) / 16.0, []
    seen, first, flows, opening = [set() for _ in range(replicates)], None, 0, _high_tech(economy.state, zone)
    for _quarter, now, info in quarters(world, fixed, economy):
        sums.append(_counts(info, crossing, stock))
        stock = info.enterprises.sum(axis=(1, 2, 3))
        flows = flows + info.events.flows.sum(axis=1)
        first = (info.headquarters.sum(axis=(2, 3)), _recognised(now.state, fixed, shanghai, seen)) if first is None \
            else first
        _recognised(now.state, fixed, shanghai, seen)
    return np.stack(_all(world, fixed, now.state, info, np.sum(sums, axis=0), flows, first,
                         [len(each) for each in seen], zone, opening), axis=1)


def _all(world, fixed, state, info, counts, flows, first, recognised, zone, opening):
    entries, spinoffs, exits, moves, crossing, _left, years = counts.T
    span = (world.calendar.length - 1) / 4.0
    alive, young = state.site >= 0, (state.site >= 0) & (state.born > world.calendar.length - 12)
    mean = lambda values, where: np.array([v[w].mean() for v, w in zip(values, where)])          # noqa: E731
    share = lambda table: table / table.sum(axis=1, keepdims=True)                              # noqa: E731
    before, after = share(first[0]), share(info.headquarters.sum(axis=(2, 3)))
    km = np.log1p(world.distance)
    inside = flows[:, :, :-1]
    tail = [tail_exponent(state.log_size[m][alive[m]], tail_start(fixed, m),
                          fixed.traits.log_largest[m % len(fixed.traits.log_largest)]).value for m in range(len(alive))]
    return [entries / years, spinoffs / entries, exits / years, moves / years,
            (inside * km).sum(axis=(1, 2)) / inside.sum(axis=(1, 2)), crossing / moves, np.array(tail),
            np.array([v[w].std() for v, w in zip(state.log_size, alive)]), mean(state.log_size, alive),
            mean(state.log_size, young), (np.array(recognised) - first[1]) / span,
            after[:, zone].sum(axis=1) - before[:, zone].sum(axis=1),
            (after ** 2).sum(axis=1) - (before ** 2).sum(axis=1),
            np.log(info.rent).mean(axis=1), np.log(_high_tech(state, zone) / opening) / (world.calendar.length / 4.0)]


def _high_tech(state, zone):
    return ((state.site >= 0) & zone[state.site.clip(0)] & (state.hightech == 1)).sum(axis=1)


def _recognised(state, fixed, where, seen):
    """(member,) how many regional headquarters have been recognised by now; those of this quarter are added."""
    from sim.kernels.firms import headquarters
    met = headquarters.first_look(state, fixed.criteria).met.astype(bool)
    there = met & (state.site >= 0) & where[state.site.clip(0)] & (state.hq_type == TYPES.index("regional"))
    for m, known in enumerate(seen):
        known.update(state.id[m][there[m]].tolist())
    return np.array([len(known) for known in seen])


def turned(scenario, key, place):
    """(the scenario with a parameter `place` steps from its default, how far that is as a share of the range)."""
    if key == "peers":
        low, high = PEER_RANGE
        factor = 1.0 + place * STEP * (high - low)
        changes = [(("terms", name, "gamma"), getattr(scenario.values.terms, name).gamma * factor) for name in PEERS]
        return _with(scenario, changes), place * STEP
    path, value = tuple(key.split(".")), scenario.values
    for part in path:
        value = getattr(value, part)
    usual = interval(rows_by_path(type(scenario.values))[path].range)
    to = float(np.clip(value + place * STEP * (usual.high - usual.low), usual.low, usual.high))
    return _with(scenario, [(path, to)]), (to - value) / (usual.high - usual.low)


def _with(scenario, changes):
    return dataclasses.replace(scenario, values=parameter_paths.replaced(scenario, changes))


def main(replicates, end):
    """Print the tables."""
    scenario = load(str(BASELINE), [f"time.end={end}"])
    level = moments(scenario, replicates)
    error = level.std(axis=0, ddof=1)                      # of one history, as the world is one
    slopes = []
    for key in PARAMETERS:
        (up, a), (down, b) = turned(scenario, key, 1.0), turned(scenario, key, -1.0)
        slopes.append((moments(up, replicates) - moments(down, replicates)).mean(axis=0) / (a - b))
        print(f"{key} done", file=sys.stderr)
    scaled = np.array(slopes).T / error[:, None]           # (moment, parameter), in standard errors for the whole range
    print("| moment | sd of one history | " + " | ".join(f"`{key}`" for key in PARAMETERS) + " |")
    print("| --- " * (2 + len(PARAMETERS)) + "|")
    for name, sd, row in zip(MOMENTS, error, scaled):
        print(f"| {name} | {sd:.3g} | " + " | ".join(f"{value:+.1f}" for value in row) + " |")
    u, s, v = np.linalg.svd(scaled, full_matrices=False)
    informative = np.sqrt(np.diag(np.linalg.pinv(scaled.T @ scaled)))
    print(f"\nrank {int((s > 1.0).sum())} of {len(PARAMETERS)} with singular values above 1 "
          f"({', '.join(f'{x:.3g}' for x in s)}); condition number {s[0] / s[-1]:.3g}\n")
    print("| parameter | moment that moves it most (sensitivity, ranges a standard error) | "
          "standard error that is left, share of the range |\n| --- | --- | --- |")
    sensitivity = np.linalg.pinv(scaled)
    for k, key in enumerate(PARAMETERS):
        most = int(np.abs(sensitivity[k]).argmax())
        print(f"| `{key}` | {MOMENTS[most]} ({sensitivity[k, most]:+.3f}) | {informative[k]:.3f} |")
    weak = v[-1]
    print("\nleast identified direction: " + ", ".join(
        f"{weight:+.2f} {key}" for weight, key in sorted(zip(weak, PARAMETERS), key=lambda p: -abs(p[0]))[:4]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8, sys.argv[2] if len(sys.argv) > 2 else "2028-12-31")
