"""A folder with a workbook in it, on this disk and on a share."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.share.making import NAME, OLD
from tests.support.needs import missing, require_program


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook in a folder of its own."""
    target = tmp_path / NAME
    target.write_bytes(OLD)
    return target


@pytest.fixture(scope="session")
def smb_server() -> Iterator[object]:
    """A running SMB server; tests that end it start it again."""
    smbd = require_program("smbd", "apt-get install --no-install-recommends samba")
    try:
        from tests.share.smb import SmbServer
    except ImportError:
        missing("smbprotocol", "pip install smbprotocol")
    with tempfile.TemporaryDirectory(prefix="kqi-smb-") as home:
        server = SmbServer(smbd, Path(home))
        server.start()
        try:
            yield server
        finally:
            server.stop()
