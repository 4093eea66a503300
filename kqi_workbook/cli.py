"""The command line: ``kqi demo | new | refresh | check | batch | export | ...``."""

from __future__ import annotations

import gc
import io
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.status import Status
from rich.text import Text

from kqi_workbook.errors import KQIWorkbookError

if TYPE_CHECKING:
    from kqi_workbook.refreshing import Refreshed

out = Console()
err = Console(stderr=True)

A_PATH = click.Path(path_type=Path)
the_workbook = click.argument("file", type=A_PATH)
which_quarter = click.option(
    "--quarter", "-q", help="Like 'Q4 2013-14'. Default: the one in the Settings tab."
)
as_data = click.option(
    "--json", "as_json", is_flag=True, help="Print the same as data, for a program."
)


@click.group(context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100})
@click.version_option(package_name="kqi_workbook")
def app() -> None:
    """Fill a council's scorecard of Key Quality Indicators, and check it."""


@app.command()
@click.argument("folder", type=A_PATH, default="kqi-demo")
def demo(folder: Path) -> None:
    """Make the example workbook in FOLDER, refresh it, and print its scorecard."""
    from kqi_workbook.files import example_workbook, refresh

    path = example_workbook(folder)
    with _busy(f"Refreshing {path.name}"):
        done = refresh(path, door="kqi demo")
    _print(done, as_json=False)
    _say(f"The workbook is at {path}. Open it in Excel: its Scorecard sheet is filled.")


@app.command()
@the_workbook
def new(file: Path) -> None:
    """Make a new, empty KQI workbook.

    One that ends in .xlsm has the Refresh KQIs button, one that ends in .xlsx does without.
    """
    from kqi_workbook.files import new_workbook

    path = new_workbook(file)
    _say(f"Made {path}. Start with its Read me sheet, then fill in Settings.")


@app.command()
@click.argument("file", type=A_PATH, required=False)
@which_quarter
@click.option(
    "--output",
    "-o",
    type=A_PATH,
    metavar="NEW",
    help="Write a new workbook there, and leave FILE as it is; for templates and signed ones.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=0,
    metavar="SECONDS",
    help="How long to wait for somebody who has the file open.",
)
@click.option(
    "--live", is_flag=True, help="Refresh it where it is open in Excel; saving is left to you."
)
@as_data
# what the button adds, and xlwings reads for itself
@click.option("--wb", hidden=True)
@click.option("--from_xl", "from_excel", type=int, default=0, hidden=True)
@click.option("--hwnd", type=int, hidden=True)
def refresh(
    file: Path | None,
    quarter: str | None,
    output: Path | None,
    dry_run: bool,
    wait: float,
    live: bool,
    as_json: bool,
    from_excel: int,
    **_for_xlwings: Any,
) -> None:
    """Fill a workbook's Scorecard and Checks from its data tabs.

    With --live and no FILE, that is the workbook in front.
    """
    if live and from_excel:
        from kqi_workbook.live import refresh_from_button

        sys.exit(refresh_from_button())
    if file is None and not live:
        raise KQIWorkbookError("Say which workbook to refresh, or --live for the one in Excel.")
    if live and output:
        raise KQIWorkbookError("--output is for a closed file; leave it or --live out.")
    with _busy(f"Refreshing {file.name if file else 'the workbook in Excel'}") as busy:
        if live:
            from kqi_workbook.live import refresh_live

            done = refresh_live(str(file) if file else None, quarter, dry_run=dry_run)
        elif file:
            from kqi_workbook.files import refresh as refresh_file

            done = refresh_file(
                file,
                quarter,
                output=output,
                dry_run=dry_run,
                wait=wait,
                on_wait=lambda why, left: busy.update(Text(f"{why} Waiting {left:.0f} s more")),
                door="kqi refresh",
            )
    _print(done, as_json)
    if not as_json:
        for note in done.notes:
            _say(note)
        changed = "; ".join(done.changes) or "nothing that the scorecard shows"
        _say(f"{'Would change' if dry_run else 'Changed'}: {changed}.")


@app.command()
@the_workbook
@which_quarter
@as_data
def check(file: Path, quarter: str | None, as_json: bool) -> None:
    """Say whether a workbook is ready to share: exit code 0 if it is, 1 if not."""
    from kqi_workbook.files import check as check_file

    with _busy(f"Checking {file.name}"):
        done = check_file(file, quarter)
    _print(done, as_json, scorecard=False)
    sys.exit(0 if done.ready else 1)


