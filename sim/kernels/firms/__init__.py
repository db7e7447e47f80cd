"""Enterprises: how they come into being, grow, found others, register and close."""
