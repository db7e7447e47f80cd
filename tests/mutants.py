"""Mutants: does a test notice when a line of the model is wrong?

    python tests/mutants.py                  all, one after another (two hours or so on one core)
    python tests/mutants.py --only rent      those whose name holds the word
    python tests/mutants.py --page docs/validation.md     and write the list between the page's marks
    python tests/mutants.py --verify         and ask `sim verify` of those that no theorem killed

Each mutant is one replacement in one file of a copy of the package; the files of `tests/mutations` list
them by room. The copy's tests run in an order that is quick to fail: those near the change, then a subset
of theorems, signs and twins; the first that fails is the killer. What is known already is kept in a file
of results and not run again while the mutant and its file are the same. pytest does not collect this file.
"""

import argparse
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parent.parent
QUICK = ["tests/model/test_quarter.py", "tests/verification/test_theorems.py", "tests/terms/test_signs.py",
         "tests/policies/test_signs_policies.py", "tests/kernels/test_alike.py", "tests/kernels/test_tangents.py",
         "tests/kernels/test_wide.py", "tests/kernels/test_legal_places.py", "tests/kernels/test_apart.py",
         "tests/model/test_processes.py", "tests/kernels/test_draws.py", "tests/kernels/test_kernels.py",
         "tests/kernels/test_staying.py", "tests/kernels/test_rough_errors.py",
         "tests/kernels/test_proposals.py", "tests/kernels/test_chooser_lanes.py",
         "tests/kernels/test_kernels_headquarters.py", "tests/kernels/test_kernels_life.py",
         "tests/model/test_diagnostics.py", "tests/model/test_feedback_twin.py", "tests/model/test_entry_elasticity.py",
         "tests/model/test_kind_constants.py", "tests/model/test_stay_constants.py",
         "tests/model/test_registration.py", "tests/model/test_registration_share.py",
         "tests/model/test_accounts.py", "tests/model/test_sharing.py", "tests/model/test_opening_parts.py",
         "tests/model/test_streamed_utilities.py", "tests/base/test_helpers.py"]
BLOCK = re.compile(r"(<!-- verified: mutants -->\n).*?(<!-- end: mutants -->)", re.DOTALL)
WORK = pathlib.Path(tempfile.gettempdir()) / f"mutants-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
WARM = "T09 or T20 or T23 or T27"      # compile most kernels
THEOREMS = "verification/test_theorems.py::test_theory_and_program_agree"     # the quick cases of `sim verify`
LIMIT = 1500                   # seconds until a run of tests counts as hung, and the mutant as killed


class Mutant(NamedTuple):
    name: str                  # what is wrong
    file: str                  # in sim/
    right: str                 # stands there once
    wrong: str
    near: str                  # tests that look at it, as pytest's -k takes them


MUTANTS = [Mutant(**each) for path in sorted((ROOT / "tests" / "mutations").rglob("*.toml"))
           for each in tomllib.loads(path.read_text("utf-8"))["mutant"]]


# -- running ----------------------------------------------------------------------------------------

def killer(mutant):
    """The first test that fails on a copy with the mutant, "" if none does."""
    package = _copied(mutant)
    try:
        return _first_failure(["-k", mutant.near]) or _first_failure([])
    finally:
        shutil.rmtree(package)


def seen_by_verify(mutant, killed_by):
    """Whether `sim verify` ends with an error on a copy with the mutant; a theorem that killed it is one of its own."""
    if killed_by.startswith(THEOREMS):
        return True
    package = _copied(mutant)
    command = [sys.executable, "-c", "from sim.cli import main; main()", "verify", "--quiet"]
    try:
        done = subprocess.run(command, cwd=package, env=_environment(), capture_output=True, timeout=LIMIT)
        return done.returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        shutil.rmtree(package)


