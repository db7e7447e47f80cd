"""K6: a worker that is killed while it hands over 40 MB."""

import shutil
import subprocess
import sys
import time

from tests.reliability import watched

PATIENCE = 60.0                # seconds after which a program counts as hung
CODE = """
import sys
sys.path[:0] = [{root!r}]
from tests.reliability import sendings
sendings.program({folder!r})
"""


def large(packed, wait):
    """40 MB, for a worker that is killed about then."""
    time.sleep(wait)
    return bytes(40_000_000)


def program(folder):
    """One large result after another, until four workers have died; ends when its engine is closed."""
    import random

    from sim.runs.process_pool import Lost, PoolEngine

    engine, lost, number = PoolEngine(2, large, b"", folder), 0, 0
    engine.submit(0, 0.0)
    while not engine.finished(1.0):
        pass
    while lost < 4:
        number += 1
        engine.submit(number, 0.1)
        time.sleep(random.uniform(0.05, 0.2))
        for worker in watched.workers_of_this_process():
            worker.kill()
        while not (ended := engine.finished(1.0)):
            pass
        lost += isinstance(ended[0][1], Lost)
    engine.close()
    print("closed", flush=True)


def sendings(bench, number):
    """Programs whose workers die while they hand over results, four each."""
    wrong = 0
    for k in range(number // 4):
        folder = bench.folder / f"large-{k}"
        folder.mkdir()
        wrong += not _ends(folder)
        shutil.rmtree(folder)
    bench.note("K6", "a worker killed while it hands over 40 MB: noticed, and the program ends", number, wrong)


def _ends(folder):
    """Whether a program heard of every death, ended and left nothing."""
    code = CODE.format(root=str(watched.TESTS.parent), folder=str(folder))
    try:
        ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return False
    return (ended.returncode, ended.stdout) == (0, "closed\n") and not list(folder.iterdir())
