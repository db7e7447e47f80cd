"""Declared parameters and the TOML files that set them: read, layered, checked, each value with its place in a file."""