@app.command()
@the_workbook
@click.option("--html", is_flag=True, help="A page for any browser (default).")
@click.option("--pdf", is_flag=True, help="The Scorecard sheet, printed.")
@click.option("--png", is_flag=True, help="The same as a picture.")
@click.option(
    "--output",
    "-o",
    "folder",
    type=A_PATH,
    metavar="FOLDER",
    help="Default: beside the workbook.",
)
@click.option("--sheet", metavar="NAME", help="Print this sheet instead of the Scorecard.")
@which_quarter
def export(
    file: Path,
    html: bool,
    pdf: bool,
    png: bool,
    folder: Path | None,
    sheet: str | None,
    quarter: str | None,
) -> None:
    """Make the board's page: as a web page, a PDF or a picture. The workbook stays as it is.

    Each is named after the workbook, and replaces the one of the last time.
    """
    from kqi_workbook.export import HTML, Kind, export_workbook

    wanted: dict[Kind, bool] = {"html": html, "pdf": pdf, "png": png}
    kinds = tuple(kind for kind, asked in wanted.items() if asked) or HTML
    with _busy(f"Exporting {file.name}"):
        made = export_workbook(file, kinds, folder, quarter, sheet)
    for path in made.files:
        _say(f"Made {path}.")
    if not made.up_to_date:
        _say(
            "The sheet is printed as it stands, and a refresh would change it: run kqi refresh"
            + (f" -q '{quarter}'" if quarter else "")
            + ", then export again."
        )


@app.command("next-quarter")
@the_workbook
@click.option(
    "--output",
    "-o",
    type=A_PATH,
    metavar="NEW",
    help="The new workbook. Default: named after the quarter.",
)
def next_quarter(file: Path, output: Path | None) -> None:
    """Make the next quarter's workbook from this one; this one stays as it is."""
    from kqi_workbook.moving_on import next_quarter as move_on

    with _busy(f"Moving {file.name} on"):
        moved = move_on(file, output)
    _say(f"Made {moved.path} for {moved.quarter}.")
    _say(f"Actions carried over, not yet done: {moved.actions}.")
    for place in moved.emptied:
        _say(f"{place} emptied.")


@app.command()
@click.argument("places", nargs=-1, required=True, metavar="FOLDER_OR_PATTERN...")
@which_quarter
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    help="Workbooks at a time. Default: one a processor here.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0.1),
    default=600,
    metavar="SECONDS",
    help="How long one workbook may take. Default: 600.",
)
@click.option(
    "--json",
    "report",
    type=A_PATH,
    metavar="NAME.json",
    help="Write what became of each to this file too.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="Share the work over a Dask cluster, like tcp://server:8786.",
)
def batch(
    places: tuple[str, ...],
    quarter: str | None,
    jobs: int | None,
    time_limit: float,
    report: Path | None,
    dask: str | None,
) -> None:
    """Refresh every KQI workbook in some folders.

    Folders are searched with all below them; patterns and single workbooks are taken too. The exit
    code is 0 if all is well, and 1 if not.
    """
    from kqi_workbook.show_batch import run_batch

    well = run_batch(
        out, list(places), quarter, jobs=jobs, time_limit=time_limit, dask=dask, report=report
    )
    sys.exit(0 if well else 1)


@app.command()
@the_workbook
def unlock(file: Path) -> None:
    """Remove the refresh lock that a run which died has left beside a workbook."""
    from kqi_workbook.books.share import here
    from kqi_workbook.books.share import unlock as remove_lock

    left = remove_lock(file)
    if left:
        whose = left.sentence(here().now())
        _say(f"Removed the lock of {whose}.")
    elif file.exists():
        _say("There is no refresh lock beside this workbook.")
    else:
        raise KQIWorkbookError(f"There is no '{file}', and no refresh lock beside it.")


@app.command()
@click.argument("file", type=A_PATH, required=False)
def doctor(file: Path | None) -> None:
    """Say which ways of refreshing are open on this machine, and what to ask IT for.

    With FILE, a workbook, that is looked at too.
    """
    from kqi_workbook import show_doctor
    from kqi_workbook.books.share.words import told
    from kqi_workbook.doctor import examine
    from kqi_workbook.machine import look_at, this_machine

    with told(f"look at '{file}'", "Nothing was changed."):
        if file and not file.is_file():
            raise KQIWorkbookError(f"There is no workbook '{file}' to look at.")
    results = examine(this_machine(), look_at(file) if file else None)
    show_doctor.show(out, results)


def main() -> None:
    """Run the command line; whatever goes wrong ends in one sentence and an exit code of 2 or 3."""
    gc.disable()  # a command ends before looking for garbage, module by module, repays its time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a log in an old code page lacks our arrows
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="kqi")
    except KQIWorkbookError as error:
        _fail(str(error), error.exit_code)
    except Exception as error:
        if os.environ.get("KQI_DEBUG"):
            raise
        _fail(
            f"Something went wrong that should not have ({type(error).__name__}: {error}). "
            "Please report it; with KQI_DEBUG=1 set, it shows where."
        )


def _fail(sentence: str, exit_code: int = KQIWorkbookError.exit_code) -> None:
    err.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(exit_code)


def _print(done: Refreshed, as_json: bool, *, scorecard: bool = True) -> None:
    if as_json:
        from kqi_workbook.report import as_data

        print(json.dumps(as_data(done), indent=2))  # ASCII: a pipe of Windows has an old code page
        return
    from kqi_workbook import show
    from kqi_workbook.scorecard.checks import verdict

    if scorecard:
        show.show_scorecard(out, done)
    show.show_findings(out, done.findings)
    out.print(f"{verdict(done.findings)}.", style="bold", highlight=False)


def _say(sentence: str) -> None:
    """Print a sentence as it is: names of files may hold brackets."""
    out.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _busy(what: str) -> Status:
    return err.status(Text(what))
