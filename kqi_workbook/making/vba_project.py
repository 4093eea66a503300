"""Write ``vbaProject.bin`` from VBA modules in plain text ([MS-OVBA]); no Excel needed.

The project holds source only. Its version says that there is no compiled form (2.3.4.1), so Office
compiles it on opening, and what a reviewer reads in ``macros/`` is what runs. Section numbers are
of [MS-OVBA].
"""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from kqi_workbook.errors import KQIWorkbookError
from kqi_workbook.making.cfb import compound_file
from kqi_workbook.making.vba_compression import compress

CODE_PAGE = 1252
ENCODING = "cp1252"
LANGUAGE = 0x0409
SYSTEM_WIN64 = 3
PROJECT_NAME = "VBAProject"
PROJECT_ID = "{8C3D0F41-6C1B-4E0A-9B53-2A5D7E91C604}"  # any, but always the same
ENCRYPTION_SEED = 0x8D  # any, but always the same
NO_COMPILED_FORM = bytes.fromhex("CC61FFFF000000")  # 2.3.4.1

_VB_NAME = re.compile(r'^Attribute VB_Name = "([A-Za-z]\w{0,30})"$', re.ASCII | re.MULTILINE)


class ModuleKind(Enum):
    """What a module is: a file of procedures, or what stands behind the workbook or a sheet."""

    PROCEDURES = "procedures"
    WORKBOOK = "workbook"
    SHEET = "sheet"


# The classes of Excel's own document modules.
_EXCEL_CLASS = {
    ModuleKind.WORKBOOK: "{00020819-0000-0000-C000-000000000046}",
    ModuleKind.SHEET: "{00020820-0000-0000-C000-000000000046}",
}


@dataclass(frozen=True)
class Module:
    """A VBA module: its name, and its source with CRLF line ends."""

    name: str
    source: str
    kind: ModuleKind = ModuleKind.PROCEDURES


def read_module(path: Path) -> Module:
    """The module of a .bas file, as the VBA editor exports it.

    Raises
    ------
    KQIWorkbookError
        If a letter is not in Windows code page 1252, which VBA source is limited to, or the
        ``Attribute VB_Name`` line is missing.
    """
    try:
        source = path.read_bytes().decode(ENCODING)
    except UnicodeDecodeError as error:
        raise KQIWorkbookError(f"{path.name} is not text in Windows code page 1252.") from error
    name = _VB_NAME.search(source.replace("\r\n", "\n"))
    if name is None:
        raise KQIWorkbookError(
            f"{path.name} has no line like 'Attribute VB_Name = \"{path.stem}\"'; a module "
            "starts with it."
        )
    return Module(name[1], "\r\n".join(source.splitlines()) + "\r\n")


def document_module(name: str, kind: ModuleKind) -> Module:
    """The empty module that stands behind the workbook or a sheet; ``name`` is its code name."""
    attributes = {
        "VB_Name": f'"{name}"',
        "VB_Base": f'"0{_EXCEL_CLASS[kind]}"',
        "VB_GlobalNameSpace": "False",
        "VB_Creatable": "False",
        "VB_PredeclaredId": "True",
        "VB_Exposed": "True",
        "VB_TemplateDerived": "False",
        "VB_Customizable": "True",
    }
    lines = (f"Attribute {key} = {value}\r\n" for key, value in attributes.items())
    return Module(name, "".join(lines), kind)


def vba_project(modules: Sequence[Module]) -> bytes:
    """``vbaProject.bin`` with these modules. The same modules give the same bytes.

    Excel wants one document module for the workbook and one for each sheet, named by the
    ``codeName`` that the workbook's own parts give them.
    """
    streams = {module.name: compress(module.source.encode(ENCODING)) for module in modules}
    return compound_file(
        {
            "VBA": {
                "_VBA_PROJECT": NO_COMPILED_FORM,
                "dir": compress(_dir_stream(modules)),
                **streams,
            },
            "PROJECT": _project_stream(modules),
            "PROJECTwm": _name_map(modules),
        }
    )


# ---- the dir stream (2.3.4.2)


