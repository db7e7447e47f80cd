"""Numbers as text: equal ones alike, whatever the order in which they were summed."""

DIGITS = 9                     # decimals behind which a difference is the rounding of sums


def decimals(value: float, digits: int = 1, sign: bool = False) -> str:
    """A number with so many decimals, thousands apart.

    A mean over twenty replicates often ends in a 5, which the error of a sum would round up in one place and down in
    another.

    >>> decimals(0.15 - 3.2), decimals(-3.05), decimals(1234.56, 0), decimals(2.0, 2, sign=True)
    ('-3.0', '-3.0', '1,235', '+2.00')
    """
    return f"{round(value, DIGITS) + 0.0:{'+' if sign else ''},.{digits}f}"
