"""How long `sim run`, `compare` and `sweep` take as they are typed, on all processors: on the wall and of processor.

    python benchmarks/commands.py another-checkout [--rounds 1] [--only compare]

A run of 100 replicates with pages in one language, a comparison of six scenarios x 100, a sweep of 40 points x 10 with
feedback in one replicate of ten. Both checkouts take turns; one round more goes before and is not counted, in which
kernels are compiled. Prints medians of the rounds and the ratio of this checkout to the other, and the load: where
other programs have the processors, only processor time says anything.
"""

import argparse
import os
import pathlib
import profile  # the one beside this file
import statistics
import tempfile

import start

SIX = [f"scenarios/{name}.toml" for name in ("baseline", "shanghai-ftz", "innovation-center", "dual-regime",
                                             "service-systems", "full-package")]
OUT = ("--quiet", "--out", "{folder}")


def commands(place):
    """[(what, arguments)]; the file of the sweep is written into a folder."""
    file = pathlib.Path(place, "sweep.toml")
    file.write_text(profile.SWEEP.format(scenarios=start.HERE / "scenarios", points=40), "utf-8")
    return [("run x 100", ("run", SIX[0], "--replicates", "100", "--lang", "en", *OUT)),
            ("compare six x 100", ("compare", *SIX, "--replicates", "100", "--lang", "en", *OUT)),
            ("sweep 40 x 10", ("sweep", str(file), *OUT))]


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="rows in whose name this stands")
    parser.add_argument("other", type=lambda path: pathlib.Path(path).resolve())
    asked = parser.parse_args()
    print("| command | wall before, now, s | ratio | processor before, now, s | ratio | load |\n"
          "| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place:
        for what, command in commands(place):
            if asked.only not in what:
                continue
            found = start.measured([asked.other, start.HERE], start.MAIN, command, asked.rounds)
            (wall, processor), (wall_now, processor_now) = ([statistics.median(column) for column in
                                                             zip(*each, strict=True)] for each in found)
            print(f"| {what} | {wall:.1f}, {wall_now:.1f} | {wall_now / wall:.2f} | {processor:.1f}, "
                  f"{processor_now:.1f} | {processor_now / processor:.2f} | {os.getloadavg()[0]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
