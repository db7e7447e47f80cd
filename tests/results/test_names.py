"""Names that the product writes or users type, and its texts, are words of the field; earlier names are read."""

import contextlib
import inspect
import json
import re

import click
import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
import xarray as xr
from babel.messages.pofile import read_po

import sim
from sim import metrics, policies, terms
from sim.base import files
from sim.base.messages import LOCALE
from sim.cli import group
from sim.config.parameters import rows
from sim.front_door import answers
from sim.plots import comparison as comparison_plots
from sim.plots import run as run_plots
from sim.report import assumptions
from sim.results import earlier
from sim.scenario import schema
from tests.samples import comparisons, runs, sweeps

PRIVATE = {"yardstick", "honesty", "mark", "marks", "asked", "sure", "beats", "arrives", "past", "course", "parted",
           "opening", "knob", "kit", "blueprint", "nobody", "look", "looks", "follow", "offers", "crowd",
           "room", "shards", "shares", "economy", "info", "told", "said", "stood", "whole", "found", "allowed", "eve"}
PARTS = ("outside_shares", "type_shares", "origin_shares", "shares_industry", "shares_jurisdiction", "shares_ring")
IN_TEXTS = re.compile(
    r"\b(yardsticks?|honesty|arrives_as|most_pairs|knobs?|blueprints?|parted|economy, info|found no such|"
    r"found .*, allowed|shares? of (a|the) sweep)\b|`(Economy|Info|Fixed|Asked|Crowd|Course|Spec|Kit)`", re.IGNORECASE)
SMALL = ("--set", "population.candidates=300", "--set", "time.end=2022-12-31")
SWEEP = """\
scenario = ["base.toml", "cut.toml"]
set = ["population.candidates=300", "time.end=2022-12-31"]
replicates = 2
[outputs]
series = ["headquarters_in_zone"]
maps = ["rent"]
[axes]
"peers.decay" = [5.0, 40.0]
"growth.sd" = [0.3, 0.5]
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder of a run, a comparison, a sweep and its analysis, each as small as it can be."""
    place = tmp_path_factory.mktemp("names")
    given = comparisons.write_all(place)
    (place / "study.toml").write_text(SWEEP, "utf-8")
    with contextlib.chdir(place), sweeps.without_processes():
        for command in (("compare", given["base"], given["cut"], *SMALL, "--replicates", 2, "--uncertainty", 2,
                         "--per-draw", 2, "--out", "compared", "--jobs", 1, "--no-figures"),
                        ("sweep", "study.toml", "--out", "swept", "--jobs", 1),
                        ("sensitivity", "swept", "--jobs", 1, "--no-figures")):
            said = runs.sim(*command, "-q")
            assert said.exit_code == 0, said.output
    return place


def names_in(path):
    """All names in a file: columns, variables, coordinates, attributes, or keys."""
    if path.suffix == ".csv":
        return [*pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns]
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_schema(path).names
    if path.suffix == ".nc":
        with xr.open_dataset(path, engine="h5netcdf") as data:
            return [*map(str, data.variables), *map(str, data.attrs)]
    return [*keys(json.loads(path.read_text("utf-8")))] if path.suffix == ".json" else []


def keys(content):
    """Keys of nested objects; what scenarios say is theirs, and what hashes and versions are of has its own names."""
    for key, value in content.items() if isinstance(content, dict) else ():
        yield key
        if key not in ("scenarios", "axes", "sha256", "sources", "versions", "plugins") or isinstance(value, list):
            yield from keys(value)
    for value in content if isinstance(content, list) else ():
        yield from keys(value)


def test_no_name_that_is_written_is_private_jargon(written):
    found = {path.relative_to(written).as_posix(): [path.stem, *names_in(path)]
             for folder in ("outputs", "compared", "swept") for path in (written / folder).rglob("*")
             if path.suffix in (".csv", ".parquet", ".nc", ".json")}
    kinds = {name.rpartition("/")[2] for name in found}
    assert {"results.nc", "summary.csv", "assumed.csv", "ledger.csv", "manifest.json", "comparison.json",
            "pairwise.csv",
            "draws.csv", "main.parquet", "sweep.json", "summary.json", "analysis.json"} <= kinds
    odd = {(file, name) for file, names in found.items() for name in names
           if "." not in name and PRIVATE & set(re.split(r"[^a-z]+", name.lower()))}     # a dot: keys of scenarios
    assert odd == set()


