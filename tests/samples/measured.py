"""Cluster metrics by their names, for tests of them."""

import numpy as np

from sim import metrics

RNG = 20_240_607


def metric(name, dataset, **options):
    return metrics.registry.get(name)(dataset, **options)


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
