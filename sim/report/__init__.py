"""Reports: one self-contained HTML page per run and per comparison, in English and in Chinese.

A page is a function of the finished folder alone (`results.nc`, the tables, `resolved.toml`, the
figures, `manifest.json`), so it can be drawn again years later. It needs no script and no network:
style, fonts and figures are inside, and its content security policy forbids everything else.
"""
