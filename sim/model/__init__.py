"""The model: builds a world for an ensemble of runs, opens it, steps it quarter by quarter, records it."""
