"""Naive twins of keys and draws, in Python's own numbers."""

import math

MASK = (1 << 64) - 1


def mix(x):
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def combine(key, value):
    return mix(int(key) ^ mix((int(value) + 0x9E3779B97F4A7C15) & MASK))


def unit(bits):
    """The middle of one of 2^52 equal steps of (0, 1)."""
    return (2 * (bits >> 12) + 1) / 2 ** 53


def draw(key, value):
    return unit(mix((int(key) + int(value)) & MASK))


def own(values, m):
    """A member's entry where there is one a member, the common one otherwise."""
    return values[m] if len(values) > 1 else values[0]


def log_stable(key, index):
    angle = math.pi * unit(key)
    exponential = -math.log(unit(mix(key)))
    first = math.sin(index * angle) / math.sin(angle) ** (1 / index)
    return math.log(first * (math.sin((1 - index) * angle) / exponential) ** ((1 - index) / index))


def error(key, j, m, nests, keys):
    """l (e + ln Z) of one alternative; a nest of one site has a plain Gumbel error."""
    nest = nests.of_site[j]
    length = own(nests.dissimilarity, m)[nest] if nests.size[nest] > 1 else 1.0
    gumbel = -math.log(-math.log(draw(key, keys.site[j])))
    if length == 1:
        return gumbel
    return length * (gumbel + log_stable(mix((key + int(keys.nest[nest])) & MASK), length))


def errors(key, m, nests, keys):
    return [error(key, j, m, nests, keys) for j in range(len(nests.of_site))]
