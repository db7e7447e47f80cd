"""K6: a worker that is killed while it hands over 40 MB."""

import shutil
import subprocess
import sys
import time

from tests.reliability import watched

PATIENCE = 300.0               # seconds after which a program counts as hung, and 20 times what a result takes
CODE = """
import sys
sys.path[:0] = [{root!r}]
from tests.reliability import sendings
sendings.program({folder!r}, {pace!r})
"""


def large(packed, wait):
    """40 MB, for a worker that is killed about then."""
    time.sleep(wait)
    return bytes(40_000_000)


def program(folder, pace):
    """Large results that take `pace` seconds each, until four workers have died; ends when its engine is closed."""
    import random

    from sim.runs.process_pool import Lost, PoolEngine

    engine, lost, number = PoolEngine(2, large, b"", folder), 0, 0
    while lost < 4:
        number += 2
        engine.submit(number, 0.0)                           # a worker is ready when it has done this
        while not engine.finished(1.0):
            pass
        engine.submit(number + 1, pace)
        time.sleep(pace + random.uniform(-0.05, 0.1))
        for worker in watched.workers_of_this_process():
            worker.kill()
        while not (ended := engine.finished(1.0)):
            pass
        lost += isinstance(ended[0][1], Lost)
    engine.close()
    print("closed", flush=True)


def sendings(bench, number, paces):
    """Programs whose workers die while they hand over results, four each."""
    for pace in paces:
        wrong = sum(not _ends_in_a_new(bench.folder / f"large-{pace}-{k}", pace) for k in range(number // 4))
        bench.note("K6", f"a worker killed while it hands over 40 MB, after {pace} s of work: noticed, and the "
                   "program ends", number, wrong)


def _ends_in_a_new(folder, pace):
    folder.mkdir()
    ended = _ends(folder, pace)
    shutil.rmtree(folder)
    return ended


def _ends(folder, pace=watched.SHORT):
    """Whether a program heard of every death, ended and left nothing."""
    code = CODE.format(root=str(watched.TESTS.parent), folder=str(folder), pace=pace)
    patience = PATIENCE + 20.0 * pace
    try:
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return False
    return (ended.returncode, ended.stdout) == (0, "closed\n") and not list(folder.iterdir())
