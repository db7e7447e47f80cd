"""Fixed points of a scenario's mean-field map, stable or not, over a parameter."""
