"""The sections of a scenario that belong to no single term or instrument."""
