"""Fields in commentary and actions: ``{Number of CP plans}`` shows that measure's figure.

A field is looked up by its name among the measures, and nothing else: it is never evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kqi_workbook.scorecard.model import Measure, Reading
from kqi_workbook.scorecard.nearest import plain
from kqi_workbook.scorecard.words import figure

_FIELD = re.compile(r"\{([^{}\n]+)\}")
_FIGURE = r"(?:-?\d[\d.,]*(?:%| per 10,000|(?: [^\s\d.,;:]+){0,3})|\[[xzc]\] [^\n]+?|\{[^{}\n]+\})"


def fill(text: str, figures: Mapping[str, str]) -> str:
    """Put each measure's figure, by the measure's name, in the place of its field.

    Case and surplus spaces in a name are forgiven. A field that names no measure stays as typed.

    >>> fill("Plans are down to { number of CP plans }.", {"Number of CP plans": "153 plans"})
    'Plans are down to 153 plans.'
    """
    if "{" not in text:
        return text
    known = {plain(name): shown for name, shown in figures.items()}
    return _FIELD.sub(lambda field: known.get(plain(field[1]), field[0]), text)


def fields(text: str) -> tuple[str, ...]:
    """The names of the fields in a text, as typed; in a filled text, those that name no measure."""
    return tuple(name.strip() for name in _FIELD.findall(text))


def filled(text: str) -> re.Pattern[str]:
    """What a text reads like with its fields filled, whatever the figures are.

    >>> bool(filled("Plans are down to {Number of CP plans}.").fullmatch("Plans are down to 9."))
    True
    """
    said = _FIELD.split(text)[::2]
    return re.compile(_FIGURE.join(map(re.escape, said)), re.IGNORECASE)


def as_field(measure: Measure, reading: Reading) -> str:
    """What a measure's field shows: its figure with its unit, or why there is none."""
    if reading.value is None:
        return reading.reason
    return figure(reading.value, measure.unit, measure.decimals)
