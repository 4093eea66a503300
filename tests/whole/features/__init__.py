"""What staff put into a workbook, one function a feature, written as Excel writes it.

Each adds to the workbook and says nothing: whoever calls holds the file before a refresh against
the file after. They lie where a refresh is most likely to harm them: on the sheets that it writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from tests.whole.features.cells import (
    a_dynamic_array,
    a_sheet_of_their_own,
    columns_of_staff,
    notes_beside_our_grids,
    saved_by_excel,
)
from tests.whole.features.comments import notes_on_cells, threaded_comments
from tests.whole.features.drawings import (
    a_chart_of_the_history,
    a_picture,
    a_slicer_on_a_data_table,
    shapes_on_the_scorecard,
)
from tests.whole.features.formats import (
    a_data_bar,
    an_extended_validation,
    formats_of_staff,
    rules_of_staff_beside_ours,
    sheet_settings,
)
from tests.whole.features.sources import (
    a_query_behind_a_data_table,
    a_sensitivity_label,
    custom_xml,
    names_of_staff,
)
from tests.whole.workbook import Workbook

Feature: TypeAlias = Callable[[Workbook], None]

FEATURES: tuple[Feature, ...] = (
    threaded_comments,
    notes_on_cells,
    shapes_on_the_scorecard,
    a_picture,
    a_chart_of_the_history,
    a_slicer_on_a_data_table,
    an_extended_validation,
    a_data_bar,
    rules_of_staff_beside_ours,
    formats_of_staff,
    sheet_settings,
    a_query_behind_a_data_table,
    custom_xml,
    a_sensitivity_label,
    names_of_staff,
    a_sheet_of_their_own,
    a_dynamic_array,
    notes_beside_our_grids,
    columns_of_staff,
    saved_by_excel,
)


def all_of_them(book: Workbook) -> None:
    for feature in FEATURES:
        feature(book)
