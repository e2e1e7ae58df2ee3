"""What a file is, by its content and never by its name; and the same file without what it tells of its maker.

Taken are PDF, DOCX, XLSX, ODT, JPEG, PNG, text, CSV and emails. Programs, macros, what is run or fetched when
a file is opened, and files that swell when unpacked are refused. Photographs lose place and camera, also
those in office files; PDF and office files lose the names of their authors.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import PurePath

from redway.core.errors import RedwayError
from redway.datasets.errors import NO_ZIP
from redway.web.allegations import pdf_content

LARGEST = 20 * 1024 * 1024
"""Bytes of one document."""
_LARGEST_UNPACKED = 200 * 1024 * 1024
_MOST_MEMBERS = 5_000
_MOST_PIXELS = 100_000_000

KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "jpg": "image/jpeg",
    "png": "image/png",
    "txt": "text/plain",
    "csv": "text/csv",
    "eml": "message/rfc822",
}
"""Extension -> media type of what is taken."""
EXTENSIONS = {media_type: extension for extension, media_type in KINDS.items()}
_TAKEN = "Add a PDF, Word (DOCX), Excel (XLSX), ODT, JPEG, PNG, text, CSV or email (EML) file."
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa",
    b"#!",
    b"L\0\0\0\x01\x14\x02\0",
)
"""First bytes of programs, scripts and shortcuts of Windows, Linux and macOS."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of office files before 2007, whose macros cannot be told."""
_DAMAGED = (*NO_ZIP, zlib.error, RuntimeError, EOFError)
"""What reading a damaged file raises: what opening it may, and what its packed parts may."""
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]?")


class DocumentRefusedError(RedwayError):
    """A file that is not kept: what it is not, or what is wrong in it."""


@dataclass(frozen=True)
class Content:
    """A file as it is kept."""

    media_type: str
    body: bytes


def checked(name: str, body: bytes) -> Content:
    """The file as it is kept. Its ``name`` only tells a CSV from other text.

    Raises DocumentRefusedError for what is too large, empty, of another kind, damaged or dangerous.
    """
    if not body:
        raise DocumentRefusedError("The file is empty.", "Choose another.")
    if len(body) > LARGEST:
        raise DocumentRefusedError(
            f"The file is larger than {LARGEST // 1024 // 1024} MB.", "Make it smaller, or add it in parts."
        )
    if body.startswith(_PROGRAMS):
        raise DocumentRefusedError("The file is a program, whatever its name says.", _TAKEN)
    if body.startswith(b"%PDF-"):
        return Content(KINDS["pdf"], _whole_pdf(body))
    if body.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(body)
    if body.startswith(b"PK\x03\x04"):
        return _office_file(body)
    return _text(name, body)


def _whole_pdf(body: bytes) -> bytes:
    if b"%%EOF" not in body[-2048:]:
        raise DocumentRefusedError("The PDF is cut short.", "Save it again, or scan it again.")
    try:
        if pdf_content.holds_a_program(body):
            raise DocumentRefusedError(
                "The PDF holds a program or another file.", "Print it to a new PDF, and add that."
            )
        return pdf_content.without_authors(body)
    except pdf_content.TooLargeError as error:
        raise DocumentRefusedError(
            "The file swells when it is unpacked.", "Print it to a new PDF."
        ) from error


