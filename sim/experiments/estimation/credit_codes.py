"""Unified social credit codes of China's enterprises (GB 32100-2015).

Eighteen characters: authority, kind, six digits of the division where the enterprise was first registered (GB/T 2260),
nine of the organisation, and one that checks: 31 - (sum of value x 3^place) mod 31.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"          # I, O, S, V, Z look like others and are not used
LENGTH = 18
_WEIGHTS = np.array([pow(3, place, 31) for place in range(LENGTH - 1)])
_VALUE = np.full(128, -1)
_VALUE[[ord(letter) for letter in LETTERS]] = np.arange(31)


def valid(codes: Iterable[str]) -> NDArray[np.bool_]:
    """(code,) whether each is a code with the right check character; lower case counts as upper.

    >>> valid(["91310115MA1K3LWX0R", "91110000600037341L", "91110000600037341M"])
    array([False,  True, False])
    """
    texts = [code.strip().upper() for code in codes]
    right = np.array([len(text) == LENGTH and text.isascii() for text in texts], bool)
    found = np.zeros(len(texts), bool)
    if not right.any():
        return found
    letters = "".join(text for text, fits in zip(texts, right) if fits).encode("ascii")
    values = _VALUE[np.frombuffer(letters, np.uint8)].reshape(-1, LENGTH)
    check = (31 - (values[:, :-1] * _WEIGHTS).sum(axis=1) % 31) % 31
    digits = values[:, 2:8] < 10
    found[right] = (values >= 0).all(axis=1) & digits.all(axis=1) & (check == values[:, -1])
    return found


def division(code: str) -> str:
    """The six digits of the division of first registration.

    >>> division("91110000600037341L")
    '110000'
    """
    return code.strip()[2:8]