def _copied(mutant=None):
    """A copy of the package, always at the same place, or compiled code would be known under another name."""
    package = WORK / "copy"
    shutil.rmtree(package, ignore_errors=True)
    for name in ("sim", "tests", "scenarios"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", package)
    if mutant is None:
        return package
    plain = _compiled_folder()
    mutate(package / "sim" / mutant.file, mutant)
    if mutant.file.startswith("kernels/"):
        _reuse(plain, _compiled_folder(), pathlib.Path(mutant.file).stem)
    return package


def _compiled_folder():
    """Where the copy keeps its compiled kernels: a name made of their sources."""
    code = "from sim.kernels.numerics.compiler import FOLDER; print(FOLDER)"
    done = subprocess.run([sys.executable, "-c", code], cwd=WORK / "copy", env=_environment(), text=True,
                          capture_output=True, check=True)
    return pathlib.Path(done.stdout.strip())


def _reuse(plain, own, changed):
    """Take over what is compiled, but for the kernels of the changed file and of files that import from it."""
    stale, before = {changed}, set()
    files = {path.stem: path.read_text("utf-8") for path in (ROOT / "sim" / "kernels").rglob("*.py")}
    while stale != before:
        before = set(stale)
        stale |= {name for name, text in files.items()
                  if any(re.search(rf"from sim\.kernels[\w.]*(?:\.{other} import| import .*\b{other}\b)", text)
                         for other in before)}
    if plain.exists():
        shutil.copytree(plain, own, dirs_exist_ok=True, ignore=lambda _, names: [
            name for name in names if name.split(".")[0] in stale])


def _environment():
    return {**os.environ, "PYTHONPATH": str(WORK / "copy"), "NUMBA_CACHE_DIR": str(WORK / "compiled")}


def mutate(path, mutant):
    """Replace the one right place; ValueError where there is not exactly one."""
    text = path.read_text("utf-8")
    if text.count(mutant.right) != 1:
        raise ValueError(f"{mutant.name}: {text.count(mutant.right)} places in {mutant.file}")
    path.write_text(text.replace(mutant.right, mutant.wrong), "utf-8")


def _first_failure(chosen):
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "--no-header", "-p", "no:cacheprovider",
               "--tb=no", *chosen, *QUICK]
    try:
        done = subprocess.run(command, cwd=WORK / "copy", env=_environment(), capture_output=True, text=True,
                              timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return "out of time"
    if done.returncode < 0:                   # an index out of bounds may end the interpreter itself
        return f"crash, {signal.Signals(-done.returncode).name}"
    failed = re.search(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", done.stdout, re.MULTILINE)
    if failed is None and done.returncode not in (0, 5):
        raise RuntimeError(done.stdout + done.stderr)
    return failed[1].removeprefix("tests/") if failed else ""


# -- what is known and what is written ----------------------------------------------------------------

def _warm():
    """Compile the kernels of the unchanged copy, whose tests must pass."""
    _copied()
    failure = _first_failure(["-k", WARM])
    if failure:
        raise RuntimeError(f"fails without any mutant: {failure}")


def key_of(mutant):
    """What a result belongs to: the mutant and its file as it is."""
    return hashlib.sha256(repr(mutant).encode() + (ROOT / "sim" / mutant.file).read_bytes()).hexdigest()


def markdown(found):
    """Mutants, their killers, "" for a survivor and None for one not run, and whether `sim verify` sees them."""
    lines = ["| what is wrong | where | instead of | stands | verdict | killed by | `sim verify` |",
             "| --- " * 7 + "|"]
    for mutant, test, seen in found:
        cells = [mutant.name, f"`sim/{mutant.file}`", f"`{_line(mutant.right)}`", f"`{_line(mutant.wrong)}`",
                 "killed" if test else "**survives**" if test == "" else "not run", f"`{test}`" if test else "–",
                 {True: "sees it", False: "no", None: "not asked"}[seen]]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    tests = [test for _, test, _ in found]
    killed, ran = sum(map(bool, tests)), len(tests) - tests.count(None)
    theorems = sum(test.startswith(THEOREMS) for test in tests if test)
    others = [sees for _, test, sees in found if test is not None and not test.startswith(THEOREMS)]
    head = (f"{killed} of {ran} mutants that were run are killed; {len(tests) - ran} not run. {theorems} fall to a "
            f"theorem of `sim verify`; of the others it was asked about {len(others) - others.count(None)} "
            f"and sees {others.count(True)}.")
    return head + "\n\n" + "\n".join(lines) + "\n"


def _line(text):
    return " ".join(text.split())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", default="", help="mutants whose name holds this")
    parser.add_argument("--results", type=pathlib.Path, default=pathlib.Path("outputs/mutants.json"))
    parser.add_argument("--page", type=pathlib.Path, help="page to write the list into")
    parser.add_argument("--verify", action="store_true", help="ask `sim verify` as well")
    parser.add_argument("--write-only", action="store_true", help="run nothing, write what is known")
    asked = parser.parse_args()
    known = json.loads(asked.results.read_text("utf-8")) if asked.results.exists() else {}
    wanted = [] if asked.write_only else [each for each in MUTANTS if asked.only in each.name]
    if wanted:
        _warm()
    for mutant in wanted:
        if known.get(mutant.name, {}).get("key") != key_of(mutant):
            known[mutant.name] = {"key": key_of(mutant), "killer": killer(mutant)}
        result = known[mutant.name]
        if asked.verify and "verify" not in result:
            result["verify"] = seen_by_verify(mutant, result["killer"])
        asked.results.parent.mkdir(parents=True, exist_ok=True)
        asked.results.write_text(json.dumps(known, indent=1), "utf-8")
        asked_of = {True: "sees it", False: "does not see it", None: "not asked"}[result.get("verify")]
        print(f"{mutant.name}: {result['killer'] or 'SURVIVES'}; sim verify: {asked_of}", flush=True)
    found = [(mutant, *_verdict(mutant, known)) for mutant in MUTANTS]
    if asked.page:
        page = asked.page.read_text("utf-8")
        asked.page.write_text(BLOCK.sub(lambda old: old[1] + markdown(found) + old[2], page), "utf-8")
    return 0 if all(test != "" for _, test, _ in found) else 1


def _verdict(mutant, known):
    """The killer of a mutant as it is, and whether `sim verify` sees it; None where it is not known."""
    result = known.get(mutant.name, {})
    if result.get("key") != key_of(mutant):
        return None, None
    test = result["killer"]
    return test, test.startswith(THEOREMS) or result.get("verify")


if __name__ == "__main__":
    sys.exit(main())
