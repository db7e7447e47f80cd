"""Back-tests: forecasts from what was known at a date, written down, then scored by what came, beside rivals."""
