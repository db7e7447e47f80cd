"""Two checkouts on one machine: do the same commands give the same numbers?

    python tests/compare_checkouts.py OLD NEW [--only sweep] [--work FOLDER]

Every case is run through the command, in a process of its own, once with the sources and the scenario files
of either checkout. Arrays of runs, rows of sweeps and drawn parameters must be equal bit for bit; statistics
(tables of comparisons, equilibria, thresholds) to 1e-12 relative, and each difference is listed. Keys, manifests,
logs and digests are not compared. A case whose results are there already is not run again. Ends with 1 if
anything differs. pytest does not collect this file.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
from typing import NamedTuple

import numpy as np
import pandas
import pyarrow.parquet
import xarray

CLOSE = 1e-12
WORKING = "out/uncertainty/"   # what a comparison keeps of its draws to go on with; what it tells of them is compared
SMALL = ["--set", "population.candidates=1500", "--set", "time.end=2027-12-31"]
LONG = ["--set", "population.candidates=1500", "--set", "time.end=2032-12-31"]
RUN = ["--replicates", "3", "--no-figures", "-q"]
REGION = """
try:
    from sim.region.synthetic import synthetic_region, write
except ImportError:
    from sim.synthetic import synthetic_region, write
write(synthetic_region(9, seed=3, nests=3), "region")
"""
MADE_UP = 'title = "Made up"\nregion = "region"\n[time]\nstart = 2021-01-01\nend = 2026-12-31\n' + textwrap.dedent("""\
    [population]
    candidates = 900
    [moving]
    rate = 0.02
    [policies.tax]
    instrument = "tax_rate"
    rate = 15.0
    sites = "zone"
    start = 2022-01-01
    """)
SWEEP = textwrap.dedent("""\
    scenario = ["{scenarios}/baseline.toml", "{scenarios}/shanghai-ftz.toml"]
    set = ["population.candidates=1500", "time.end=2027-12-31"]
    replicates = 2
    design = "lhs"
    points = 6
    [outputs]
    series = ["headquarters_in_zone"]
    maps = ["rent"]
    quarters = ["2026-Q4"]
    [axes]
    "peers.decay" = {{}}
    "terms.ftz.beta" = {{}}
    "entry.outside_share" = {{}}
    """)


# What checkouts before 0.3.0 call files, columns and labels, and what they are called since.
FILES = {"beats.csv": "pairwise.csv"}
COLUMNS = {"asked": "potential_entrants", "apart": "registered_elsewhere",
           "headquarters_apart": "headquarters_registered_elsewhere", "arrives_as": "status", "through": "channel",
           "concerns": "applies_to", "beats": "p_superior", "sure": "confidence", "eve": "base_quarter",
           "effect_then": "effect_at_withdrawal", "effect_then_se": "effect_at_withdrawal_se", "of": "equilibria",
           "mode": "eigenvalue", "lost": "not_converged"}
LABELS = {"opening": "initial", "opening stock": "initial stock", "offers": "site utility",
          "whole change": "total change", "peers at the opening counts": "peers at initial counts",
          "growth across the criteria": "growth past the criteria"}


class Case(NamedTuple):
    name: str
    command: list              # of sim, with {scenarios} for the checkout's own
    before: str = ""           # Python that is run first, in the folder of the case
    files: dict = {}           # written first, with the same marks


def run(name, *changes, scenario=None, horizon=SMALL):
    return Case(name, ["run", f"{{scenarios}}/{scenario or name}.toml", *horizon, *changes, *RUN, "--out", "out"])


CASES = [
    run("baseline"), run("alliances"), run("full-package"), run("red-line"), run("enclave-outbound"),
    run("fiscal-sharing"), run("shanghai-ftz-withdrawn", horizon=LONG),
    run("registration-off", "--set", "switches.registration=function", scenario="shanghai-ftz"),
    Case("synthetic-region", ["run", "made-up.toml", *RUN, "--out", "out"], REGION, {"made-up.toml": MADE_UP}),
    Case("comparison", ["compare", "{scenarios}/baseline.toml", "{scenarios}/shanghai-ftz.toml", "{scenarios}/tod.toml",
                        *SMALL, *RUN, "--uncertainty", "3", "--per-draw", "2", "--leakage-over", "0.2,0.4",
                        "--out", "out"]),
    Case("sweep", ["sweep", "sweep.toml", "-q", "--out", "out"], files={"sweep.toml": SWEEP}),
    Case("equilibria", ["equilibria", "{scenarios}/baseline.toml", *SMALL, "--over",
                        "terms.localisation.gamma 0:0.6:3", "--starts", "3", "--no-figures", "-q", "--out", "out"]),
    Case("smallest", ["smallest", "{scenarios}/shanghai-ftz.toml", *SMALL, "--key", "policies.ftz.openness.level",
                      "--between", "0", "1", "--target", "0.5", "--against", "{scenarios}/baseline.toml",
                      "--replicates", "4", "--json"]),
]


def made(case, checkout, folder):
    """The folder of a case's results with the sources of a checkout; run if they are not there yet."""
    done = folder / "stdout"
    if done.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    scenarios = checkout / "scenarios"
    for name, text in case.files.items():
        (folder / name).write_text(text.format(scenarios=scenarios) if "{scenarios}" in text else text, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(checkout), "LANG": "C.UTF-8", "LC_ALL": ""}
    told = {"cwd": folder, "env": environment, "capture_output": True, "text": True}
    if case.before:
        subprocess.run([sys.executable, "-c", case.before], check=True, **told)
    command = [each.format(scenarios=scenarios) for each in case.command]
    code = f"import sim; assert sim.__file__.startswith({str(checkout)!r}); from sim.cli import main; main()"
    said = subprocess.run([sys.executable, "-c", code, *command], **told)
    if said.returncode:
        raise SystemExit(f"{case.name} with {checkout} ends with {said.returncode}:\n{said.stderr}")
    done.write_text(said.stdout, "utf-8")
    return folder


