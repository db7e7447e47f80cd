"""Where an array of a kernel has the entry of a member, and a table the row of a class."""

from sim.kernels.numerics.compiler import inlined


@inlined
def own(member, length):
    """Index of a member in an axis that has an entry a member, or one for all."""
    return member if length > 1 else 0


@inlined
def row_of(status, industry, hq_type, hightech, industries, types):
    """Row of a class ((status, industry), type), high-tech."""
    return ((status * industries + industry) * types + hq_type) * 2 + hightech
