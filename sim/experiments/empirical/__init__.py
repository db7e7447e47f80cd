"""Beside what was observed: demographic targets, and series the base year was not solved for."""
