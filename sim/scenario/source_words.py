"""The source of a parameter in the language of a reader."""

import functools

from sim.base.messages import known


def source(text: str, lang: str) -> str:
    """The source of a number; a citation stays as published.

    >>> source("no source found", "zh"), source("Lin 2017", "zh")
    ('未找到来源', 'Lin 2017')
    """
    return _sources().get(text) or known(text, lang) if lang == "zh" else text


@functools.cache
def _sources() -> dict[str, str]:
    """English -> Chinese, of parameters that bring their own."""
    from sim import policies
    from sim.config.parameters import rows
    from sim.scenario import schema

    declared = [*rows(schema.build()), *(row for entry in policies.registry.entries() for row in rows(entry.schema))]
    return {row.source: row.source_zh for row in declared if row.source_zh}
