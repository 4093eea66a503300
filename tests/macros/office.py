"""Opens a macro workbook in LibreOffice and does what the steps say.

Runs under the Python with `uno`, as `office.py URL WORKBOOK STEPS`: the steps are a JSON list of
lists, a name of `STEPS` and its arguments. Prints a JSON list of what each step gave.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from tests.support.uno_documents import opened

RUN_MACROS = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
MACRO = "vnd.sun.star.script:VBAProject.{}?language=Basic&location=document"


def controls(document: Any) -> list[list[Any]]:
    """Sheet, label and bound macros of each form control."""
    found = []
    for sheet in document.Sheets:
        forms = sheet.DrawPage.Forms
        for form in (forms.getByIndex(i) for i in range(forms.Count)):
            for i in range(form.Count):
                macros = [event.ScriptCode for event in form.getScriptEvents(i)]
                found.append([sheet.Name, form.getByIndex(i).Label, macros])
    return found


def press(document: Any) -> Any:
    """What a click does: run the macro that is bound to the only control."""
    ((_, _, (macro,)),) = controls(document)
    return run(document, macro)


def call(document: Any, function: str, *arguments: Any) -> Any:
    """What a function of the macros gives; `function` is `Module.Name`."""
    return run(document, MACRO.format(function), arguments)


def run(document: Any, macro: str, arguments: Sequence[Any] = ()) -> Any:
    return document.getScriptProvider().getScript(macro).invoke(tuple(arguments), (), ())[0]


def cell(document: Any, sheet: str, address: str) -> Any:
    return document.Sheets.getByName(sheet).getCellRangeByName(address).String


STEPS = {step.__name__: step for step in (controls, press, call, cell)}


def main(url: str, workbook: str, steps: str) -> None:
    with opened(url, workbook, MacroExecutionMode=RUN_MACROS) as document:
        print(json.dumps([STEPS[name](document, *rest) for name, *rest in json.loads(steps)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
