"""What stands between the markers of the pages, a module a subject; `docs/generate.py` writes it there."""
