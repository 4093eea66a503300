"""The Read me tab: five steps, what each tab is, and what the judgements rest on."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from kqi_workbook.making import theme
from kqi_workbook.making.sheet import A4, LAST_ROW, TITLE_HEIGHT, Making, fit, print_as
from kqi_workbook.making.tabs import TABS

SHEET = "Read me"
WIDTHS = (24, 125, 20)
HEADING_HEIGHT = 20  # points

STEPS = (
    (
        "1. Settings",
        "Write your council, the quarter (like Q4 2013-14) and your teams into Settings. Look "
        "through Measures: the limits for GOOD are yours to set.",
    ),
    (
        "2. Data",
        "Paste or type the quarter's rows into the data tabs, from Purple book to Reports, below "
        "the last row. Earlier months stay: the trends need them.",
    ),
    (
        "3. Words",
        "Write this quarter's points into Commentary and what is to be done into Actions, each "
        "with who and by when.",
    ),
    (
        "4. Refresh",
        "Press Refresh KQIs, or save, close, and run kqi refresh on this file. It fills in the "
        "Scorecard and the tabs beside it, and leaves your own tabs as they are.",
    ),
    (
        "5. Check, then share",
        "Put right what Checks names, and refresh again. Where you judge a KQI differently from "
        "what its measures propose, say so in Judgements with a reason, a name and a date.",
    ),
)

BASIS = (
    (
        "GOOD",
        "There is no national numeric definition of GOOD. The limits in Measures are a council's "
        "own, and each says where it comes from. Those marked 'Local default' are a starting "
        "point without a national source: agree your own before you share a scorecard.",
    ),
    (
        "RAG of a measure",
        "Green within the Green limits, else Amber within the Amber limits, else Red. A figure on "
        "a limit is within it. A figure is rated as it is shown, after rounding.",
    ),
    (
        "RAG of a KQI",
        "Red if a key measure is Red, or at least half of those rated are. Green if none is Red, "
        "every key measure is Green, and at least half are Green. Amber otherwise. Not rated if "
        "fewer than half could be rated.",
    ),
    (
        "Trend",
        "From 12 months of figures on: an XmR control chart of the last 24, by the rules of NHS "
        "England's Making Data Count. With fewer: this quarter against the last. Improving and "
        "Worsening mean better and worse, not up and down. A KQI follows its key measures; its "
        "trend line draws the first of them.",
    ),
    (
        "Team funnel",
        "A small team's percentage swings more by chance, so its limits are wider. Within the 95% "
        "limits a team may differ from the authority by chance alone. Chance puts 1 team in 20 "
        "outside them, and 1 in 500 outside the 99.8% limits. A team outside is a question, not a "
        "verdict: check its data first, then ask what it does differently, for better or worse.",
    ),
    (
        "Privacy",
        "References only: no names of children, parents or staff in the data tabs. Percentages of "
        "fewer than 10 answers, audits or groups are not shown.",
    ),
    (
        "Marks",
        "[x] not available, [z] not applicable, [c] confidential: too few to show.",
    ),
    (
        "Your own columns",
        "Add them to the data tabs as you like. Beside the By team grid leave a column free: the "
        "grid grows to the right with each team that Settings gains.",
    ),
)


ABOUT = "The quarterly scorecard of children's services: how to fill it, and what it rests on."


def add_read_me(making: Making) -> None:
    """The first sheet, which the workbook opens on."""
    sheet = making.book.add_worksheet(SHEET)
    print_as(sheet, A4)
    sheet.fit_to_pages(1, 1)
    sheet.hide_gridlines(2)
    title = "Children's Services Key Quality Indicators"
    sheet.write_formula(
        "A1", f'=Council_name&": {title}"', making.format("title"), f"{making.council}: {title}"
    )
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string("A2", ABOUT, making.format("about"))
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    row = _paragraphs(making, sheet, 3, "Five steps", STEPS)
    row = _paragraphs(making, sheet, row + 1, "What the judgements rest on", BASIS)
    _heading(making, sheet, row + 1, "The tabs")
    _tabs(making, sheet, row + 2)
    sheet.print_area(0, 0, LAST_ROW, len(WIDTHS) - 1)


def _paragraphs(
    making: Making, sheet: Worksheet, row: int, heading: str, texts: Sequence[tuple[str, str]]
) -> int:
    _heading(making, sheet, row, heading)
    for at, (label, text) in enumerate(texts, row + 1):
        sheet.write_string(at, 0, label, making.format("label"))
        sheet.write_string(at, 1, text, making.format("prose"))
        fit(sheet, at, [(text, "prose", WIDTHS[1])])
    return row + 1 + len(texts)


def _heading(making: Making, sheet: Worksheet, row: int, text: str) -> None:
    sheet.set_row(row, HEADING_HEIGHT)
    sheet.write_string(row, 0, text, making.format("heading"))


def _tabs(making: Making, sheet: Worksheet, row: int) -> None:
    columns = {"Tab": "plain link", "What it holds": "plain text", "Filled by": "plain text"}
    sheet.add_table(
        row,
        0,
        row + len(TABS),
        2,
        {
            "name": "Tabs",
            "columns": [
                {"header": name, "header_format": making.aligned("decided header", look)}
                for name, look in columns.items()
            ],
            "style": theme.TABLE_STYLE,
            "banded_rows": False,
            "autofilter": False,
        },
    )
    for at, tab in enumerate(TABS, row + 1):
        sheet.write_url(at, 0, f"internal:'{tab.name}'!A1", making.format("plain link"), tab.name)
        sheet.write_string(at, 1, tab.holds, making.format("plain text"))
        sheet.write_string(at, 2, tab.owner.value, making.format("plain text"))
