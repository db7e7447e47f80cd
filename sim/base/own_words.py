"""What a region says of itself on pages and figures, and the neutral words for regions that say nothing.

The words stand in [words] of region.toml and go with the results. A `Language` is "en" or "zh" with such
words in it: wherever texts are asked for by language, they come out in the region's own.
"""

import json
from collections.abc import Mapping
from typing import Any

from sim.base.messages import _, translate

TEXTS = {                      # key: neutral words
    "zone": _("the zone"),
    "towns": _("the towns"),
    "origin": _("the centre"),                   # from which distances are told
    "rings": "",               # after whom places are put into rings
    "note": "",                # of its authors, at the foot of a page
}
COUNTED = "counted"            # true in the words of a region that has a count for each place, which no run allocates
RINGLESS = "ringless"          # true in the words of a region without rings: its zone is one, and all else is outside
OF_COUNTS = {                  # key: words where district totals are allocated to towns, and where places are counted
    "opening": (_("Initial counts by town are allocated from district totals, not observed."),
                _("Initial counts by place are those of the region’s tables.")),
    "causes": (_("randomness and the allocation to towns"), _("randomness")),
    "unseen": (_("Headquarters by town: district totals are spread over towns at random, anew in each run."), ""),
}
OF_RINGS = {                   # key: words where places are in rings, and where they are not
    "by_ring": (_(" by ring"), ""),
}
LISTS = ("caveats",)           # what nobody has observed in this region
ENGLISH = ("zone",)            # keys without an English text of a region's own: sentences say "the zone"


class Language(str):
    """The code of a language with a region's own words; equal to the code alone."""

    words: dict[str, Any]

    def __new__(cls, code: str, words: dict[str, Any]) -> "Language":
        made = super().__new__(cls, code)
        made.words = words
        return made


def keys() -> list[str]:
    """The keys of [words]; an ending tells the Chinese ones."""
    every = [*TEXTS, *LISTS]
    return [name for key in every for name in (key, f"{key}_zh") if name not in ENGLISH]


def spoken(lang: str, attributes: Mapping[Any, Any]) -> Language:
    """The language with the words that a dataset's attributes bring along."""
    try:
        words = json.loads(attributes.get("words") or "{}")
    except ValueError:
        words = {}
    return Language(lang, words if isinstance(words, dict) else {})


def own(lang: str, key: str) -> Any:
    """The region's text for a key, or the neutral one; for a key of LISTS its texts.

    >>> own(Language("zh", {"zone_zh": "示范区"}), "zone"), own("zh", "zone"), own("en", "caveats")
    ('示范区', '片区', [])
    >>> own("en", "causes"), own(Language("en", {"counted": True}), "causes")
    ('randomness and the allocation to towns', 'randomness')
    """
    words = getattr(lang, "words", {})
    if key in OF_COUNTS:
        return translate(OF_COUNTS[key][bool(words.get(COUNTED))], lang)
    if key in OF_RINGS:
        return translate(OF_RINGS[key][not has_rings(lang)], lang)
    found = words.get(f"{key}_zh" if lang == "zh" else key)
    if key in LISTS:
        return found or []
    return found or translate(TEXTS[key], lang)


def has_rings(lang: str) -> bool:
    """Whether the region whose words a language has puts its places into rings; so does the neutral one."""
    return not getattr(lang, "words", {}).get(RINGLESS)


def fill(text: str, lang: str, /, **parts: object) -> str:
    """A text with its {parts} filled in; {zone}, {towns}, {origin}, {rings} and those of OF_COUNTS and OF_RINGS are
    the region's.

    >>> fill("{zone}：{n} 家", "zh", n=3)
    '片区：3 家'
    """
    after = own(lang, "rings")
    return text.format(**{key: own(lang, key) for key in ("zone", "towns", "origin", *OF_COUNTS, *OF_RINGS)},
                       rings=translate(_("; "), lang) + after if after else "", **parts)
