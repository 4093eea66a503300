"""Notes on cells, the old kind and the new."""

from __future__ import annotations

from tests.whole.features.kinds import (
    MICROSOFT,
    MICROSOFT_LINKS,
    SHEETS,
    VML_TYPE,
)
from tests.whole.workbook import MAIN, Workbook

PERSON = "{11111111-2222-4333-8444-555555555555}"


def threaded_comments(book: Workbook) -> None:
    sheet = book.sheet("Scorecard")
    thread = "{21111111-2222-4333-8444-555555555555}"
    answer = "{31111111-2222-4333-8444-555555555555}"
    space = f"{MICROSOFT_LINKS}/spreadsheetml/2018/threadedcomments"
    person = book.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{space}" xmlns:x="{MAIN}"><person displayName="A Reader" '
        f'id="{PERSON}" userId="reader" providerId="None"/></personList>',
        f"{MICROSOFT}.person+xml",
    )
    book.link("xl/workbook.xml", f"{MICROSOFT_LINKS}/2017/10/relationships/person", person)
    threads = book.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{space}" xmlns:x="{MAIN}">'
        f'<threadedComment ref="F5" dT="2014-04-02T12:46:23.49" personId="{PERSON}" id="{thread}">'
        f"<text>Why is this Amber?</text></threadedComment>"
        f'<threadedComment ref="F5" dT="2014-04-02T13:00:00.00" personId="{PERSON}" id="{answer}" '
        f'parentId="{thread}"><text>See the plan.</text></threadedComment></ThreadedComments>',
        f"{MICROSOFT}.threadedcomments+xml",
    )
    kind = f"{MICROSOFT_LINKS}/2017/10/relationships/threadedComment"
    book.link(sheet, kind, threads)
    _notes(book, sheet, {"F5": "[Threaded comment] Why is this Amber?"}, author=f"tc={thread}")


def notes_on_cells(book: Workbook) -> None:
    _notes(book, book.sheet("Checks"), {"A4": "Sorted by how bad it is.", "D5": "Seen on Monday."})
    _notes(book, book.sheet("Court"), {"B6": "Checked with the court's list."})


def _notes(book: Workbook, sheet: str, notes: dict[str, str], author: str = "A Reader") -> None:
    number = book.number("xl/comments")
    comments = "".join(
        f'<comment ref="{cell}" authorId="0" shapeId="0"><text><r><rPr><b/><sz val="9"/></rPr>'
        f"<t>{text}</t></r></text></comment>"
        for cell, text in notes.items()
    )
    part = book.add(
        f"xl/comments{number}.xml",
        f'<comments xmlns="{MAIN}"><authors><author>{author}</author></authors>'
        f"<commentList>{comments}</commentList></comments>",
        f"{SHEETS}.comments+xml",
    )
    book.link(sheet, "comments", part)
    book.declare_extension("vml", VML_TYPE)
    shapes = "".join(
        f'<v:shape id="_x0000_s{1024 * number + i}" type="#_x0000_t202" '
        "style='position:absolute;width:96pt;height:55pt;visibility:hidden' o:insetmode=\"auto\">"
        '<v:textbox><div style="text-align:left"></div></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        f"<x:Anchor>1, 16, {i}, 1, 3, 16, {i + 4}, 7</x:Anchor><x:Row>{i}</x:Row>"
        "<x:Column>0</x:Column></x:ClientData></v:shape>"
        for i in range(len(notes))
    )
    vml = book.add(
        f"xl/drawings/vmlDrawing{book.number('xl/drawings/vmlDrawing')}.vml",
        (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n'
            ' xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
            ' xmlns:x="urn:schemas-microsoft-com:office:excel">\r\n'
            f' <o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{number}"/>'
            "</o:shapelayout>"
            '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
            'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/></v:shapetype>'
            f"{shapes}</xml>"
        ).encode(),
    )
    book.insert(sheet, f'<legacyDrawing r:id="{book.link(sheet, "vmlDrawing", vml)}"/>')
