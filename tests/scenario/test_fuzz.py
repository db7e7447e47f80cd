"""Mutated files and hostile folders: each is used, or refused with one line per problem, and nothing else."""

import functools
import pathlib
import random
import re
import shutil

import numpy as np
import pytest

from sim.base.errors import InputError
from sim.config.parameters import interval, rows_by_path
from sim.config.toml_file import dotted, parse
from sim.model import simulate as simulation
from sim.model.ensemble import members_of
from sim.model.preflight import validation
from sim.region import load as region_files
from sim.scenario import schema, template
from sim.scenario.load import build, load
from tests.reliability import hostile, mutated
from tests.samples import mutations

SCENARIOS = pathlib.Path(__file__).parents[2] / "scenarios"
SIGNED = ("access", "unmet_demand", "headquarters_growth")
SOMETIMES = ("r_choice", "r_dyn", "half_life", "rivalness", "arrived", "capitalised",
             "capitalised_long_run", "entrant_value")                       # measured now and then
NAMES = ("baseline", "dual-regime", "transit-loop", "head-enterprises", "red-line")
TEXTS = [(SCENARIOS / f"{name}.toml").read_bytes() for name in NAMES]
TEXTS += [template.baseline("zh").encode(), template.policy("en").encode()]
PLACE = r"(/(mutant|baseline|shanghai-ftz)\.toml:\d+:\d+|^--set [\w.]+=.*): ."
ZONE = region_files.load("yrd-zone")
BLOCKS, RUNS = 20, 3           # blocks of a hundred mutants; runs in each block
QUICK = 2                      # blocks that are not slow
SMALL = ["run.replicates=1", "population.candidates=1500", "time.start=2021-01-01", "time.end=2021-12-31"]


MUTATIONS = [*mutations.OF_TOML, functools.partial(mutations.splice, others=TEXTS), mutations.uncomment]


def blocks(number, quick):
    """Numbers of the blocks, the later ones slow."""
    return [pytest.param(block, marks=() if block < quick else pytest.mark.slow) for block in range(number)]


def told(error):
    """The lines of an InputError, each a problem with a place."""
    lines = str(error).split("\n")
    assert len(lines) == len(error.problems) > 0
    assert all(line.isprintable() and re.search(PLACE, line) for line in lines), lines
    return lines


def outcome(path, settings=()):
    """What loading and checking against the region say: (scenario, lines that refuse it)."""
    try:
        loaded = load(path, settings)
    except InputError as error:
        return None, told(error)
    try:
        if loaded.values.region != "yrd-zone":
            validation.region_of(loaded)
        problems = validation.against_region(loaded, ZONE)
        return loaded, told(InputError(problems)) if problems else []
    except InputError as error:
        return loaded, told(error)


def run(path):
    """Run a small version of the scenario in a file, to the end or to an InputError."""
    loaded, lines = outcome(path, SMALL)
    if lines:
        return False
    try:
        with validation.located(loaded):
            arrays = simulation.simulate(ZONE, members_of(loaded, [0])).arrays
    except InputError as error:
        told(error)
        return False
    assert all(np.isfinite(array).all() for name, array in arrays.items() if name not in SOMETIMES)
    assert all((array >= 0).all() for name, array in arrays.items() if name not in {*SOMETIMES, *SIGNED})
    return True


@pytest.fixture
def path(tmp_path):
    for name in ("baseline", "shanghai-ftz"):
        (tmp_path / f"{name}.toml").write_bytes((SCENARIOS / f"{name}.toml").read_bytes())
    return tmp_path / "mutant.toml"


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory):
    """Digests of the texts before they are mutated."""
    path = tmp_path_factory.mktemp("texts") / "baseline.toml"
    shutil.copy(SCENARIOS / "shanghai-ftz.toml", path.parent)
    path.write_bytes(TEXTS[0])
    digests = set()
    for text in TEXTS:
        (path.parent / "text.toml").write_bytes(text)
        digests.add(load(path.parent / "text.toml").digest)
    return digests


@pytest.mark.parametrize("block", blocks(BLOCKS, QUICK))
def test_a_mutated_file_runs_or_is_refused_line_by_line(path, block, unchanged):
    seen, loaded, good = set(unchanged), 0, 0
    for seed in range(block * 100, block * 100 + 100):
        rng = random.Random(seed)
        path.write_bytes(rng.choice(MUTATIONS)(rng, rng.choice(TEXTS)))
        said, lines = outcome(path)
        loaded += said is not None
        good += said is not None and not lines
        if said:
            assert build(parse(said.resolved_toml(), "resolved.toml")).digest == said.digest
        if said and not lines and said.digest not in seen and len(seen) < len(unchanged) + RUNS:
            seen.add(said.digest)
            run(path)
    assert 0 < good <= loaded < 100


NUMBERS = {path: row for path, row in rows_by_path(schema.build()).items()
           if row.kind.split(" | ")[0] in ("float", "int") and path[0] not in ("run", "time")}


def anywhere(rng, row):
    """A number from anywhere in what is allowed: at a limit, near one, or between."""
    bounds = interval(row.allowed)
    low, high = max(bounds.low, -1e9), min(bounds.high, 1e9)
    value = rng.choice([low, high, rng.uniform(low, high), low + (high - low) * 10 ** rng.uniform(-9, 0)])
    value = min(max(value, low), high) if value in bounds else rng.uniform(low, high)
    return int(value) if row.kind == "int" else value


@pytest.mark.parametrize("block", blocks(5, 1))
def test_numbers_from_anywhere_in_their_allowed_values_run_or_are_refused(path, block):
    ran = 0
    for seed in range(block * 20, block * 20 + 20):
        rng = random.Random(seed)
        chosen = rng.sample(sorted(NUMBERS), rng.randint(1, 4))
        path.write_text("\n".join(f"{dotted(key)} = {anywhere(rng, NUMBERS[key])!r}" for key in chosen))
        ran += run(path)
    assert 5 < ran


# -- files of all kinds and folders of strangers, the protocol's lines F1 and F2 in short ---------------

@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    return mutated.Ground(tmp_path_factory.mktemp("ground") / "ground", figures=False)


def test_a_changed_file_of_any_kind_is_read_or_refused(ground):
    found = list(mutated.cases(ground, random.Random(5), len(mutated.KINDS)))
    assert [each for each in found if not mutated.is_well(*each)] == []
    assert {code for _, code, _, _ in found} >= {0, 2, 6}


def test_in_a_hostile_folder_nothing_outside_is_touched_and_one_line_ends_it(ground):
    found = list(hostile.cases(ground, random.Random(5), 12))
    assert [each for each in found if not hostile.is_well(*each)] == []
    assert {code for _, code, _, _ in found} >= {4, 6}
