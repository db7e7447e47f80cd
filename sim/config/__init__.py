"""Declared parameters and the TOML files that set them: read, layered, checked, and told where they stand."""
