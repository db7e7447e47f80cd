"""F2: files of all kinds, changed at random; each is read, or refused in words."""

import contextlib
import json
import shutil
from typing import NamedTuple
from unittest import mock

from sim.base import stored
from sim.base.errors import SimError
from sim.experiments.compare import folder as comparison_folder
from sim.experiments.sweep import load, sweep_file
from sim.report import comparison_page, sources
from sim.runs import identity, limits
from sim.runs.entries import line_of
from tests.reliability import ground, hostile
from tests.reliability.bench import here
from tests.samples import mutations

TABLES = ("sites", "nests", "jurisdictions", "industries", "proximity", "stations", "links", "hubs", "stock")
CHECK = ["check", "small.toml"]
SWEEP = ["sweep", "study.toml", "--out", "{folder}", "-q"]
STATUS = ["sweep", "study.toml", "--out", "{folder}", "--status"]
SENSITIVITY = ["sensitivity", "{folder}", "-q", "--no-figures"]
RUN = ["run", "small.toml", "--out", "{folder}", "-q", "--no-figures"]
RERUN = ["rerun", "{folder}", "--out", "{other}"]
COMPARE = ["compare", "{folder}", "one.toml", "--out", "{other}", "-q", "--no-figures", "--jobs", "1"]
REPORT = ["report", "{folder}"]
COMPARED = ["compare", "base.toml", "cut.toml", "--out", "{folder}", "-q", "--no-figures", "--jobs", "1"]


def pages_of(folder):
    """What `sim report` does of a comparison, without its figures."""
    sources.gather(folder, comparison_folder.load(folder))
    return comparison_page.write(folder)


SLOW, OFTEN = ("run", "begun", "compared"), 4      # folders whose commands simulate; files of others for each of theirs


class Kind(NamedTuple):
    """A kind of file: where it lies (a folder of Ground, "" for the project), how it is changed and read."""

    place: str
    name: str
    ways: list
    commands: list
    seal: object = None        # makes a change look as if it had been written so


def _sealed_line(folder, content):
    entry = json.loads(content)
    return line_of(entry) if isinstance(entry, dict) else content


def _sealed_definition(folder, content):
    said = json.loads(content)
    with contextlib.suppress(KeyError, TypeError):
        said["key"] = identity.key_of(said["definition"])
    return _sealed(folder, json.dumps(said))


def _sealed(folder, content):
    try:
        return json.dumps(stored.sealed(json.loads(content))).encode()
    except (ValueError, RecursionError, AttributeError):          # no JSON any more, or no object
        return content if isinstance(content, bytes) else content.encode()


COMPARISON = [comparison_folder.load, comparison_folder.load, comparison_folder.load, pages_of, COMPARED]
KINDS = {
    "a scenario": Kind("", "small.toml", mutations.OF_TOML, [CHECK]),
    "a sweep": Kind("", "study.toml", mutations.OF_TOML, [sweep_file.read]),
    "points": Kind("", "points.csv", mutations.OF_CSV, [sweep_file.read]),
    "region.toml": Kind("", "region/region.toml", mutations.OF_TOML, [CHECK]),
    **{f"{table}.csv": Kind("", f"region/{table}.csv", mutations.OF_CSV, [CHECK]) for table in TABLES},
    "districts.geojson": Kind("", "region/basemap/districts.geojson", mutations.OF_JSON, [CHECK]),
    "manifest.json of a run": Kind("run", "manifest.json", mutations.OF_JSON, [RUN, RERUN, COMPARE, REPORT], _sealed),
    "resolved.toml": Kind("run", "resolved.toml", mutations.OF_TOML, [RUN, RERUN, COMPARE]),
    "results.nc": Kind("run", "results.nc", mutations.OF_BYTES, [RUN, RERUN, COMPARE, load.load]),
    "a part of a run": Kind("begun", "parts/000000-000000.part", mutations.OF_BYTES, [RUN]),
    "summary.csv": Kind("run", "summary.csv", mutations.OF_CSV, [RUN, RERUN, REPORT]),
    "manifest.jsonl": Kind("half", "manifest.jsonl", [mutations.change_bytes, mutations.cut, mutations.flip],
                           [SWEEP, STATUS, load.load]),
    "a whole line of manifest.jsonl": Kind("sweep", "manifest.jsonl", [mutations.change_json],
                                           [SWEEP, STATUS, SENSITIVITY, load.load], _sealed_line),
    "sweep.json": Kind("half", "sweep.json", mutations.OF_JSON, [SWEEP, STATUS, load.load]),
    "sweep.json with its key": Kind("sweep", "sweep.json", [mutations.change_json],
                                    [SWEEP, STATUS, SENSITIVITY, load.load], _sealed_definition),
    "summary.json": Kind("sweep", "summary.json", mutations.OF_JSON, [SWEEP, STATUS], _sealed),
    "results of a sweep": Kind("sweep", "results/main.parquet", mutations.OF_BYTES, [SWEEP, SENSITIVITY, load.load]),
    "a part of a sweep": Kind("half", "parts/main/*.parquet", mutations.OF_BYTES, [SWEEP, load.load]),
    "manifest.json of a comparison": Kind("compared", "manifest.json", mutations.OF_JSON, COMPARISON, _sealed),
    "comparison.json": Kind("compared", "comparison.json", mutations.OF_JSON, COMPARISON),
}


