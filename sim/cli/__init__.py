"""The command `sim`: every file of this folder is one command, imported when it is used."""

from sim.cli._group import group, main

__all__ = ["group", "main"]