def _picture(body: bytes) -> Content:
    """Drawn anew from its pixels: nothing else that was in the file is left."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(body), formats=["JPEG", "PNG"]) as found:
            if found.width * found.height > _MOST_PIXELS:
                raise Image.DecompressionBombError
            jpeg = found.format != "PNG"
            upright = ImageOps.exif_transpose(found)
            upright.load()
    except Image.DecompressionBombError as error:
        raise DocumentRefusedError(
            "The picture has more than 100 million pixels.", "Make it smaller and add it again."
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise DocumentRefusedError(
            "The picture is damaged.", "Open it, save it again, and add that."
        ) from error
    see_through = upright.info.get("transparency")
    upright.info = {} if jpeg or see_through is None else {"transparency": see_through}
    drawn = io.BytesIO()
    if jpeg:
        upright.save(drawn, "JPEG", quality=95)
    else:
        upright.save(drawn, "PNG")
    return Content(KINDS["jpg" if jpeg else "png"], drawn.getvalue())


def _office_file(body: bytes) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            kind = _office_kind(packed)
            return Content(KINDS[kind], _without_authors(packed))
    except _DAMAGED as error:
        raise DocumentRefusedError("The file is damaged.", "Open it, save it again, and add that.") from error


def _office_kind(packed: zipfile.ZipFile) -> str:
    members = packed.infolist()
    names = [one.filename for one in members]
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > _LARGEST_UNPACKED:
        raise DocumentRefusedError("The file swells when it is unpacked.", "Add its contents one by one.")
    if any(one.flag_bits & 1 for one in members):
        raise DocumentRefusedError("The file is locked with a password.", "Save it without, and add that.")
    if len(set(names)) < len(names):
        raise DocumentRefusedError("The file is damaged.", "Open it, save it again, and add that.")
    if any(_is_macro(name) for name in names):
        raise DocumentRefusedError("The file holds macros.", "Save it without macros (DOCX, XLSX, ODT).")
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return "docx"
        if "xl/workbook.xml" in names:
            return "xlsx"
    odt = KINDS["odt"].encode()
    if "mimetype" in names and packed.getinfo("mimetype").file_size < 100 and packed.read("mimetype") == odt:
        return "odt"
    raise DocumentRefusedError("The file is an archive of another kind.", _TAKEN)


def _is_macro(name: str) -> bool:
    folders = ("Basic/", "Scripts/", "word/activeX/", "xl/activeX/", "xl/macrosheets/")
    return PurePath(name.lower()).name in ("vbaproject.bin", "vbadata.xml") or name.startswith(folders)


_DECLARED = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN_XML = b"http://schemas.openxmlformats.org/"
_OASIS = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_EMPTIED = {
    "docProps/core.xml": _DECLARED
    + b'<cp:coreProperties xmlns:cp="'
    + _OPEN_XML
    + b'package/2006/metadata/core-properties"/>',
    "docProps/app.xml": _DECLARED
    + b'<Properties xmlns="'
    + _OPEN_XML
    + b'officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": _DECLARED
    + b'<Properties xmlns="'
    + _OPEN_XML
    + b'officeDocument/2006/custom-properties"/>',
    "meta.xml": _DECLARED
    + b'<office:document-meta xmlns:office="'
    + _OASIS
    + b'" office:version="1.2"><office:meta/></office:document-meta>',
}
"""Where office files tell who wrote and saved them, and when -> the same part saying nothing."""


def _without_authors(packed: zipfile.ZipFile) -> bytes:
    written = io.BytesIO()
    left = _LARGEST_UNPACKED
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as clean:
        for member in packed.infolist():
            with packed.open(member) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0:
                raise DocumentRefusedError(
                    "The file swells when it is unpacked.", "Add its contents one by one."
                )
            if part.startswith((b"MZ\x90", b"\x7fELF")):
                raise DocumentRefusedError("The file holds a program.", "Save it without, and add that.")
            # Programs look for the kind of an OpenDocument file in its first part, not packed.
            how = zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            part = _EMPTIED.get(member.filename) or _part(member.filename, part)
            entry = zipfile.ZipInfo(member.filename, date_time=(1980, 1, 1, 0, 0, 0))
            clean.writestr(entry, part, how)
    return written.getvalue()


_RELATIONSHIP = re.compile(rb"<Relationship\b[^>]*>")
_TARGET = re.compile(rb"""(\bTarget=)("[^"]*"|'[^']*')""")


def _part(name: str, part: bytes) -> bytes:
    """A part of an office file: its photographs tell nothing, and nothing is fetched when it is opened."""
    if part.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        try:
            return _picture(part).body
        except DocumentRefusedError as error:
            problem = "A picture in the file is damaged or too large."
            raise DocumentRefusedError(problem, "Take it out, or save the file as PDF.") from error
    if name.endswith(".rels"):
        return _RELATIONSHIP.sub(_to_nowhere, part)
    return part


def _to_nowhere(found: re.Match[bytes]) -> bytes:
    """A link to a template elsewhere tells whose computer it lay on, and can bring a program with it."""
    link = found[0]
    if b"External" not in link:
        return link
    if b"/attachedTemplate" in link:
        return _TARGET.sub(rb'\1"Normal.dotm"', link)
    if b"/oleObject" in link or b"/frame" in link or b"/subDocument" in link:
        raise DocumentRefusedError(
            "The file fetches another one when it is opened.", "Save it as PDF, and add that."
        )
    return link


def _text(name: str, body: bytes) -> Content:
    text = _decoded(body)
    if text is None:
        raise DocumentRefusedError("The file is of a kind that is not kept.", _TAKEN)
    if text.lstrip("\ufeff \t\r\n").casefold().startswith(_MARKED_UP):
        raise DocumentRefusedError("The file is a web page, a drawing or rich text.", "Save it as PDF.")
    if _is_email(body):
        return Content(KINDS["eml"], _email_without_programs(body))
    return Content(KINDS["csv" if PurePath(name.lower()).suffix == ".csv" else "txt"], body)


_MARKED_UP = ("<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "{\\rtf")
"""How files begin that a program would run or draw, and not only show."""


def _decoded(body: bytes) -> str | None:
    """The text of a file; None when it is none."""
    for encoding in ("utf-16",) if body.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(sign < " " and sign not in "\t\n\r\f" for sign in text) else text
    return None


def _is_email(body: bytes) -> bool:
    if not _HEADER.match(body):
        return False
    message = message_from_bytes(body, policy=policy.compat32)
    return "from" in message and ("date" in message or "subject" in message or "received" in message)


def _email_without_programs(body: bytes) -> bytes:
    for part in message_from_bytes(body, policy=policy.compat32).walk():
        inside = part.get_payload(decode=True)
        if not isinstance(inside, bytes):
            continue
        if inside.startswith((*_PROGRAMS, _OLD_OFFICE)):
            raise DocumentRefusedError(
                "A program, or an office file of an old kind, is attached to the email.",
                "Save the email without it, and add that.",
            )
        if inside.startswith(b"PK\x03\x04"):
            _office_file(inside)
        elif inside.startswith(b"%PDF-"):
            _whole_pdf(inside)
    return body
