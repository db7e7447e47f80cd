"""The reliability protocol of sweeps, a file for each line or two; `python -m tests.reliability` runs it."""
