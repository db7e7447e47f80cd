"""What is simulated of a design, kept beside the page until it is written, so that a stopped command goes on.

A part is named after the digests of its scenarios, region, replicates and versions: whatever differs has another name.
"""

import contextlib
import dataclasses
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.base import files, plain_files, provenance, stored
from sim.base.errors import CorruptError
from sim.experiments.explorer.sample import Axes, Totals
from sim.scenario.load import Scenario


@dataclass(frozen=True)
class Parts:
    """The parts of a design in a folder that is made when the first comes."""

    folder: Path

    def name(self, scenarios: Sequence[Scenario], region: str, replicates: Sequence[int]) -> str:
        """Name of the part of scenarios and replicates; `region` is the digest of the region."""
        said = [[each.digest for each in scenarios], region, list(replicates), provenance.versions()]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]

    def read(self, name: str) -> list[Totals] | None:
        """The Totals of a part; None if there is none, or not as it was written."""
        try:
            with np.load(io.BytesIO(stored.content(self.folder / f"{name}.npz")), allow_pickle=False) as found:
                return [_totals(found, number) for number in range(int(found["number"]))]
        except (OSError, CorruptError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile):
            return None

    def write(self, name: str, every: Sequence[Totals]) -> None:
        """Keep the Totals of a part."""
        arrays = {"number": np.array(len(every))}
        for number, one in enumerate(every):
            axes = json.dumps(dataclasses.asdict(one.axes))
            arrays |= {f"{number}/axes": np.array(axes), f"{number}/accounts": one.accounts,
                       f"{number}/parts": one.parts,
                       **({} if one.quarterly is None else {f"{number}/quarterly": one.quarterly}),
                       **{f"{number}/cells/{measure}": cells for measure, cells in one.cells.items()}}
        held = io.BytesIO()
        np.savez_compressed(held, allow_pickle=False, **arrays)
        with files.writing(self.folder):
            plain_files.made(self.folder.parent, self.folder.name)
        files.write_bytes(self.folder / f"{name}.npz", held.getvalue())

    def clear(self) -> None:
        """Take the folder away."""
        with contextlib.suppress(OSError):
            shutil.rmtree(self.folder)


def _totals(found, number):
    axes = Axes(**{name: tuple(tuple(each) if name == "parts" else each for each in labels)
                   for name, labels in json.loads(str(found[f"{number}/axes"])).items()})
    prefix = f"{number}/cells/"
    measures = {name.removeprefix(prefix): found[name] for name in found.files if name.startswith(prefix)}
    quarterly = found[f"{number}/quarterly"] if f"{number}/quarterly" in found else None
    return Totals(axes, measures, found[f"{number}/accounts"], found[f"{number}/parts"], quarterly)
