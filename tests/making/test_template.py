"""The template: what it holds, and each rule of how it looks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

import kqi_workbook
from kqi_workbook import layout
from kqi_workbook.layout import Column, Kind, Table
from kqi_workbook.making import theme
from kqi_workbook.making.defaults import calculations, definitions
from kqi_workbook.making.pages import GRID_TEAMS
from kqi_workbook.making.read_me import STEPS
from kqi_workbook.making.tabs import BY_NAME, REMARKS, TABS, Owner
from kqi_workbook.making.template import CALCULATIONS, Filling, make_workbook, template
from kqi_workbook.pages.marks import RAG_FILLS
from kqi_workbook.pages.trends import COLUMNS as TRENDS_COLUMNS
from kqi_workbook.scorecard.marks import SPECIAL
from kqi_workbook.scorecard.model import RAG, Severity
from tests.conftest import Validator
from tests.making.made import (
    SPACES,
    TEMPLATE,
    found,
    made_template,
    opened,
    parts,
    sheet_xml,
    sheets,
)
from tests.support.libreoffice import LibreOffice

HEADER_ROW, LAST_ROW = 4, 1_048_576
STAFF_TABLES = (*layout.DATA_TABLES, *layout.WORD_TABLES, *layout.DEFINITION_TABLES)
SHEETS = [pytest.param(sheet, id=sheet.title) for sheet in sheets() if isinstance(sheet, Worksheet)]
TABLE_SHEETS = [param for param in SHEETS if param.id not in ("Read me", "By team", "Trends")]


def text_of(sheet: Worksheet, cell: str) -> str:
    return str(sheet[cell].value or "")


# ---- what is there


def test_the_committed_template_is_what_the_script_makes() -> None:
    """Run `python -m kqi_workbook.making` when this fails, and look at the pages again."""
    assert parts(TEMPLATE.read_bytes()) == parts(made_template())


def test_two_builds_are_equal_to_the_byte() -> None:
    assert make_workbook(template()) == made_template()


def test_the_validator_finds_no_fault(validator: Validator) -> None:
    assert validator(TEMPLATE) == []


def test_the_tabs_stand_in_the_order_of_the_read_me() -> None:
    assert [sheet.title for sheet in sheets()] == ["Read me", *(tab.name for tab in TABS)]


@pytest.mark.parametrize("table", [*layout.TABLES.values(), CALCULATIONS], ids=lambda t: t.name)
def test_every_table_of_the_contract_is_there(table: Table) -> None:
    sheet = opened(made_template())[table.sheet]
    names = [column.name for column in sheet.tables[table.name].tableColumns]
    assert [name for name in names if name != "Trend line"] == [c.name for c in table.columns]


@pytest.mark.parametrize("name", list(layout.Name), ids=lambda name: name.value)
def test_every_named_area_of_the_contract_is_there(name: layout.Name) -> None:
    assert name.value in opened(made_template()).defined_names


def test_the_calculations_tab_lists_every_calculation() -> None:
    rows = opened(made_template())["Calculations"].iter_rows(min_row=5, values_only=True)
    assert tuple(rows) == calculations()


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> kqi_workbook.Refreshed:
    path = tmp_path_factory.mktemp("template") / "new.xlsx"
    path.write_bytes(made_template())
    return kqi_workbook.refresh(path)


def test_an_empty_workbook_refreshes_to_not_rated_with_reasons(
    refreshed: kqi_workbook.Refreshed,
) -> None:
    assert [row.rag for row in refreshed.scorecard.rows] == [RAG.NOT_RATED] * 7
    assert all(result.now.reason for result in refreshed.scorecard.measures)


def test_an_empty_workbook_lacks_data_and_words_and_nothing_else(
    refreshed: kqi_workbook.Refreshed,
) -> None:
    """No definition is refused, no blank row is taken for one that cannot be read."""
    codes = {finding.code for finding in refreshed.findings}
    assert codes == {"no-data", "no-evidence", "no-commentary", "no-action"}


def test_the_rules_of_the_template_are_those_that_a_refresh_lays(
    refreshed: kqi_workbook.Refreshed,
) -> None:
    assert refreshed.written is not None
    assert refreshed.written.mended == ()


def test_every_measure_that_is_judged_has_limits_and_a_source() -> None:
    names = [column.name for column in layout.MEASURES.columns]
    for row in definitions()["Measures"]:
        measure = dict(zip(names, row, strict=True))
        limits = [measure[n] for n in ("Green from", "Green to", "Amber from", "Amber to")]
        assert (measure["Good is"] == "Not judged") == (limits == [None] * 4)
        assert measure["Benchmark source"]
        assert measure["Definition"]


def test_every_kqi_has_a_key_measure_and_evidence() -> None:
    tables = definitions()
    for kqi, *_ in tables["KQIs"]:
        assert any(row[0] == kqi and row[12] == "Yes" for row in tables["Measures"])
        assert any(row[0] == kqi for row in tables["Evidence"])


# ---- how it looks: the rules of the page on looks, by their number


@pytest.mark.parametrize("sheet", SHEETS)
def test_1_a_sheet_says_what_it_is_and_what_is_here(sheet: Worksheet) -> None:
    assert "council" in text_of(sheet, "A1").casefold()
    assert text_of(sheet, "A2")


@pytest.mark.parametrize("sheet", TABLE_SHEETS)
def test_1_one_table_a_sheet_hard_against_column_a(sheet: Worksheet) -> None:
    (table,) = sheet.tables.values()
    assert re.match(rf"A{HEADER_ROW}:", table.ref)


@pytest.mark.parametrize("sheet", SHEETS)
def test_2_headers_are_unique_and_nothing_is_merged(sheet: Worksheet) -> None:
    for table in sheet.tables.values():
        names = [column.name.casefold() for column in table.tableColumns]
        assert len(names) == len(set(names))
    assert not sheet.merged_cells.ranges


def test_3_the_trend_is_a_word_beside_the_arrow() -> None:
    scorecard = opened(made_template())["Scorecard"]
    assert scorecard["G5"].number_format == '"Improving";"Worsening";"Steady"'
    icons = found(sheet_xml("Scorecard"), ".//m:iconSet[@iconSet='3Arrows']/m:cfvo")
    assert [icon.get("val") for icon in icons[1:]] == ["0", "1"]


def test_3_the_fills_go_by_the_letter_in_the_cell() -> None:
    rules = found(sheet_xml("Scorecard"), ".//m:cfRule[@type='expression']/m:formula")
    assert {rule.text for rule in rules} == {
        f'LEFT({column}5,1)="{letter}"' for column in "FKLMNOPQR" for letter in "RAG"
    }


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(colour: str, other: str) -> float:
    dark, light = sorted(map(luminance, (colour, other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "fill"),
    [
        *((theme.BLACK, f"#{fill.colour}") for fill in (*RAG_FILLS, *theme.SEVERITY_FILLS)),
        (theme.WHITE, theme.NAVY),
        (theme.BLACK, theme.SKY),
        (theme.BLACK, theme.SAND),
        (theme.QUIET, theme.WHITE),
    ],
)
def test_4_text_stands_out_from_its_fill(text: str, fill: str) -> None:
    assert contrast(text, fill) >= 7  # WCAG 2, AAA


@pytest.mark.parametrize("sheet", SHEETS)
def test_5_text_is_arial_of_12_points_or_more(sheet: Worksheet) -> None:
    fonts = {(cell.font.name, cell.font.sz) for row in sheet.iter_rows() for cell in row}
    assert {name for name, _ in fonts} == {"Arial"}
    assert min(float(size) for _, size in fonts) >= 12


@pytest.mark.parametrize("sheet", TABLE_SHEETS)
def test_5_text_stands_left_and_numbers_right(sheet: Worksheet) -> None:
    """What is picked or numbered for its own sake, such as a KQI, stands in the middle."""
    header = [cell.value for cell in sheet[HEADER_ROW]]
    for row in sheet.iter_rows(min_row=HEADER_ROW + 1):
        for name, cell in zip(header, row, strict=True):
            if cell.data_type == "s":
                assert cell.alignment.horizontal in ("left", "center")
            elif cell.data_type == "n" and cell.value is not None and sheet.title != "Settings":
                assert cell.alignment.horizontal == ("center" if name == "KQI" else "right")


@pytest.mark.parametrize("sheet", SHEETS)
def test_6_no_cell_says_na_or_a_dash(sheet: Worksheet) -> None:
    shown = {str(cell.value).strip() for row in sheet.iter_rows() for cell in row}
    assert shown.isdisjoint({"NA", "N/A", "-", "–", "n/a"})


def test_7_the_document_has_title_author_and_language() -> None:
    core = etree.fromstring(parts(made_template())["docProps/core.xml"])
    for name in ("title", "creator", "language"):
        (element,) = found(core, f"dc:{name}")
        assert element.text
    assert element.text == "en-GB"


@pytest.mark.parametrize("sheet", SHEETS)
def test_7_it_opens_on_the_first_sheet_at_a1_and_full_size(sheet: Worksheet) -> None:
    book = opened(made_template())
    assert book.active is book.worksheets[0]
    assert sheet.sheet_view.zoomScale in (None, 100)
    if sheet is book.worksheets[0]:
        assert [one.activeCell for one in sheet.sheet_view.selection] == ["A1"]


@pytest.mark.parametrize("sheet", SHEETS)
def test_8_no_sheet_row_or_column_is_hidden(sheet: Worksheet) -> None:
    assert sheet.sheet_state == "visible"
    assert not any(row.hidden for row in sheet.row_dimensions.values())
    assert not any(column.hidden for column in sheet.column_dimensions.values())


@pytest.mark.parametrize("sheet", [param for param in SHEETS if param.id != "Read me"])
def test_9_panes_are_frozen_below_the_header(sheet: Worksheet) -> None:
    assert str(sheet.freeze_panes).endswith(str(HEADER_ROW + 1))


@pytest.mark.parametrize("table", STAFF_TABLES, ids=lambda table: table.name)
def test_9_data_tabs_have_filters(table: Table) -> None:
    made = opened(made_template())[table.sheet].tables[table.name]
    assert made.autoFilter is not None


FILLED_BY_STAFF = [
    pytest.param(table, at, column, id=f"{table.name}, {column.name}")
    for table in STAFF_TABLES
    for at, column in enumerate(table.columns)
    if (table, column.name) != (layout.SETTINGS, "Value")
]


@pytest.mark.parametrize(("table", "at", "column"), FILLED_BY_STAFF)
def test_9_every_column_that_staff_fill_says_what_belongs_there(
    table: Table, at: int, column: Column
) -> None:
    letter = chr(ord("A") + at)
    rule = validation(table, f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}")
    assert rule.get("promptTitle") == column.name[:32]
    assert rule.get("prompt")


@pytest.mark.parametrize(("table", "at", "column"), FILLED_BY_STAFF)
def test_9_fixed_lists_are_drop_downs_and_dates_and_numbers_are_checked(
    table: Table, at: int, column: Column
) -> None:
    letter = chr(ord("A") + at)
    kind = validation(table, f"{letter}{HEADER_ROW + 1}:{letter}{LAST_ROW}").get("type")
    if column.choices or column.refers or column.kind is Kind.YES_NO:
        assert kind == "list"
    elif column.kind is Kind.QUARTER:
        assert kind == "custom"
    elif column.kind in (Kind.DATE, Kind.MONTH):
        assert kind == "date"
    elif column.kind is Kind.NUMBER:
        assert kind == "decimal"
    elif column.kind is Kind.WHOLE:
        assert kind == "whole"


def test_9_every_error_message_is_kind() -> None:
    for sheet in sheets():
        for rule in found(sheet_xml(sheet.title), ".//m:dataValidation[@showErrorMessage='1']"):
            if rule.get("type"):
                assert rule.get("errorTitle")
                assert re.search("Please|[Kk]eep", rule.get("error", ""))


def validation(table: Table, area: str) -> etree._Element:
    path = f".//m:dataValidation[@sqref='{area}']"
    (rule,) = found(sheet_xml(table.sheet), path)
    return rule


TYPED = [
    ("Purple book", "A3000", "2014-03-31", True),
    ("Purple book", "A3000", "soon", False),
    ("Purple book", "B3000", "A&A", True),
    ("Purple book", "B3000", "Nowhere", False),
    ("Purple book", "C3000", "CP visits on time", True),
    ("Purple book", "C3000", "CP visits", False),
    ("Purple book", "D3000", "12.5", True),
    ("Purple book", "D3000", "-1", False),
    ("Audits", "B3000", "External audit", True),
    ("Audits", "B3000", "My audit", False),
    ("Audits", "E3000", "7", True),
    ("Audits", "E3000", "8", False),
    ("Audits", "F3000", "Requires improvement", True),
    ("Audits", "F3000", "OK", False),
    ("Core groups", "C3000", "Yes", True),
    ("Core groups", "C3000", "maybe", False),
    ("Commentary", "A3000", "Q1 2014-15", True),
    ("Commentary", "A3000", "Q5 2014-15", False),
    ("Commentary", "A3000", "Q1 2014-16", False),
    ("Commentary", "A3000", "spring", False),
    ("Actions", "F3000", "Done", True),
    ("Actions", "F3000", "nearly", False),
    ("Judgements", "C3000", "Red", True),
    ("Judgements", "C3000", "Purple", False),
    ("Evidence", "D3000", "Core groups", True),
    ("Evidence", "D3000", "Groups", False),
    ("Measures", "D3000", "Held by the due date", True),
    ("Measures", "D3000", "Sums", False),
    ("Settings", "B13", "36000", True),
    ("Settings", "B13", "many", False),
]


def test_9_libreoffice_takes_what_fits_and_marks_what_does_not(libreoffice: LibreOffice) -> None:
    """Far below the tables too, from lists that stand on other tabs."""
    asked = {"file": str(TEMPLATE), "entries": [entry[:3] for entry in TYPED]}
    script = Path(__file__).with_name("uno_validity.py")
    answer = json.loads(libreoffice.run_script(script, json.dumps(asked)))
    assert dict(zip(TYPED, answer["entries"], strict=True)) == {one: one[3] for one in TYPED}


@pytest.mark.parametrize("sheet", SHEETS)
def test_10_a_sheet_prints_landscape_with_file_date_and_page(sheet: Worksheet) -> None:
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth in (None, 1)
    footer = found(sheet_xml(sheet.title), ".//m:oddFooter")[0].text or ""
    assert {"&F", "&D", "&P"} <= set(re.findall("&[A-Z]", footer))


def test_10_every_sheet_has_a_print_area() -> None:
    book = etree.fromstring(parts(made_template())["xl/workbook.xml"])
    names = found(book, ".//m:definedName[@name='_xlnm.Print_Area']")
    assert len(names) == len(sheets())


def test_10_the_scorecard_prints_on_one_a3_page_without_what_is_behind_its_trend_lines() -> None:
    setup = found(sheet_xml("Scorecard"), "m:pageSetup")[0]
    assert (setup.get("paperSize"), setup.get("fitToHeight")) == ("8", None)  # A3, one page
    book = etree.fromstring(parts(made_template())["xl/workbook.xml"])
    areas = [name.text for name in found(book, ".//m:definedName[@name='_xlnm.Print_Area']")]
    assert "Scorecard!$A:$R" in areas
    titles = [name.text for name in found(book, ".//m:definedName[@name='_xlnm.Print_Titles']")]
    assert f"Scorecard!${HEADER_ROW}:${HEADER_ROW}" in titles


def test_10_an_empty_workbook_prints_a_page_a_sheet(
    libreoffice: LibreOffice, tmp_path: Path
) -> None:
    pages = libreoffice.render_png(TEMPLATE, tmp_path, dpi=20, most_pages=60)
    assert len(pages) == len(sheets())


SCORECARD_ORDER = [
    "KQI",
    "Key Quality Indicator",
    "Quantitative measures",
    "Qualitative measures",
    "Commentary points this quarter",
    "RAG for GOOD benchmark",
    "Trend",
    "Trend line",
    "To get to GOOD, every social worker and ATM needs to focus on",
    "Why this RAG",
    *layout.QUARTERS_AGO,
    "Last quarter",
]


def test_11_the_scorecard_keeps_the_order_of_the_paper_one() -> None:
    (table,) = opened(made_template())["Scorecard"].tables.values()
    names = [column.name for column in table.tableColumns]
    assert names == [*SCORECARD_ORDER, *layout.TREND_LINE]


@pytest.mark.parametrize(
    ("sheet", "column", "months", "least"),
    [("Scorecard", "H", "S:AP", 7), ("Trends", "D", "J:AG", len(definitions()["Measures"]))],
)
def test_11_and_12_a_sparkline_a_row_over_its_own_months(
    sheet: str, column: str, months: str, least: int
) -> None:
    first, last = months.split(":")
    lines = found(sheet_xml(sheet), ".//x14:sparkline")
    assert len(lines) >= least
    for row, line in enumerate(lines, HEADER_ROW + 1):
        assert line.findtext("xm:f", namespaces=namespaces()) == (
            f"'{sheet}'!{first}{row}:{last}{row}"
        )
        assert line.findtext("xm:sqref", namespaces=namespaces()) == f"{column}{row}"


def namespaces() -> dict[str, str]:
    return {"xm": "http://schemas.microsoft.com/office/excel/2006/main"}


def test_12_trends_has_the_columns_that_a_refresh_writes() -> None:
    header = [cell.value for cell in opened(made_template())["Trends"][HEADER_ROW]]
    assert tuple(header[: len(TRENDS_COLUMNS)]) == TRENDS_COLUMNS


def test_12_the_chart_draws_value_mean_limits_and_good_of_a_measure_picked_from_a_list() -> None:
    chart = etree.fromstring(parts(made_template())["xl/charts/chart2.xml"])
    names = [
        name.text or ""
        for series in found(chart, ".//c:ser")
        for name in found(series, "c:tx/c:strRef/c:f")
    ]
    headers = [str(cell.value) for cell in opened(made_template())["Trend chart"][HEADER_ROW]]
    columns = [name[-3] if name[-2] == "$" else name for name in names]
    assert [headers[ord(letter) - ord("A")] for letter in columns] == headers[1:7]
    marked = [name.text for name in found(chart, ".//c:ser/c:tx/c:v")]
    assert marked == [mark.words for mark in SPECIAL]
    coloured = [found(series, "c:marker//a:srgbClr")[0] for series in found(chart, ".//c:ser")[6:]]
    assert [colour.get("val") for colour in coloured] == [mark.colour for mark in SPECIAL]
    (rule,) = found(sheet_xml("Trend chart"), ".//m:dataValidation")
    assert rule.findtext("m:formula1", namespaces={"m": rule.nsmap[None] or ""}) == "Measure_names"


def test_12_the_funnel_draws_limits_and_labels_every_team() -> None:
    chart = etree.fromstring(parts(made_template())["xl/charts/chart1.xml"])
    series = found(chart, ".//c:ser")
    assert [top.get("val") for top in found(chart, ".//c:max")] == ["100"]
    assert len(series) == 5 + GRID_TEAMS
    for team in series[5:]:
        (label,) = found(team, "c:dLbls/c:showSerName")
        assert label.get("val") == "1"
    hidden = {int(one.get("val", "")) for one in found(chart, ".//c:legendEntry/c:idx")}
    shown = [one for at, one in enumerate(series) if at not in hidden]
    assert [one.findtext("c:tx/c:v", namespaces=SPACES) for one in shown] == [
        "99.8% limits",
        "95% limits",
        "All teams",
    ]
    (rule,) = found(sheet_xml("Team funnel"), ".//m:dataValidation")
    assert rule.findtext("m:formula1", namespaces=SPACES) == "Funnel_measures"


def test_12_there_is_room_for_sixty_teams(tmp_path: Path) -> None:
    filling = template()
    settings = filling.tables["Settings"]
    teams = tuple(("Team", f"Team {number}", "") for number in range(GRID_TEAMS))
    others = tuple(row for row in settings if row[0] != "Team")
    path = tmp_path / "large.xlsx"
    tables = {**filling.tables, "Settings": (*others, *teams)}
    path.write_bytes(make_workbook(Filling(tables)))
    kqi_workbook.refresh(path)
    header = [cell.value for cell in opened(path.read_bytes())["By team"][HEADER_ROW]]
    assert header[-1] == f"Team {GRID_TEAMS - 1}"


def test_12_by_team_has_the_authority_first_then_the_teams() -> None:
    header = [cell.value for cell in opened(made_template())["By team"][HEADER_ROW]]
    teams = [row[1] for row in definitions()["Settings"] if row[0] == "Team"]
    assert header[3 : 4 + len(teams)] == ["All teams", *teams]


def test_12_and_13_colours_are_laid_for_rag_and_severity() -> None:
    by_team = found(sheet_xml("By team"), ".//m:cfRule/m:formula")
    letters = [rule.text for rule in by_team if (rule.text or "").startswith("LEFT")]
    assert letters == [f'LEFT(A4,2)="{letter} "' for letter in "GAR"]
    checks = found(sheet_xml("Checks"), ".//m:cfRule/m:formula")
    words = [(rule.text or "").split('"')[1] for rule in checks]
    assert words == [severity.value for severity in Severity]


def test_14_the_read_me_has_five_steps_and_a_link_to_every_tab() -> None:
    read_me = opened(made_template())["Read me"]
    shown = [str(cell.value) for cell in read_me["A"]]
    assert [text for text in shown if re.match(r"\d\. ", text)] == [step for step, _ in STEPS]
    assert len(STEPS) == 5
    links = found(sheet_xml("Read me"), ".//m:hyperlink")
    assert [link.get("location") for link in links] == [f"'{tab.name}'!A1" for tab in TABS]


def test_14_the_read_me_says_that_no_national_definition_of_good_exists() -> None:
    shown = " ".join(str(cell.value) for cell in opened(made_template())["Read me"]["B"])
    assert "no national numeric definition of GOOD" in shown


def test_14_the_read_me_explains_the_funnel_and_where_there_is_no_room_beside_a_grid() -> None:
    read_me = opened(made_template())["Read me"]
    told = [f"{label.value}: {text.value}" for label, text in read_me["A1:B60"]]
    (funnel,) = (words for words in told if words.startswith("Team funnel: A small team"))
    for words in ("1 team in 20", "1 in 500", "check its data first"):
        assert words in funnel
    (columns,) = (words for words in told if words.startswith("Your own columns: "))
    assert "Beside the By team grid leave a column free" in columns


@pytest.mark.parametrize("sheet", TABLE_SHEETS)
def test_15_staff_tabs_and_written_tabs_are_told_apart(sheet: Worksheet) -> None:
    tab = BY_NAME[sheet.title]
    fill = {Owner.REFRESH: theme.NAVY, Owner.STAFF: theme.SKY}.get(tab.owner, theme.SAND)
    assert sheet.cell(HEADER_ROW, 1).fill.fgColor.rgb == f"FF{fill[1:]}"
    assert sheet.sheet_properties.tabColor is not None
    assert sheet.sheet_properties.tabColor.rgb == f"FF{theme.TAB_COLOURS[tab.owner][1:]}"
    if tab.owner is Owner.STAFF:
        assert text_of(sheet, "A3") == REMARKS[Owner.STAFF]


@pytest.mark.parametrize("sheet", SHEETS)
def test_16_no_row_has_a_height_set_by_hand(sheet: Worksheet) -> None:
    assert not found(sheet_xml(sheet.title), ".//m:row[@customHeight]")