# -- what a folder holds, as named arrays ------------------------------------------------------------------

def bits(folder):
    """Name -> array of all that must be equal bit for bit: runs, rows of sweeps, drawn parameters."""
    found = {}
    for path in _below(folder, "*.nc"):
        with xarray.open_dataset(path, engine="h5netcdf") as data:
            found |= {f"{path.relative_to(folder)}: {name}": data[name].to_numpy() for name in data.variables}
    for path in _below(folder, "*.parquet"):
        table = pyarrow.parquet.read_table(path).to_pandas()
        if "parts" not in path.relative_to(folder).parts:
            found |= {f"{path.relative_to(folder)}: {name}": table[name].to_numpy() for name in table}
    for path in [*_below(folder, "draws*.csv"), *_below(folder, "*parameters*.csv")]:
        table = pandas.read_csv(path, dtype=str)
        found |= {f"{path.relative_to(folder)}: {name}": table[name].to_numpy() for name in table}
    return found


def statistics(folder):
    """Name -> column of every other table, numbers as numbers; what JSON on stdout says as well."""
    found = {}
    for path in _below(folder, "*.csv"):
        if "region" not in path.relative_to(folder).parts:
            table = pandas.read_csv(path, keep_default_na=False, na_values=[""])
            found |= {f"{path.relative_to(folder)}: {name}": table[name].to_numpy() for name in table}
    said = (folder / "stdout").read_text("utf-8").strip()
    if said.startswith("{"):
        found |= {f"stdout: {key}": value for key, value in _flat(json.loads(said))}
    return found


def named_as_today(found):
    """The arrays under the names of today, with the labels of today in those that hold texts."""
    named = {}
    for name, values in found.items():
        path, _, column = name.rpartition(": ")
        for old, new in FILES.items():
            path = path.replace(old, new)
        if values.dtype.kind in "OSU" and all(isinstance(value, (str, bytes)) for value in values.ravel().tolist()):
            values = np.vectorize(lambda value: LABELS.get(value, value), otypes=[object])(values.astype(str))
        named[f"{path}: {COLUMNS.get(column, column)}"] = values
    return named


def _below(folder, pattern):
    return sorted(folder.rglob(pattern))


def _flat(value, key=""):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _flat(part, f"{key}.{name}")
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _flat(part, f"{key}[{number}]")
    else:
        yield key, np.array([value])


# -- comparing ----------------------------------------------------------------------------------------------

def same_bits(one, other):
    """Whether two arrays are of one type, one shape and the same bytes, texts and lists by value."""
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype == object:
        return all(_same_object(a, b) for a, b in zip(one.ravel(), other.ravel()))
    return one.tobytes() == other.tobytes()


def _same_object(one, other):
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return same_bits(np.asarray(one), np.asarray(other))
    return one == other or (one != one and other != other)


def apart(one, other):
    """The largest relative difference of two columns; 0.0 where they are the same, inf where texts differ."""
    if same_bits(one, other):
        return 0.0
    if one.shape != other.shape or not all(np.issubdtype(each.dtype, np.number) for each in (one, other)):
        return np.inf
    one, other = one.astype(float), other.astype(float)
    if not np.array_equal(np.isnan(one), np.isnan(other)):
        return np.inf
    scale = np.maximum(np.abs(one), np.abs(other))
    gap = np.abs(one - other)
    return float(np.nanmax(np.divide(gap, scale, out=np.zeros_like(gap), where=scale > 0)))


def compared(old, new):
    """Counts of what was compared, and a line for each thing that differs: (line, whether it is too much)."""
    lines, counts = [], []
    for kind, read, limit in (("arrays", bits, 0.0), ("columns", statistics, CLOSE)):
        one, other = named_as_today(read(old)), named_as_today(read(new))
        lines += [(f"only with {'old' if name in one else 'new'}: {name}", not name.startswith(WORKING))
                  for name in sorted(one.keys() ^ other.keys())]
        gaps = {name: 0.0 if same_bits(one[name], other[name]) else max(apart(one[name], other[name]), 5e-324)
                for name in one.keys() & other.keys()}
        lines += [(f"{name}: differs by {gap:.3g}", gap > limit) for name, gap in sorted(gaps.items()) if gap]
        counts.append(f"{len(gaps)} {kind}, {sum(np.size(one[name]) for name in gaps):,} values")
    return "; ".join(counts), lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=pathlib.Path)
    parser.add_argument("new", type=pathlib.Path)
    parser.add_argument("--only", nargs="*", default=[], help="names of cases")
    parser.add_argument("--work", type=pathlib.Path, help="folder for results; by default one that is removed")
    given = parser.parse_args()
    bad = False
    with tempfile.TemporaryDirectory(prefix="checkouts-") as temporary:
        work = (given.work or pathlib.Path(temporary)).resolve()
        for case in [each for each in CASES if not given.only or each.name in given.only]:
            folders = [made(case, checkout.resolve(), work / which / case.name)
                       for which, checkout in (("old", given.old), ("new", given.new))]
            counts, lines = compared(*folders)
            bad |= any(wrong for _, wrong in lines)
            verdict = "DIFFERS" if any(wrong for _, wrong in lines) else "equal"
            print(f"{case.name}: {verdict} ({counts})", *(f"    {line}" for line, _ in lines), sep="\n", flush=True)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
