"""The base year: constants and costs of leaving at which expected flows are those that are given.

In the order of reading:
    chooser_lanes      choosers side by side, and the site each is expected to take
    expected_flows     their choices added up by site, and slopes of that
    equations          what flows should be
    first_constants    where a search begins
    constants_search   the search

Choices by chance are in `kernels.choice`.
"""
