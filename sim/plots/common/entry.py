"""What all figures have in common once they are registered: a protocol, and the registry of those without more."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, cast

from sim.base.own_words import has_rings
from sim.base.registry import Registry

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Size = tuple[float, float]         # width and height in inches


class Entry(Protocol):
    """A registered figure: it draws its data on an empty Figure of its size."""

    name: str
    title: str
    title_zh: str
    titles: tuple[str, str]
    size: Size | Callable[[Any], Size]

    def __call__(self, data: Any, figure: "Figure", lang: str, /) -> None: ...


class OfComparison(Entry, Protocol):
    """A figure that is drawn where a comparison has the tables that it needs."""

    needs: Iterable[str]


class Figures(Registry[Entry]):
    """Figures by name."""

    def figure(self, name: str, *, title: str, title_zh: str, size: Size | Callable[[Any], Size],
               of_rings: bool = False, of_industries: bool = False) -> Callable[[Callable[..., None]], Entry]:
        """File a figure: its title in both languages, its size or how that follows from the data.

        One `of_rings` is not drawn of a region without rings, one `of_industries` not where there is only one.
        """
        return cast(Callable[[Callable[..., None]], Entry],
                    self.register(name, title=title, title_zh=title_zh, titles=(title, title_zh), size=size,
                                  of_rings=of_rings, of_industries=of_industries))

    def shown(self, lang: str) -> list[Entry]:
        """The entries that are drawn in a language with a region's words."""
        return [each for each in self.entries() if has_rings(lang) or not getattr(each, "of_rings", False)]
