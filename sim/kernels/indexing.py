"""Where an array of a kernel has the entry of a member, and a table the row of a class."""

from sim.kernels.numerics.compiler import pasted


@pasted
def own(array, m):
    """What an array (member, ...) has for member m, in its own entry or in the one for all."""
    return array[m * (array.shape[0] > 1)]


@pasted
def row_of(status, industry, hq_type, hightech, industries, types):
    """Row of a class ((status, industry), type), high-tech."""
    return ((status * industries + industry) * types + hq_type) * 2 + hightech
