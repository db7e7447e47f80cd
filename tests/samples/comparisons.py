"""Small comparisons for tests: scenarios on a made-up region, run through the command."""

import dataclasses
import json

import numpy as np
import pandas as pd

from sim.experiments.compare.run_levels import Levels
from sim.region.synthetic import synthetic_region, write
from tests.samples import runs

BASE = """\
title = "Base"
title_zh = "基准"
region = "region"
[time]
start = 2021-01-01
end = 2023-12-31
[run]
replicates = 8
[population]
candidates = 900
[entry]
rate = 0.3
[moving]
rate = 0.05
constants = "uniform"
[growth]
sd = 0.5
"""
TAX = """\
extends = "base.toml"
title = "{title}"
[policies.tax]
instrument = "tax_rate"
rate = {rate}
movers = true
sites = ["site-1", "site-2"]
start = 2022-04-01
lag = 0.0
"""
FILES = {"base": BASE, "cut": TAX.format(title="Tax cut", rate=0.0), "none": TAX.format(title="Nothing", rate=25.0),
         "copy": BASE, "late": TAX.format(title="Too late", rate=0.0).replace("2022-04", "2030-04"),
         "withdrawn": TAX.format(title="Withdrawn", rate=0.0) + "end = 2023-01-01\n"}


def write_all(folder, **more):
    """The scenario files by name, and their region, in a folder."""
    for name, seed in (("region", 3), ("elsewhere", 4)):
        write(synthetic_region(8, seed=seed, nests=3), folder / name)
    for name, text in (FILES | more).items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.toml" for name in FILES | more}


def compare(*arguments, **environment):
    """Result of the command in this process; tests/runs and tests/model/test_past.py have comparisons by workers."""
    alone = () if "--jobs" in arguments else ("--jobs", 1)
    return runs.sim("compare", *arguments, *alone, "--no-figures", **environment)


def tables(folder):
    """Tables of a comparison by name, and comparison.json."""
    content = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    return {name: pd.read_csv(folder / file, keep_default_na=False, na_values=["nan"])
            for name, file in content["tables"].items()}, content


def levels(**arrays):
    """Levels of two sites in the zone and one out of it, with the arrays given; stocks are by site."""
    sites = pd.DataFrame({"ring": "core", "jurisdiction": ["a", "a", "b"], "in_zone": [True, True, False]},
                         index=["one", "two", "three"])
    names = {"jurisdiction": {"a": ("A", "甲"), "b": ("B", "乙")}, "industry": {"i": ("I", "业")},
             "authority": {"a": ("A", "甲"), "b": ("B", "乙")}}
    members = len(next(iter(arrays.values())))
    return Levels(("2020-Q4", "2021-Q4", "2022-Q4"), ("2020-Q4", "2021-Q4", "2022-Q4"), sites, names,
                  np.arange(members), arrays, {"scenario": "made up"})


def with_arrays(given, **arrays):
    """The Levels with some arrays replaced."""
    return dataclasses.replace(given, arrays=given.arrays | arrays)


def cube(by_site):
    """(member, quarter, site) numbers as (member, quarter, site, 1, 1)."""
    return np.asarray(by_site)[..., None, None]
