"""The same batch on a real Dask cluster: a scheduler, and two workers in processes of their own."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kqi_workbook import KQIWorkbookError, Outcome, refresh_many
from kqi_workbook.batch import running
from tests.batch.folders import BROKEN, fill, hangs, kills, needs_pipes
from tests.support.command_line import kqi
from tests.support.needs import missing


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a cluster that is there while these tests run."""
    try:
        from distributed import LocalCluster
    except ImportError:
        missing("Dask", "pip install kqi_workbook[dask]")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as made:
        yield made.scheduler_address


def members(path: Path) -> dict[str, bytes]:
    """What a workbook holds, but for the Refresh log, which says when and by which door."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    return {name: content for name, content in found.items() if b"a batch of ours" not in content}


@needs_pipes
def test_a_cluster_makes_the_same_files_of_the_same_workbooks(tmp_path: Path, cluster: str) -> None:
    outcomes, files = [], []
    for name, address in (("here", None), ("there", cluster)):
        folder = tmp_path / name
        folder.mkdir()
        *paths, hanging, killing = fill(folder, 20)
        for path, (breaks, _) in zip(paths, BROKEN, strict=False):
            breaks(path)
        hangs(hanging)
        with kills(killing):
            results = refresh_many(
                [hanging, killing, *paths],
                jobs=2,
                time_limit=15,
                dask=address,
                door="a batch of ours",
            )
            found = {result.path.relative_to(folder): result.outcome for result in results}
        outcomes.append(found)
        files.append({path.name: members(path) for path in paths[len(BROKEN) :]})
    assert outcomes[0] == outcomes[1]
    assert Counter(outcomes[1].values()) == {
        Outcome.REFRESHED: 8,
        Outcome.FAILED: 10,
        Outcome.TIMED_OUT: 1,
        Outcome.CRASHED: 1,
    }
    assert files[0] == files[1]
    assert all(len(parts) > 40 for parts in files[1].values())


def test_the_work_is_shared_by_both_workers(tmp_path: Path, cluster: str) -> None:
    """As many at a time as the cluster has threads, if nobody says otherwise."""
    widths = []
    paths = fill(tmp_path, 5)
    list(refresh_many(paths, dask=cluster, at_hand=lambda at_hand: widths.append(len(at_hand))))
    assert max(widths) == 2


def test_from_the_command_line(tmp_path: Path, cluster: str) -> None:
    fill(tmp_path, 2)
    report = tmp_path / "report.json"
    ran = kqi("batch", tmp_path, "--dask", cluster, "--json", report)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["counts"] == {"Refreshed": 2}


def test_a_cluster_that_does_not_answer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster: str
) -> None:
    monkeypatch.setattr(running, "_CONNECTING", 0.5)
    (path,) = fill(tmp_path, 1)
    before = path.read_bytes()
    with pytest.raises(KQIWorkbookError, match=r"No Dask cluster answers at 'tcp://127.0.0.1:1'"):
        list(refresh_many([path], dask="tcp://127.0.0.1:1"))
    assert path.read_bytes() == before


def test_a_cluster_without_workers_is_named(tmp_path: Path, cluster: str) -> None:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(KQIWorkbookError, match="has no workers"),
    ):
        list(refresh_many(fill(tmp_path, 1), dask=empty.scheduler_address))


@needs_pipes
def test_a_cluster_that_goes_away_is_told_for_each_workbook_that_is_left(
    tmp_path: Path, cluster: str
) -> None:
    from distributed import LocalCluster

    sound, *others = fill(tmp_path, 6)
    for path in others:
        hangs(path)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as leaving:
        coming = refresh_many([sound, *others], dask=leaving.scheduler_address, time_limit=60)
        assert next(coming).outcome is Outcome.REFRESHED
    left = list(coming)
    assert {result.path for result in left} == set(others)
    assert {result.outcome for result in left} == {Outcome.CRASHED}
    assert any("The Dask cluster went away" in result.reason for result in left)
