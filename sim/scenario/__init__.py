"""Scenario files: a file and what it extends, checked against one schema, every value traced."""
