"""vbaProject.bin as oletools reads it back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from oletools.olevba import VBA_Parser

from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.making.button import MACROS
from kqi_workbook.making.vba_project import (
    Module,
    ModuleKind,
    document_module,
    read_module,
    vba_project,
)

MODULES = [
    document_module("ThisWorkbook", ModuleKind.WORKBOOK),
    document_module("Sheet1", ModuleKind.SHEET),
    Module("First", 'Attribute VB_Name = "First"\r\nSub A()\r\nEnd Sub\r\n'),
    Module("Second", 'Attribute VB_Name = "Second"\r\n' + "' Größe – £5\r\n" * 900),
]


def streams(project: bytes) -> dict[str, str]:
    """Each module's file name and full text, attributes included."""
    parser = VBA_Parser("vbaProject.bin", data=project)
    try:
        return {
            name: code if isinstance(code, str) else code.decode("cp1252")
            for _, _, name, code in parser.extract_all_macros()
        }
    finally:
        parser.close()


def test_every_module_comes_back_to_the_letter() -> None:
    found = streams(vba_project(MODULES))
    assert found == {
        "ThisWorkbook.cls": MODULES[0].source,
        "Sheet1.cls": MODULES[1].source,
        "First.bas": MODULES[2].source,
        "Second.bas": MODULES[3].source,
    }


def test_the_same_modules_give_the_same_bytes() -> None:
    assert vba_project(MODULES) == vba_project(MODULES)


def test_the_project_is_neither_locked_nor_hidden() -> None:
    """The three values of Excel's own unprotected projects, decrypted by the rule of 2.4.3.3."""
    text = vba_project(MODULES).decode("latin-1")
    values = dict(re.findall(r'(CMG|DPB|GC)="([0-9A-F]+)"', text))
    project_id = re.findall(r'ID="(\{[^"]+\})"', text)[0]
    assert {key: decrypted(value, project_id) for key, value in values.items()} == {
        "CMG": bytes(4),
        "DPB": b"\0",
        "GC": b"\xff",
    }


def decrypted(value: str, project_id: str) -> bytes:
    seed, version, key, *rest = bytes.fromhex(value)
    assert version ^ seed == 2
    assert key ^ seed == sum(project_id.encode()) & 0xFF
    plain, last, before_last, unencrypted = bytearray(), key, version, key ^ seed
    for byte in rest:
        unencrypted = byte ^ (before_last + unencrypted) & 0xFF
        before_last, last = last, byte
        plain.append(unencrypted)
    ignored = (seed & 6) // 2
    length = int.from_bytes(plain[ignored : ignored + 4], "little")
    data = bytes(plain[ignored + 4 :])
    assert len(data) == length
    return data


def test_a_module_is_read_with_either_line_end(tmp_path: Path) -> None:
    path = tmp_path / "Any.bas"
    path.write_bytes(b'Attribute VB_Name = "Any"\nSub A()\nEnd Sub\n')
    assert read_module(path).source == 'Attribute VB_Name = "Any"\r\nSub A()\r\nEnd Sub\r\n'
    assert read_module(MACROS / "KQIShell.bas").name == "KQIShell"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Sub A()\r\nEnd Sub\r\n", "VB_Name"),
        (b'Attribute VB_Name = "Any"\r\n\' \x81\r\n', "code page 1252"),
    ],
)
def test_a_file_that_is_no_module_is_refused(content: bytes, why: str, tmp_path: Path) -> None:
    path = tmp_path / "Any.bas"
    path.write_bytes(content)
    with pytest.raises(KQIWorkbookError, match=why):
        read_module(path)
