"""Sweeps: from a sweep file to a table of all its runs."""
