"""Counts that all files of the room look at."""

import numpy as np
import pytest

from tests.oracles.metric_twins import dataset
from tests.samples.measured import RNG


@pytest.fixture(scope="package")
def sparse():
    """Small counts with empty cells, an empty site, an empty industry and an empty member."""
    counts = np.random.default_rng(RNG).poisson(1.2, (6, 7, 4))
    counts[1, 2], counts[2, :, 3], counts[3], counts[4, 1:] = 0, 0, 0, 0
    return dataset(counts)
