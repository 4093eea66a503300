"""The command line: ``kqi demo | new | refresh | check | batch | export | ...``."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.status import Status

from kqi_workbook.errors import KQIWorkbookError

if TYPE_CHECKING:
    from kqi_workbook.refreshing import Refreshed

FAILED = 2

app = typer.Typer(
    name="kqi",
    help="Fill a council's scorecard of Key Quality Indicators, and check it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)

Workbook = Annotated[Path, typer.Argument(metavar="FILE", help="The workbook (.xlsx or .xlsm).")]
WhichQuarter = Annotated[
    str | None,
    typer.Option("--quarter", "-q", help="Like 'Q4 2013-14'. Default: the Settings tab's."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the same as data, for a program.")]


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put it.")] = Path("kqi-demo"),
) -> None:
    """Make the example workbook, refresh it, and print its scorecard."""
    from kqi_workbook.files import example_workbook, refresh

    path = example_workbook(folder)
    with _busy(f"Refreshing {path.name}"):
        done = refresh(path, door="kqi demo")
    _print(done, as_json=False)
    _say(f"The workbook is at {path}. Open it in Excel: its Scorecard sheet is filled.")


@app.command()
def new(file: Workbook) -> None:
    """Make a new, empty KQI workbook."""
    from kqi_workbook.files import new_workbook

    path = new_workbook(file)
    _say(f"Made {path}. Start with its Read me sheet, then fill in Settings.")


@app.command()
def refresh(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="The workbook; with --live the one in front."),
    ] = None,
    quarter: WhichQuarter = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="NEW",
            help="Write a new workbook there, and leave FILE as it is; needed for a template.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for somebody who has the file open.")
    ] = 0,
    live: Annotated[
        bool, typer.Option("--live", help="Refresh it where it is open in Excel, unsaved.")
    ] = False,
    as_json: AsJson = False,
    # what the button adds, and xlwings reads for itself
    wb: Annotated[str | None, typer.Option("--wb", hidden=True)] = None,
    from_excel: Annotated[int, typer.Option("--from_xl", hidden=True)] = 0,
    hwnd: Annotated[int | None, typer.Option("--hwnd", hidden=True)] = None,
) -> None:
    """Fill a workbook's Scorecard and Checks from its data tabs."""
    if live and from_excel:
        from kqi_workbook.live import refresh_from_button

        raise typer.Exit(refresh_from_button())
    if file is None and not live:
        raise KQIWorkbookError("Say which workbook to refresh, or --live for the one in Excel.")
    if live and output:
        raise KQIWorkbookError("--output is for a closed file; leave it or --live out.")
    with _busy(f"Refreshing {file.name if file else 'the workbook in Excel'}") as busy:
        if live:
            from kqi_workbook.live import refresh_live

            done = refresh_live(file.name if file else None, quarter, dry_run=dry_run)
        elif file:
            from kqi_workbook.files import refresh as refresh_file

            done = refresh_file(
                file,
                quarter,
                output=output,
                dry_run=dry_run,
                wait=wait,
                on_wait=lambda why, left: busy.update(f"{why} Waiting {left:.0f} s more"),
                door="kqi refresh",
            )
    _print(done, as_json)
    if not as_json:
        for note in done.notes:
            _say(note)
        changed = "; ".join(done.changes) or "nothing that the scorecard shows"
        _say(f"{'Would change' if dry_run else 'Changed'}: {changed}.")


@app.command()
def check(file: Workbook, quarter: WhichQuarter = None, as_json: AsJson = False) -> None:
    """Say whether a workbook is ready to share: exit code 0 if it is, 1 if not."""
    from kqi_workbook.files import check as check_file

    with _busy(f"Checking {file.name}"):
        done = check_file(file, quarter)
    _print(done, as_json, scorecard=False)
    raise typer.Exit(0 if done.ready else 1)


@app.command()
def export(
    file: Workbook,
    html: Annotated[bool, typer.Option("--html", help="A page for any browser (default).")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="The Scorecard sheet, printed.")] = False,
    png: Annotated[bool, typer.Option("--png", help="The same as a picture.")] = False,
    folder: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help="Default: beside the workbook."),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", metavar="NAME", help="Print this sheet instead of the Scorecard."),
    ] = None,
    quarter: WhichQuarter = None,
) -> None:
    """Make the board's page: as a web page, a PDF or a picture. The workbook stays as it is."""
    from kqi_workbook.export import HTML, Kind, export_workbook

    wanted: dict[Kind, bool] = {"html": html, "pdf": pdf, "png": png}
    kinds = tuple(kind for kind, asked in wanted.items() if asked) or HTML
    with _busy(f"Exporting {file.name}"):
        made = export_workbook(file, kinds, folder, quarter, sheet)
    for path in made.files:
        _say(f"Made {path}.")
    if not made.up_to_date:
        out.print(
            "The sheet is printed as it stands, and a refresh would change it: run kqi refresh, "
            "then export again."
        )


@app.command("next-quarter")
def next_quarter(
    file: Workbook,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The new workbook. Default: named after the quarter."),
    ] = None,
) -> None:
    """Make the next quarter's workbook from this one; this one stays as it is."""
    from kqi_workbook.moving_on import next_quarter as move_on

    with _busy(f"Moving {file.name} on"):
        moved = move_on(file, output)
    _say(f"Made {moved.path} for {moved.quarter}.")
    _say(f"Actions carried over, not yet done: {moved.actions}.")


@app.command()
def batch(
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="FOLDER_OR_GLOB...",
            help="Folders, searched with all below them; patterns; or workbooks.",
        ),
    ],
    quarter: WhichQuarter = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, help="Workbooks at a time. Default: one a processor here."
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.1, help="Seconds that one workbook may take.")
    ] = 600,
    report: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write what became of each to this file too."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Share the work over a Dask cluster, like tcp://server:8786."
        ),
    ] = None,
) -> None:
    """Refresh every KQI workbook in some folders: exit code 0 if all is well, 1 if not."""
    from kqi_workbook.show_batch import run_batch

    well = run_batch(
        out, places, quarter, jobs=jobs, time_limit=time_limit, dask=dask, report=report
    )
    raise typer.Exit(0 if well else 1)


@app.command()
def unlock(file: Workbook) -> None:
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
def doctor(
    file: Annotated[Path | None, typer.Argument(help="A workbook, to look at that too.")] = None,
) -> None:
    """Say which ways of refreshing are open on this machine, and what to ask IT for."""
    from kqi_workbook import show_doctor
    from kqi_workbook.doctor import examine
    from kqi_workbook.machine import look_at, this_machine

    results = examine(this_machine(), look_at(file) if file else None)
    show_doctor.show(out, results)


def main() -> None:
    """Run the command line; whatever goes wrong ends in one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a log in an old code page lacks our arrows
            stream.reconfigure(errors="replace")
    try:
        app()
    except KQIWorkbookError as error:
        err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)


def _print(done: Refreshed, as_json: bool, *, scorecard: bool = True) -> None:
    if as_json:
        from kqi_workbook.report import as_data

        print(json.dumps(as_data(done), indent=2, ensure_ascii=False))
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
    return err.status(what)
