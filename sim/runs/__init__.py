"""Many members on many processors: plan, driver, engines, store, and the folder of a run."""
