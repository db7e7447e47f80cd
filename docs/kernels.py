"""Write sim/data/kernels.json: the kernels that runs call, and with arguments of which types. Takes a minute or two.

    python docs/kernels.py

Run it after a change of what a kernel is given. Short runs of scenarios that differ in what they call are made in this
process, with nothing compiled before, and each kernel that Python calls is noted with the time that its compilation
took.
"""

import itertools
import multiprocessing
import os
import pathlib
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

ROOT = pathlib.Path(__file__).parents[1]
SCENARIOS = ("baseline", "full-package", "alliances")
SHORT = {"time.end": "2021-12-31", "population.candidates": 1500}
FILE = ROOT / "sim" / "data" / "kernels.json"


def noted(scenarios: Sequence[str] = SCENARIOS) -> list[tuple[str, Any, float]]:
    """[(module:function, types of the arguments, seconds)] of the kernels that runs call, in the order of the calls."""
    from numba.core.dispatcher import Dispatcher

    found: list[tuple[str, Any, float]] = []
    original = Dispatcher._compile_for_args

    def compile_for_args(kernel: Any, *given: Any, **named: Any) -> Any:
        """What a dispatcher calls when Python gives it arguments of types that it has no code for."""
        begun = time.thread_time()
        types = tuple(kernel.typeof_pyval(each) for each in given)
        try:
            return original(kernel, *given, **named)
        finally:
            found.append((f"{kernel.py_func.__module__}:{kernel.py_func.__qualname__}", types,
                          time.thread_time() - begun))

    Dispatcher._compile_for_args = compile_for_args
    try:
        _run(scenarios)
    finally:
        Dispatcher._compile_for_args = original
    return [each for each in found if each[0].startswith("sim.")]


def _run(scenarios: Sequence[str]) -> None:
    """Simulate the scenarios, a few quarters each, nothing drawn."""
    from sim.model.ensemble import members_of
    from sim.model.preflight.validation import region_of
    from sim.model.simulate import simulate
    from sim.scenario.load import load

    settings = [f"{key}={value}" for key, value in SHORT.items()]
    for name, members in itertools.product(scenarios, (1, 2)):
        scenario = load(str(ROOT / "scenarios" / f"{name}.toml"), settings)
        simulate(region_of(scenario), members_of(scenario, range(members)))


def _found_compiled(called: Sequence[tuple[str, Any, float]]) -> list[tuple[str, Any, float]]:
    """What a second process calls too: kernels that this one had compiled as parts of others before it called them."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        again = process.submit(noted).result()
    known = {(name, str(types)) for name, types, _ in called}
    return [(name, types, seconds) for name, types, seconds in again if (name, str(types)) not in known]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        os.environ["NUMBA_CACHE_DIR"] = empty
        sys.path.insert(0, str(ROOT))
        from sim.runs import kernel_signatures

        called = noted()
        called += _found_compiled(called)
        FILE.write_text(kernel_signatures.text_of(called), encoding="utf-8")
        print(f"{FILE}: {len(kernel_signatures.read()[1])} kernels")
