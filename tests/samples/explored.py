"""Small explorers for tests: a policy on a made-up region, opened beside its baseline, and a page of its grid."""

import base64
import dataclasses
import zlib

import numpy as np

from sim.experiments.explorer import design, opening
from sim.report.explorer import page
from sim.report.explorer.packing import LEAST
from sim.runs.in_memory import ended
from tests.samples import comparisons

CONTROLS = ("policies.tax.rate=0.0,10.0,20.0", "policies.tax.start=2021-04-01,2022-04-01")
FAILING = """\
title = "Base"
region = "region"
[time]
end = 2035-12-31
[population]
candidates = 900
largest = 1e11
[growth]
drift = 1.0
"""


def files(folder, **more):
    """Paths of scenario files by name."""
    return comparisons.write_all(folder, **more)


def opened(folder, controls=CONTROLS, name="cut"):
    """The scenario with its controls, and no policy that costs time."""
    asked = opening.asked([str(files(folder)[name])], (), controls)
    return asked.opened[0]


def designed(folder, replicates=3):
    """The grid of CONTROLS with its held-out points, simulated."""
    return ended(design.run(opening.with_values(opened(folder)), replicates))


def page_of(made, folder, lang="en", missing=()):
    """A saved page of a design, some points of which may be taken out; its path."""
    samples = tuple(None if k in missing else one for k, one in enumerate(made.samples))
    path = folder / f"page.{lang}.html"
    asked = opening.Asked((made.opened.scenario.path,), (made.opened,))
    path.write_bytes(page.saved(dataclasses.replace(made, samples=samples), asked, lang))
    return path


def unpacked(block):
    """The values of a block, as the page reads them."""
    raw = np.frombuffer(zlib.decompress(base64.b64decode(block["data"]), -15), np.uint8).astype(np.int64)
    different = (raw[:len(raw) // 2] | raw[len(raw) // 2:] << 8).reshape(block["shape"])
    whole = ((np.cumsum(different, axis=-1) + 0x8000) & 0xFFFF) - 0x8000
    steps = np.array(block["steps"]).reshape(1, -1, *[1] * (whole.ndim - 2))
    return np.where(whole == LEAST, np.nan, whole * steps)
