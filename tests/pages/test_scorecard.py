"""The lines of the Scorecard's two measures columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kqi_workbook.books.cells import Value
from kqi_workbook.layout import TREND_LINE, Setting
from kqi_workbook.refreshing import refresh
from tests.support.memory_book import Line
from tests.support.small_council import PLANS, REVIEWS, council, measure, months

AUDIT = "Quarterly external audit of cases"
STARTING = council().lines


def cells(kqi: int, **changes: Sequence[Line]) -> Line:
    """A KQI's row of the Scorecard, with lines added to the small council's tables."""
    book = council(**{name: [*STARTING.get(name, []), *lines] for name, lines in changes.items()})
    refresh(book)
    return next(line for line in book.lines["Scorecard"] if line["KQI"] == kqi)


def audited(good: int, others: int) -> list[Line]:
    return [
        {
            "Date": dt.date(2014, 2, 3),
            "Audit": "External audit",
            "Case ref": f"CASE-{number}",
            "Team": "North",
            "KQI": 1,
            "Grade": "Good" if number < good else "Inadequate",
            "Immediate improvement": "Yes" if number == good else "No",
        }
        for number in range(good + others)
    ]


def source(**changes: Value) -> Line:
    line: Line = {"KQI": 1, "Source": AUDIT, "Expected": "Quarterly", "Tab": "Audits"}
    return {**line, "Filter value": "External audit", **changes}


def informs(name: str, **changes: Value) -> Line:
    of: Line = {"Source": AUDIT, "Calculation": "Graded good or better"}
    return measure(name, "1", **{**of, **changes})


def test_a_unit_that_the_name_says_is_not_said_again() -> None:
    first, *_ = str(cells(1)["Quantitative measures"]).split("\n")
    assert first == f"• {PLANS} 144, up from 140"


def test_a_percentage_keeps_its_sign() -> None:
    _, second = str(cells(1)["Quantitative measures"]).split("\n")
    assert second == f"• {REVIEWS} 85.3% A (GOOD 90% or more), up from 84.7%"


def test_a_measure_without_limits_says_so_and_one_that_is_not_judged_does_not() -> None:
    free: Line = {"Green from": None, "Amber from": None, "Key": "No"}
    new = [measure(way, "1", **free, **{"Good is": way}) for way in ("High", "Not judged")]
    data = [row for line in new for row in months(str(line["Measure"]), [81, 83], 100)]
    row = cells(1, Measures=new, PurpleBook=data)
    assert str(row["Quantitative measures"]).endswith(
        "\n• High 82.0% (no GOOD limits)\n• Not judged 82.0%"
    )


def test_measures_that_stand_under_another_kqi_take_one_line() -> None:
    shared = [measure("Shared", "1, 2", **{"Green from": 80}), measure("Also shared", "1, 2")]
    data = [*months("Shared", [81, 83], 100), *months("Also shared", [84], 100)]
    row = cells(2, Measures=shared, PurpleBook=data)
    line, own = str(row["Quantitative measures"]).split("\n")
    assert line == "• See KQI 1: Shared 82.0% G; Also shared 84.0% A"
    assert own.startswith("• CP visits on time 85.3% A (GOOD")


def test_a_rate_of_the_child_population_is_compared_and_drawn_as_it_is_shown() -> None:
    rate = measure("Plans", "1", Calculation="Rate per 10,000", Unit="", Period="End")
    book = council(
        Settings=[*STARTING["Settings"], {"Setting": "Child population", "Value": 20_000}],
        Measures=[{**rate, "Green from": None, "Amber from": None, "Good is": "Low"}],
        PurpleBook=months("Plans", [70] * 21 + [80] * 3, None),
    )
    refresh(book)
    row = book.lines["Scorecard"][0]
    assert row["Quantitative measures"] == (
        "• Plans 80.0 per 10,000 (no GOOD limits), up from 70.0"
    )
    assert [row[TREND_LINE[0]], row[TREND_LINE[-1]]] == [70.0, 80.0]


def test_a_trend_line_is_as_long_however_few_months_the_trend_is_judged_on() -> None:
    judged_on: list[Line] = [{"Setting": Setting.TREND_MONTHS.value, "Value": 12}]
    row = cells(1, Settings=judged_on)
    assert [row[name] for name in TREND_LINE] == [cells(1)[name] for name in TREND_LINE]
    assert row[TREND_LINE[0]] is not None


def test_evidence_without_a_measure_tells_what_its_rows_say() -> None:
    row = cells(1, Evidence=[source()], Audits=audited(9, 3))
    assert row["Qualitative measures"] == (
        f"• {AUDIT}: 12 case audits: 9 good or better; 1 needed immediate improvement"
    )


def test_a_measure_stands_behind_what_it_counts() -> None:
    rated = [informs("Audits good or better")]
    row = cells(1, Evidence=[source()], Audits=audited(9, 3), Measures=rated)
    assert row["Qualitative measures"] == (
        f"• {AUDIT}: 12 case audits: 9 good or better, 75.0% R (GOOD 90% or more); "
        "1 needed immediate improvement"
    )


def test_a_measure_that_counts_otherwise_keeps_its_name() -> None:
    rated = [informs("Audits good or better"), informs("The last month's", Period="End")]
    row = cells(1, Evidence=[source()], Audits=audited(9, 3), Measures=rated)
    assert str(row["Qualitative measures"]).endswith(
        "1 needed immediate improvement. The last month's 75.0% R (GOOD 90% or more)"
    )


def test_two_measures_that_count_the_same_are_told_apart_by_name() -> None:
    rated = [informs("Audits"), informs("Audits, by a harder limit", **{"Green from": 95})]
    row = cells(1, Evidence=[source()], Audits=audited(9, 3), Measures=rated)
    line = str(row["Qualitative measures"])
    assert "9 good or better, 75.0% R (GOOD 90% or more); 1 needed" in line
    assert line.endswith(". Audits, by a harder limit 75.0% R (GOOD 95% or more)")


def test_too_few_to_show_gives_the_rows_and_why_there_is_no_percentage() -> None:
    row = cells(1, Evidence=[source()], Audits=audited(5, 4), Measures=[informs("Audits")])
    assert row["Qualitative measures"] == (
        f"• {AUDIT}: 9 case audits: 5 good or better, [c] fewer than 10, so no percentage; "
        "1 needed immediate improvement"
    )


def test_a_source_without_rows_says_so_once() -> None:
    row = cells(1, Evidence=[source()], Measures=[informs("Audits")])
    assert row["Qualitative measures"] == f"• {AUDIT}: [x] nothing this quarter"


def test_a_measure_of_two_kqis_stands_behind_the_part_of_neither() -> None:
    other = [{**audit, "KQI": 2} for audit in audited(3, 3)]
    row = cells(
        1,
        Evidence=[source(), source(KQI=2)],
        Audits=[*audited(9, 3), *other],
        Measures=[informs("Audits", KQI="1, 2")],
    )
    assert row["Qualitative measures"] == (
        f"• {AUDIT}: 12 case audits: 9 good or better; 1 needed immediate improvement. "
        "Audits 66.7% R (GOOD 90% or more)"
    )


def test_a_measure_whose_source_is_another_kqis_alone_is_told_under_both() -> None:
    tables: dict[str, Sequence[Line]] = {
        "Evidence": [source(KQI=2)],
        "Audits": [{**audit, "KQI": 2} for audit in audited(9, 3)],
        "Measures": [
            informs("First KQI 1's", KQI="1, 2"),
            informs("First KQI 2's", KQI="2, 1"),
        ],
    }
    assert cells(1, **tables)["Qualitative measures"] == (
        "• See KQI 2: First KQI 2's 75.0% R\n• First KQI 1's 75.0% R (GOOD 90% or more)"
    )
    assert "First KQI 1's 75.0% R (GOOD" in str(cells(2, **tables)["Qualitative measures"])


def test_out_of_how_many_is_said_where_not_all_answered() -> None:
    group: Line = {"Date": dt.date(2014, 2, 3), "Team": "North", "Plan SMART": "Yes"}
    groups = [
        {**group, "Parents know what to do": answer}
        for answer in [*["Yes"] * 9, *["No"] * 3, *[None] * 6]
    ]
    feedback = source(Tab="Core groups", **{"Filter value": None})
    know = informs("Parents know", Calculation="Parents know what to do")
    row = cells(1, Evidence=[feedback], CoreGroups=groups, Measures=[know])
    assert row["Qualitative measures"] == (
        f"• {AUDIT}: 18 Core Groups: 18 found the plan SMART; parents know what to do in 9 of 12, "
        "75.0% R (GOOD 90% or more)"
    )


def test_reflective_supervision_is_out_of_what_was_held() -> None:
    day = dt.date(2014, 2, 3)
    due: list[Line] = [
        {"Staff ref": f"S{number}", "Team": "North", "Due": day, "Held": held, "Reflective": answer}
        for number, (held, answer) in enumerate([(day, "Yes"), (day, "No"), (None, "Yes")])
    ]
    notes = source(Tab="Supervision", **{"Filter value": None})
    reflective = informs("Reflective", Calculation="Reflective")
    row = cells(1, Evidence=[notes], Supervision=due, Measures=[reflective])
    assert row["Qualitative measures"] == (
        f"• {AUDIT}: 3 supervisions due: 2 held; 1 of 2 reflective, 50.0% R (GOOD 90% or more)"
    )