def typed():
    """Names that users type: keys, entries, commands, options, calls and their arguments, parts of answers, files."""
    entries = [*policies.registry.entries()]
    yield from (row.key for each in [schema.build(), *(entry.schema for entry in entries)] for row in rows(each))
    for drawer in (terms, policies, metrics, run_plots, comparison_plots):
        yield from drawer.registry.names()
    for name in group.list_commands(click.Context(group)):
        yield from (name, *(option for each in group.get_command(click.Context(group), name).params
                            for option in (*each.opts, *each.secondary_opts)))
    for name in sim.__all__:
        yield from (name, *inspect.signature(getattr(sim, name)).parameters)
    for answer in (answers.Checked, answers.Run, answers.Comparison, answers.Sweep):
        yield from (name for name in (*dir(answer), *answer.__annotations__) if not name.startswith("_"))
    yield from (path.stem for path in (runs.ROOT / "scenarios").rglob("*.toml"))
    yield from schema.regimes()


def test_no_name_that_users_type_is_private_jargon():
    names = {*typed()} - {name for name in typed() if name.endswith(PARTS)}      # a share is part of a whole there
    assert {"peers.decay", "--leave-one-out", "sweep", "leave_out", "effects"} <= names and len(names) > 300
    assert [name for name in names if PRIVATE & set(re.split(r"[^a-z]+", name.lower()))] == []


def test_no_text_has_a_word_of_private_jargon():
    """Help, messages, figures and pages of results, as the catalogue has them; documents but the list of old names."""
    with (LOCALE / "zh_CN" / "LC_MESSAGES" / "sim.po").open("rb") as file:
        texts = {str(entry.id): str(entry.id) for entry in read_po(file) if entry.id}
    pages = [*runs.ROOT.glob("*.md"), *(runs.ROOT / "docs").glob("*.md"), *(runs.ROOT / "scenarios").rglob("*.*")]
    texts |= {path.name: path.read_text("utf-8") for path in pages
              if path.is_file() and path.suffix != ".gz" and path.name != "CHANGELOG.md"}
    assert len(texts) > 500 and "odd.md" in texts
    assert {name: found[0] for name, text in texts.items() if (found := IN_TEXTS.search(text))} == {}


def test_a_run_of_an_earlier_version_is_loaded_under_the_names_of_today(written, tmp_path):
    (folder,) = {path.parent for path in (written / "outputs").rglob("results.nc") if path.parent.name == "cut"}
    old = files.open_folder(tmp_path / "old")
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as data:
        labels = [{"initial": "opening"}.get(name, name) for name in data["generation"].values.astype(str).tolist()]
        data.rename({new: name for name, new in earlier.VARIABLES.items()}).assign_coords(generation=labels).to_netcdf(
            old / "results.nc", engine="h5netcdf")
    now = sim.load(folder)
    with pytest.warns(UserWarning, match="no manifest.json beside it"):
        then = sim.load(old)
    assert set(then.variables) == set(now.variables) and (then["generation"] == now["generation"]).all()
    assert all(np.array_equal(then[new], now[new]) for new in earlier.VARIABLES.values())


def test_assumed_effects_of_an_earlier_version_are_read(written, tmp_path):
    (path,) = (written / "outputs").rglob("cut/assumed.csv")
    names = {new: old for old, new in earlier.COLUMNS.items()}
    channels = {new: old for old, new in earlier.CHANNELS.items()}
    table = pd.read_csv(path, encoding="utf-8-sig")
    table.assign(channel=table["channel"].replace(channels)).rename(columns=names).to_csv(tmp_path / "assumed.csv")
    assert assumptions.read(tmp_path / "assumed.csv") == assumptions.read(path) != []


def test_the_manifest_of_an_earlier_version_is_read(written, tmp_path):
    (path,) = (written / "outputs").rglob("cut/manifest.json")
    said = json.loads(path.read_text("utf-8"))
    files.write_json(tmp_path / "manifest.json", {**{key: value for key, value in said.items() if key != "digest"},
                                                  "schema": 1, "honesty": said["evidence"], "evidence": None})
    assert files.read_manifest(tmp_path)["evidence"] == said["evidence"]


def test_a_comparison_of_an_earlier_version_is_refused_with_what_to_do(written, tmp_path):
    said = json.loads((written / "compared" / "manifest.json").read_text("utf-8"))
    files.write_json(tmp_path / "manifest.json", {**{key: value for key, value in said.items() if key != "digest"},
                                                  "schema": 1})
    found = runs.sim("report", tmp_path)
    assert found.exit_code == 2
    assert "whose tables have other names; run the same `sim compare` command again" in found.stderr