def _dir_stream(modules: Sequence[Module]) -> bytes:
    return b"".join([_project_information(), _project_modules(modules), _record(0x0010)])


def _project_information() -> bytes:
    """2.3.4.2.1. There are no references after it: VBA and Excel themselves need none."""
    return b"".join(
        [
            _record(0x0001, _long(SYSTEM_WIN64)),
            _record(0x0002, _long(LANGUAGE)),
            _record(0x0014, _long(LANGUAGE)),
            _record(0x0003, _short(CODE_PAGE)),
            _record(0x0004, PROJECT_NAME.encode(ENCODING)),
            _twice(0x0005, 0x0040, ""),  # description
            _record(0x0006) + _record(0x003D),  # help file
            _record(0x0007, _long(0)),  # help context
            _record(0x0008, _long(0)),  # library flags
            _short(0x0009) + _long(4) + _long(1) + _short(0),  # version 1.0; 4 is no length here
            _twice(0x000C, 0x003C, ""),  # constants
        ]
    )


def _project_modules(modules: Sequence[Module]) -> bytes:
    """2.3.4.2.3."""
    count_and_cookie = _record(0x000F, _short(len(modules))) + _record(0x0013, _short(0xFFFF))
    return count_and_cookie + b"".join(map(_module_record, modules))


def _module_record(module: Module) -> bytes:
    """2.3.4.2.3.2. The source starts at 0 of its stream, as nothing compiled stands before it."""
    return b"".join(
        [
            _twice(0x0019, 0x0047, module.name),
            _twice(0x001A, 0x0032, module.name),  # its stream
            _twice(0x001C, 0x0048, ""),  # description
            _record(0x0031, _long(0)),  # where its source starts
            _record(0x001E, _long(0)),  # help context
            _record(0x002C, _short(0xFFFF)),  # cookie
            _record(0x0021 if module.kind is ModuleKind.PROCEDURES else 0x0022),
            _record(0x002B),
        ]
    )


def _record(number: int, content: bytes = b"") -> bytes:
    return _short(number) + _long(len(content)) + content


def _twice(number: int, unicode_number: int, text: str) -> bytes:
    """A text in the project's code page, then in Unicode."""
    return _record(number, text.encode(ENCODING)) + _record(
        unicode_number, text.encode("utf-16-le")
    )


def _short(number: int) -> bytes:
    return struct.pack("<H", number)


def _long(number: int) -> bytes:
    return struct.pack("<I", number)


# ---- the PROJECT and PROJECTwm streams (2.3.1, 2.3.3)


def _project_stream(modules: Sequence[Module]) -> bytes:
    lines = [
        f'ID="{PROJECT_ID}"',
        *map(_project_module, modules),
        f'Name="{PROJECT_NAME}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_encrypted(_long(0))}"',  # not protected (2.3.1.15)
        f'DPB="{_encrypted(bytes(1))}"',  # no password (2.3.1.16)
        f'GC="{_encrypted(bytes([0xFF]))}"',  # visible (2.3.1.17)
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode(ENCODING)


def _project_module(module: Module) -> str:
    if module.kind is ModuleKind.PROCEDURES:
        return f"Module={module.name}"
    return f"Document={module.name}/&H00000000"


def _encrypted(data: bytes) -> str:
    """Data Encryption (2.4.3.2): a scrambling that guards nothing, but the format wants it."""
    project_key = sum(PROJECT_ID.encode(ENCODING)) & 0xFF
    ignored = bytes((ENCRYPTION_SEED & 6) // 2)
    version = 2
    encrypted = [ENCRYPTION_SEED, ENCRYPTION_SEED ^ version, ENCRYPTION_SEED ^ project_key]
    before = project_key
    for plain in ignored + _long(len(data)) + data:
        encrypted.append(plain ^ (encrypted[-2] + before) & 0xFF)
        before = plain
    return bytes(encrypted).hex().upper()


def _name_map(modules: Sequence[Module]) -> bytes:
    names = (
        module.name.encode(ENCODING) + b"\0" + module.name.encode("utf-16-le") + b"\0\0"
        for module in modules
    )
    return b"".join(names) + b"\0\0"
