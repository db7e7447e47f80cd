"""The reliability protocol of sweeps, a file for each line or two; tests/reliability_protocol.py runs it."""
