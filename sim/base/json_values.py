"""Values as JSON has them."""

import dataclasses
import math
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Nested containers with Python's own numbers, nan and infinities as None.

    >>> plain({"a": (np.int64(1), float("nan"))})
    {'a': [1, None]}
    """
    if dataclasses.is_dataclass(value):
        value = dataclasses.asdict(value)  # type: ignore[arg-type]  # a value, never the class itself
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
