"""How fast the live explorer answers in a headless Chromium: paint, estimate, first replicate, all, redraw; memory.

    python benchmarks/explorer.py [SCENARIO] [--replicates 20] [--drags 12] [--memory 500]

Every drag puts the first number of the policy at another place and waits until all replicates are there. Times are of
the page's own clock, from the drag to the drawn answer. The estimate needs a few combinations that are simulated
while nobody asks, so that the first drags may have none. The load is printed: where it is above the number of
processors the times are those of a busy machine; the processor time of this program, from its start until there is an
address and until the first replicate of the opened scenario is there (`--begin`), is the same on both. Memory is that
of the page after collecting what is not used, and of this process, before and after --memory drags that follow each
other at once.
"""

import argparse
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from sim.experiments.explorer import opening
from sim.report.explorer import serving
from sim.runs import progress
from tests.samples import browser

DONE = "window.explorer && explorer.live && explorer.live.done >= explorer.live.all && explorer.live.all > 0"
WATCH = """window.seen = []; {
  const take = explorer.live.take;
  explorer.live.take = async function (packed, number) {
    await take.call(this, packed, number);
    seen.push({at: performance.now(), members: packed.members, estimate: Boolean(packed.states), took: explorer.took});
  };
}"""
WARM = 30.0                    # seconds that combinations are given before the first drag


def begun(server):
    """Seconds of processor time of this program until now, and until the first replicate of the opened scenario."""
    address, kept = time.process_time(), server.session._kept[0]
    values = {one.name: one.value for one in kept.opened.controls}
    while not kept.sample(values):
        time.sleep(0.005)
    return address, time.process_time()


def opened(chromium, address):
    """(page, milliseconds to the first paint, seconds to the first replicate and to all)."""
    begun = time.perf_counter()
    page = chromium.page(address, width=1280, height=800)
    page.until("window.explorer && explorer.answer && explorer.answer.members >= 1")
    first = time.perf_counter() - begun
    page.until(DONE)
    paint = page.ask("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    return page, paint, first, time.perf_counter() - begun


def dragged(page, name, value):
    """Milliseconds to the estimate (None if there was none), to the first replicate, to all; the longest redraw."""
    page.ask(f"seen.length = 0; window.began = performance.now(); explorer.set('{name}', {value})")
    page.until(f"seen.length && {DONE} && explorer.answer.number === explorer.live.number")
    seen, began = page.ask("seen"), page.ask("began")
    estimate = next((one["at"] - began for one in seen if one["estimate"]), None)
    made = [one for one in seen if not one["estimate"]]
    return estimate, made[0]["at"] - began, made[-1]["at"] - began, max(one["took"] for one in seen)


def heap(page):
    """Megabytes in use by the page, and most ever of this process."""
    page.call("HeapProfiler.collectGarbage")
    page.call("Performance.enable")
    found = {one["name"]: one["value"] for one in page.call("Performance.getMetrics")["metrics"]}
    return found["JSHeapUsedSize"] / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def told(name, values):
    values = [one for one in values if one is not None]
    print(f"| {name} | {min(values):.0f} | {statistics.median(values):.0f} | {max(values):.0f} | {len(values)} |"
          if values else f"| {name} | – | – | – | 0 |")


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="scenarios/shanghai-ftz.toml")
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--drags", type=int, default=12)
    parser.add_argument("--memory", type=int, default=500)
    parser.add_argument("--begin", action="store_true", help="processor time until there is an answer, and no more")
    given = parser.parse_args()
    asked = opening.asked([given.scenario])
    number = next(one for one in asked.opened[0].controls if one.kind == "float")
    progress.compile_kernels(quiet=False)
    if given.begin:
        with serving.serving(asked, "en", replicates=given.replicates) as server:
            print("processor time from the start: address after {:.2f} s, first replicate after {:.2f} s".format(
                *begun(server)), flush=True)
        return
    subprocess.run([sys.executable, __file__, given.scenario, "--begin"], check=True)      # loads its own kernels
    with browser.running() as chromium, serving.serving(asked, "en", replicates=given.replicates) as server:
        page, paint, first, every = opened(chromium, server.address)
        page.ask(WATCH)
        time.sleep(WARM)
        places = [number.low + (number.high - number.low) * (k + 0.5) / given.drags for k in range(given.drags)]
        found = [dragged(page, number.name, place) for place in places]
        print(f"first paint {paint:.0f} ms; opened: first replicate {first:.1f} s, "
              f"{given.replicates} in {every:.1f} s; "
              f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
        print("| milliseconds after a drag | least | median | most | drags |\n| --- | --- | --- | --- | --- |")
        for name, values in zip(("estimate", "first replicate", f"{given.replicates} replicates", "longest redraw"),
                                zip(*found)):
            told(name, values)
        redraws = "Array.from({length: 100}, () => { explorer.redraw(); return explorer.took; })"
        told("redraw, one after the other", page.ask(redraws))
        before = heap(page)
        for k in range(given.memory):
            page.ask(f"explorer.set('{number.name}', {number.low + (number.high - number.low) * (k % 97) / 97})")
        page.until(DONE)
        after = heap(page)
        print(f"\nmemory, MB: page {before[0]:.1f} before, {after[0]:.1f} after {given.memory} drags; most of this "
              f"process {before[1]:.0f} and {after[1]:.0f}")


if __name__ == "__main__":
    main()