def changed(bench, number):
    """So many changed files, most of kinds that are read soon, each read by one command."""
    where = Ground(bench.folder / "mutated")
    found = [not is_well(*each) for each in cases(where, bench.rng, number)]
    bench.note("F2", f"a changed file of {len(KINDS)} kinds: scenarios, sweeps, points, files of regions, manifests, "
               "parts and results: read, or refused in words; no traceback, none without an end", number, sum(found))


class Ground(ground.Ground):
    """With points, shapes, and runs and sweeps that have only begun."""

    def __init__(self, folder, figures=True):
        super().__init__(folder, figures)
        (folder / "one.toml").write_text('extends = "small.toml"\n[policies.tax]\nrate = 10.0\n')
        (folder / "points.csv").write_text("reach,start\n5,2021-01-01\n15.0,2021-07-01\n40,2021-10-01\n")
        (folder / "list.toml").write_text(
            'scenario = "small.toml"\nreplicates = 2\ndesign = "list"\ncsv = "points.csv"\n[axes.reach]\n'
            'key = "peers.decay"\n[axes.start]\nkey = "policies.tax.start"\n')
        ground.begin_run(folder, folder / "begun")


def cases(where, rng, number):
    """Generator of (words, exit code, lines on stderr, True)."""
    quick = [name for name, kind in KINDS.items() if kind.place not in SLOW]
    names = [*KINDS, *quick * (OFTEN - 1)]
    with mock.patch.object(limits, "processors", return_value=1), here(), contextlib.chdir(where.folder):
        for count in range(number):
            name = names[count % len(names)]
            folder = where.copy(KINDS[name].place) if KINDS[name].place else where.folder
            yield _case(where, rng, name, folder)
            if folder != where.folder:
                shutil.rmtree(folder)


def _case(where, rng, name, folder):
    kind, other = KINDS[name], where.folder / "work" / "other"
    path = rng.choice(sorted(folder.glob(kind.name)))
    before, way, command = path.read_bytes(), rng.choice(kind.ways), rng.choice(kind.commands)
    after = way(rng, before)
    path.write_bytes(kind.seal(folder, after) if kind.seal else after)
    try:
        typed = [text.format(folder=folder, other=other) for text in command] if isinstance(command, list) else \
            [command, folder / ("list.toml" if name == "points" else kind.name) if command is sweep_file.read
             else folder]
        return f"{name} by {way.__name__}: {typed}", *_said(typed), True
    finally:
        if folder == where.folder:
            path.write_bytes(before)
        shutil.rmtree(other, ignore_errors=True)


def _said(typed):
    if isinstance(typed[0], str):
        return hostile.said_by(typed)
    try:
        with hostile.patience():
            typed[0](typed[1])
    except SimError as error:
        return error.exit_code, str(error).splitlines()
    except Exception as error:
        return 1, [f"{type(error).__name__}: {error}"]
    return 0, []


def is_well(words, code, lines, _):
    well = code in (0, 2, 3, 4, 6)
    if not well:
        print(f"F2: {words}: exit {code}, {lines[-3:]}", flush=True)
    return well
