"""How figures and benchmarks are worded, wherever the scorecard speaks of them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

from kqi_workbook.scorecard.model import GoodIs, Limits

PERCENT = "%"

_ALL_DIGITS = Context(prec=400)  # a float's digits before the point, and some behind it

# Marks for a figure that is not there, from the government's guidance on symbols in tables.
NOT_AVAILABLE, NOT_APPLICABLE, CONFIDENTIAL = "[x]", "[z]", "[c]"


_MEASURED = frozenset("day days week weeks month months year years hour hours".split())
_ONE = {"children": "child", "families": "family", "people": "person"}


def shown(value: float, decimals: int) -> float:
    """Round a value to the decimals that the sheet shows: the one place of rounding.

    Halves go away from zero, as Excel shows them, and are judged on ``exact`` values:

    >>> shown(84.05, 1), shown(1.005 * 100, 0)
    (84.1, 101.0)
    """
    step = Decimal(1).scaleb(-decimals)
    return float(exact(value).quantize(step, ROUND_HALF_UP, _ALL_DIGITS)) + 0.0


def exact(value: float) -> Decimal:
    """A value in Excel's 15 significant digits.

    Neither binary fractions nor the noise of a division move a figure then, or a comparison.
    """
    return Decimal(f"{value:.15g}")


def figure(value: float, unit: str, decimals: int) -> str:
    """A value as people write it: ``84.1%``, ``153 plans``, ``1 plan``, ``42.1 per 10,000``."""
    return _with_unit(f"{shown(value, decimals):,.{decimals}f}", unit)


def counted(count: int, one: str, many: str = "") -> str:
    """How many there are: ``12 case audits``, ``1 child``. The plural is ``one`` + s by default."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def good(limits: Limits, unit: str) -> str:
    """What GOOD is: ``90% or more``, ``5 plans or fewer``, ``10% to 15%``; '' if there is none.

    Limits are written as the council wrote them (90%, not 90.0%).
    """
    low, high = limits.green.low, limits.green.high
    if limits.good_is is GoodIs.NOT_JUDGED:
        return ""
    if low is not None and high is not None:
        start = _number(low) + (PERCENT if unit == PERCENT else "")
        end = _with_unit(_number(high), unit)
        return end if low == high else f"{start} to {end}"
    if low is not None:
        return f"{_with_unit(_number(low), unit)} or more"
    if high is not None:
        return f"{_with_unit(_number(high), unit)} or {'fewer' if _is_counted(unit) else 'less'}"
    return ""


def _number(limit: float) -> str:
    return f"{limit:,.12g}"


def _with_unit(number: str, unit: str) -> str:
    if unit == PERCENT:
        return number + PERCENT
    return f"{number} {_singular(unit) if number == '1' else unit}".rstrip()


def _singular(unit: str) -> str:
    before, space, last = unit.rpartition(" ")
    one = last[:-1] if last.endswith("s") and not last.endswith("ss") else last
    return before + space + _ONE.get(last, one)


def _is_counted(unit: str) -> bool:
    """Plans are counted (fewer); percentages, rates and spans of time are measured (less)."""
    last = unit.rpartition(" ")[2].lower()
    return last not in _MEASURED and last[-1:].isalpha()
