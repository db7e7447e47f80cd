"""What the program says in English elsewhere, in the language of a page: sources."""

import functools

from sim.base.word_tables import read


def source(text, lang):
    """The source of a number; a citation stays as published.

    >>> source("no source found", "zh"), source("Lin 2017", "zh")
    ('未找到来源', 'Lin 2017')
    """
    return _sources().get(text, text) if lang == "zh" else text


@functools.cache
def _sources():
    """English -> Chinese, those of registered entries included."""
    from sim import policies
    from sim.config.parameters import rows
    from sim.scenario import schema

    declared = [*rows(schema.build()), *(row for entry in policies.registry.entries() for row in rows(entry.schema))]
    return read("sources") | {row.source: row.source_zh for row in declared if row.source_zh}
