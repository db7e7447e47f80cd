"""Figures of a folder, put inside a page."""

from dataclasses import dataclass

from sim.report.render import data_uri

LARGEST = 700_000             # bytes of an SVG; a larger one goes in as PNG, to keep the page small


@dataclass(frozen=True)
class Picture:
    """A figure inside a page: its name, the words for those who cannot see it, its content."""

    name: str
    alt: str
    uri: str


def pictures(folder, entries, lang):
    """The figures of registered plots that the folder has, in the order given.

    An image is inert: a browser runs no script and loads nothing on its behalf.
    """
    paths = {entry: folder / f"{entry.name}.{lang}.svg" for entry in entries}
    return [Picture(entry.name, entry.title_zh if lang == "zh" else entry.title, _uri(path))
            for entry, path in paths.items() if path.exists()]


def _uri(path):
    drawing, image = path.read_bytes(), path.with_suffix(".png")
    if len(drawing) > LARGEST and image.exists():
        return data_uri("image/png", image.read_bytes())
    return data_uri("image/svg+xml", drawing)
