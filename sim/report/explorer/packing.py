"""Arrays of numbers as few bytes of text, which a browser unpacks without a library.

A number is a whole number of steps, one step a series, in 16 bits; along the last axis only differences are kept; low
bytes come before high bytes; then raw deflate and base64. What is not known is LEAST. Rounding is half a step at most.
"""

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = -32768, 32000


def packed(values: NDArray[np.float64], finest: float, level: int = 9) -> dict[str, Any]:
    """{shape, steps, data} of values (point, series, ..., along); `finest` is the smallest step."""
    steps = np.array([_step(values[:, k], finest) for k in range(values.shape[1])])
    scaled = values / steps.reshape(1, -1, *[1] * (values.ndim - 2))
    whole = np.where(np.isnan(scaled), LEAST, np.rint(np.nan_to_num(scaled))).astype(np.int64)
    different = np.diff(whole, axis=-1, prepend=0) & 0xFFFF
    planes = np.concatenate([(different & 0xFF).ravel(), (different >> 8).ravel()]).astype(np.uint8)
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    data = deflate.compress(planes.tobytes()) + deflate.flush()
    return {"shape": list(values.shape), "steps": steps.tolist(), "data": base64.b64encode(data).decode()}


def _step(series, finest):
    """The finest step, or as many times it that the largest value fits."""
    most = np.nanmax(np.abs(series), initial=0.0) if not np.isnan(series).all() else 0.0
    return float(finest * max(1.0, np.ceil(most / finest / MOST)))
