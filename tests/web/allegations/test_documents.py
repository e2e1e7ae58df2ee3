"""Documents of a case: told by their content, encrypted on disk, open to those on the case alone."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from redway.core.home import Home
from redway.web.allegations import document_store, rotation
from redway.web.allegations.document_content import KINDS, LARGEST, DocumentRefusedError, checked
from redway.web.allegations.encryption import key_number
from redway.web.allegations.models import Capacity, Case, Document, Named
from redway.web.allegations.services import documents
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.backup import make_backup, restore_backup
from redway.web.people.models import Person
from web.allegations.a_case import NOON, TODAY, again, done, opened
from web.pages import text_of, visitor

pytestmark = pytest.mark.usefixtures("clock", "home")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EMAIL = b"From: head@example.org\r\nTo: lado@example.org\r\nSubject: Statement\r\n\r\nAs attached.\r\n"


def picture(kind: str = "JPEG", *, place: bool = True) -> bytes:
    """A small picture that tells where it was taken and turned on its side."""
    made, exif = io.BytesIO(), Image.Exif()
    if place:
        exif[0x010F] = "Camera of Sam Stone"
        exif[0x0112] = 6
    Image.new("RGB", (40, 20), "navy").save(made, kind, exif=exif)
    return made.getvalue()


def office(main: str = "word/document.xml", **more: bytes) -> bytes:
    """A file as an office program writes it, with its author."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(main, "<document>What the head saw.</document>")
        packed.writestr("docProps/core.xml", "<creator>Sam Stone</creator>")
        for name, body in more.items():
            packed.writestr(name.replace("__", "/"), body)
    return made.getvalue()


ELSEWHERE = (
    b'<Relationships><Relationship Type="http://x/oleObject" Target="http://evil.example/a" '
    b'TargetMode="External"/></Relationships>'
)


def packed_pdf(info: bytes) -> bytes:
    """A PDF as newer programs write it: its information dictionary, object 4, lies in an object stream."""
    objects = [b"<</Kids[]/Metadata 9 0 R>>", info, b"(Sam Stone stays: part of the page)"]
    heads, at = [], 0
    for number, one in zip((3, 4, 5), objects, strict=True):
        heads.append(b"%d %d" % (number, at))
        at += len(one) + 1
    head = b" ".join(heads) + b" "
    stream = zlib.compress(head + b" ".join(objects))
    return (
        b"%PDF-1.7\n8 0 obj\n"
        + b"<</Type/ObjStm/N 3/First %d/Length %d/Filter/FlateDecode>>" % (len(head), len(stream))
        + b"stream\n"
        + stream
        + b"\nendstream\nendobj\n7 0 obj\n<</Type/XRef/Info 4 0 R/Root 3 0 R>>\nendobj\n%%EOF\n"
    )


def open_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("mimetype", KINDS["odt"])
        packed.writestr("content.xml", "<text/>")
        packed.writestr("meta.xml", "<creator>Sam Stone</creator>")
    return made.getvalue()


# --- what a file is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("letter.pdf", PDF, "pdf"),
        ("letter.exe", PDF, "pdf"),
        ("photo.png", picture(), "jpg"),
        ("scan", picture("PNG"), "png"),
        ("statement.docx", office(), "docx"),
        ("hours.xlsx", office("xl/workbook.xml"), "xlsx"),
        ("statement.odt", open_document(), "odt"),
        ("note.txt", "She said ‘no’.\n".encode(), "txt"),
        ("note", "Café".encode("cp1252"), "txt"),
        ("note.txt", "Unicode of Windows".encode("utf-16"), "txt"),
        ("hours.CSV", b"day,hours\n1,2\n", "csv"),
        ("statement.txt", EMAIL, "eml"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, body: bytes, kind: str) -> None:
    assert checked(name, body).media_type == KINDS[kind]


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("photo.jpg", b"MZ\x90\0\x03\0\0\0", "is a program"),
        ("photo.jpg", b"\x7fELF\x02\x01", "is a program"),
        ("note.txt", b"#!/bin/sh\nrm -rf /\n", "is a program"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 nothing more", "picture is damaged"),
        ("photo.jpg", picture()[:200], "picture is damaged"),
        ("letter.pdf", b"%PDF-1.7\nhalf", "cut short"),
        ("statement.docx", office()[:150], "is damaged"),
        ("files.zip", office("holiday.jpg"), "archive of another kind"),
        (
            "statement.docm",
            office(**{"word/vbaProject.bin": b"x"}),
            "holds macros",
        ),
        ("statement.docx", office(word__embeddings__1=b"MZ\x90\0"), "holds a program"),
        ("video.mp4", b"\0\0\0\x20ftypisom\0\0", "of a kind that is not kept"),
        ("empty.txt", b"", "is empty"),
        ("long.txt", b"a" * (LARGEST + 1), "larger than 20 MB"),
        ("photo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='run()'/>", "web page, a drawing"),
        ("note.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>run()</script>", "web page, a drawing"),
        ("note.txt", "<html>".encode("utf-16"), "web page, a drawing"),
        ("note.txt", b"{\\rtf1 {\\object}}", "rich text"),
        ("statement.docx", office(word__activeX__activeX1=b"x"), "holds macros"),
        ("statement.docx", office(**{"word/_rels/document.xml.rels": ELSEWHERE}), "fetches another one"),
        ("letter.pdf", PDF.replace(b"<<>>\nendobj", b"<</S/JavaScript/JS(run)>>\nendobj"), "holds a program"),
        ("letter.pdf", PDF.replace(b"<<>>\nendobj", b"<</S/Launch>>\nendobj"), "holds a program"),
        ("letter.pdf", packed_pdf(b"<</S/JavaScript/JS(run)>>"), "holds a program"),
        (
            "statement.eml",
            EMAIL.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n0M8R4KGxGuE=\r\n"),
            "office file of an old kind",
        ),
        (
            "statement.eml",
            EMAIL.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\nTVqQAAMAAAA=\r\n"),
            "A program, or an office file of an old kind, is attached",
        ),
    ],
)
def test_what_is_no_document_is_refused_and_told_why(name: str, body: bytes, why: str) -> None:
    with pytest.raises(DocumentRefusedError, match=why):
        checked(name, body)


def test_a_file_that_swells_is_refused_before_it_is_unpacked() -> None:
    bomb = office(word__media__1=b"\0" * (201 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    with pytest.raises(DocumentRefusedError, match="swells"):
        checked("statement.docx", bomb)


def test_a_file_that_lies_about_its_size_is_stopped_while_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("redway.web.allegations.document_content._LARGEST_UNPACKED", 1000)
    body = office(word__media__1=b"\0" * 5000)
    at = body.rfind(b"PK\x01\x02", 0, body.rfind(b"PK\x05\x06"))
    lying = body[: at + 24] + (10).to_bytes(4, "little") + body[at + 28 :]
    with pytest.raises(DocumentRefusedError):
        checked("statement.docx", lying)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn() -> None:
    body = bytearray(picture("PNG", place=False))
    body[16:24] = (60_000).to_bytes(4, "big") * 2
    body[29:33] = zlib.crc32(bytes(body[12:29])).to_bytes(4, "big")
    with pytest.raises(DocumentRefusedError, match="100 million pixels"):
        checked("photo.png", bytes(body))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photograph_stands_upright_and_tells_nothing_of_its_maker(kind: str) -> None:
    kept = checked("photo.jpg", picture(kind) + b"Sam Stone was here").body
    assert b"Sam Stone" in picture(kind)
    assert b"Sam Stone" not in kept
    with Image.open(io.BytesIO(kept)) as found:
        assert (found.size, dict(found.getexif())) == ((20, 40), {})


@pytest.mark.parametrize("body", [office(), office("xl/workbook.xml"), open_document()])
def test_an_office_file_keeps_its_words_and_loses_its_authors(body: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(checked("statement", body).body)) as kept:
        assert not any(b"Sam Stone" in kept.read(name) for name in kept.namelist())
        assert kept.testzip() is None
        with zipfile.ZipFile(io.BytesIO(body)) as came:
            assert kept.namelist() == came.namelist()


def test_photographs_in_an_office_file_and_the_folder_of_its_template_tell_nothing() -> None:
    template = (
        b'<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/attachedTemplate" Target="file:///C:\\Users\\Sam%20Stone\\Letter.dotm" '
        b'TargetMode="External"/></Relationships>'
    )
    body = office(
        **{"word/media/image1.jpeg": picture(), "word/_rels/settings.xml.rels": template},
    )
    with zipfile.ZipFile(io.BytesIO(checked("statement.docx", body).body)) as kept:
        assert not any(b"Sam" in kept.read(name) for name in kept.namelist())
        assert b'Id="rId1"' in kept.read("word/_rels/settings.xml.rels")
        with Image.open(io.BytesIO(kept.read("word/media/image1.jpeg"))) as found:
            assert dict(found.getexif()) == {}


INFO = b"<</Author(Sam \\(S.\\) Stone)/Title<53616D2053746F6E65>/Producer(Word (of Sam Stone))>>"


def test_a_pdf_loses_its_information_and_metadata_and_no_offset_moves() -> None:
    plain = (
        b"%PDF-1.4\n1 0 obj\n<</Metadata 2 0 R>>\nendobj\n14 0 obj\n(Sam Stone stays)\nendobj\n2 0 obj\n"
        b"<</Type/Metadata>>stream\n<?xpacket begin='' id='x'?><dc:creator>Sam Stone</dc:creator>"
        b"<?xpacket end='w'?>\nendstream\nendobj\n4 0 obj\n" + INFO + b"\nendobj\n"
        b"trailer\n<</Root 1 0 R/Info 4 0 R>>\n%%EOF\n"
    )
    kept = checked("letter.pdf", plain).body
    assert len(kept) == len(plain)
    assert kept.count(b"Sam") == 1
    assert b"Sam Stone stays" in kept
    assert b"53616D" not in kept
    assert b"/Info" not in kept
    assert b"/Metadata 2" not in kept


def test_so_does_one_in_which_they_are_packed() -> None:
    body = packed_pdf(INFO)
    kept = checked("letter.pdf", body).body
    assert len(kept) == len(body)
    start = kept.index(b"stream\n") + 7
    opened = zlib.decompressobj().decompress(kept[start:])
    assert opened.count(b"Sam Stone") == 1
    assert b"Sam Stone stays" in opened
    assert b"/Metadata" not in opened
    assert b"/Info" not in kept


def test_a_signed_pdf_stays_as_it_was_signed() -> None:
    signed = PDF.replace(b"<<>>\nendobj", INFO + b"\nendobj\n5 0 obj\n<</ByteRange[0 1 2 3]>>\nendobj")
    assert checked("order.pdf", signed).body == signed


def test_a_pdf_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redway.web.allegations.pdf_content.LARGEST_UNPACKED", 1000)
    with pytest.raises(DocumentRefusedError, match="swells"):
        checked("letter.pdf", packed_pdf(b"(" + b" " * 5000 + b")"))


def test_a_real_pdf_keeps_every_page() -> None:
    from redway.figures.letters import Letter, write_letter

    paper = write_letter(Letter("Outcome", "Milton Keynes", "Case 23456", TODAY, paragraphs=["Dear Jo,"]))
    kept = checked("letter.pdf", paper).body
    assert len(kept) == len(paper)
    assert b"xmpmeta" in paper
    assert b"xmpmeta" not in kept
    drawn = re.compile(rb"/FlateDecode[^\n]*>>\s*stream\r?\n(.*?)\nendstream", re.DOTALL)
    pages = [zlib.decompressobj().decompress(found) for found in drawn.findall(paper)]
    assert pages
    assert pages == [zlib.decompressobj().decompress(found) for found in drawn.findall(kept)]


# --- kept with the case -------------------------------------------------------------------------------------


@pytest.fixture
def case(harriet: Person, leah: Person) -> Case:
    return opened(harriet, leah)


@pytest.fixture
def document(case: Case, leah: Person) -> Document:
    documents.add_document(actor=leah, case=case, title="Statement of Sam", name="s.pdf", body=PDF)
    return case.documents.get()


def on_disk(home: Home) -> list[Any]:
    return sorted(home.documents.iterdir()) if home.documents.is_dir() else []


def test_on_disk_it_is_encrypted_under_a_name_that_says_nothing(home: Home, document: Document) -> None:
    (file,) = on_disk(home)
    assert file.name == document.key
    assert b"PDF" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.documents.stat().st_mode) == 0o700
    assert document_store.bytes_of(document.key) == PDF


def test_a_stop_half_way_leaves_neither_file_nor_row(
    home: Home, case: Case, leah: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    before = case.revision
    monkeypatch.setattr(audit, "record", stop)
    with pytest.raises(KeyboardInterrupt):
        documents.add_document(actor=leah, case=case, title="Statement", name="s.pdf", body=PDF)
    assert (on_disk(home), case.documents.count(), again(case).revision) == ([], 0, before)


def test_it_is_taken_away_as_a_file_that_no_browser_shows_or_keeps(
    case: Case, document: Document, leah: Person
) -> None:
    answer = visitor(leah).get(f"/allegations/cases/{case.key}/documents/{document.key}/")
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Disposition"] == f'attachment; filename="case-{case.key}-{document.key}.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store, private")
    read = AuditEntry.objects.get(verb="allegation.read_document")
    assert (read.actor, read.subject_id, read.sensitive_read) == (leah, case.key, True)
    assert document.key in read.details
    assert "Statement" not in read.details


def test_it_is_added_on_the_page_and_listed_on_the_case(case: Case, leah: Person, home: Home) -> None:
    browser, address = visitor(leah), f"/allegations/cases/{case.key}/documents/add/"
    assert browser.get(address).status_code == 200
    sent = {"title": "Photograph of the room", "file": SimpleUploadedFile("room.jpg", picture())}
    assert browser.post(address, sent).url == f"/allegations/cases/{case.key}/#documents"
    shown = text_of(browser.get(f"/allegations/cases/{case.key}/"))
    assert "Photograph of the room" in shown
    assert "JPG, 1 kB, added by Leah Lane" in shown


def test_a_program_under_another_name_is_refused_on_the_page(case: Case, leah: Person, home: Home) -> None:
    sent = {"title": "Photograph", "file": SimpleUploadedFile("photo.jpg", b"MZ\x90\0\x03", "image/jpeg")}
    shown = text_of(visitor(leah).post(f"/allegations/cases/{case.key}/documents/add/", sent))
    assert "The file is a program, whatever its name says." in shown
    assert (case.documents.count(), on_disk(home)) == (0, [])


def test_a_large_file_never_lies_on_disk_unencrypted(
    case: Case, leah: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("written to disk")

    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    body = PDF + b"%" * 4_000_000 + b"\n%%EOF"
    sent = {"title": "Report", "file": SimpleUploadedFile("report.pdf", body)}
    assert visitor(leah).post(f"/allegations/cases/{case.key}/documents/add/", sent).status_code == 302
    assert case.documents.get().size == len(body)


def test_withdrawn_it_is_never_shown_again_and_the_reason_stays(
    case: Case, document: Document, leah: Person
) -> None:
    browser = visitor(leah)
    with pytest.raises(ChangeRefusedError, match="Say why"):
        done(documents.withdraw_document, leah, case, document=document, because=" ")
    done(documents.share_document, leah, case, document=document, shared=True)
    done(documents.withdraw_document, leah, case, document=document, because="It is about another.")
    for path in (
        f"documents/{document.key}/",
        f"shared/{document.key}/",
        f"withdraw-document/{document.key}/",
    ):
        assert browser.get(f"/allegations/cases/{case.key}/{path}").status_code == 404
    shown = text_of(browser.get(f"/allegations/cases/{case.key}/"))
    assert "It is about another." in shown
    assert "Statement of Sam" not in shown
    with pytest.raises(ChangeRefusedError, match="withdrawn already"):
        done(documents.share_document, leah, case, document=document, shared=True)


def test_an_officer_elsewhere_opens_only_what_is_shared(
    case: Case, document: Document, leah: Person, make_person: Callable[..., Person]
) -> None:
    elsewhere = make_person("lado", full_name="Olu Elsewhere", authority="822")
    Named.objects.create(
        case=case, person=elsewhere, capacity=Capacity.EXTERNAL, from_at=NOON, until=NOON + timedelta(days=3)
    )
    theirs = visitor(elsewhere)
    shared = f"/allegations/cases/{case.key}/shared/{document.key}/"
    assert theirs.get(shared).status_code == 404
    done(documents.share_document, leah, case, document=document, shared=True)
    assert theirs.get(shared).content == PDF
    assert shared in text_of(theirs.get(f"/allegations/cases/{case.key}/shared/"))
    assert theirs.get(f"/allegations/cases/{case.key}/documents/{document.key}/").status_code == 404
    Named.objects.filter(person=elsewhere).update(until=NOON)
    assert theirs.get(shared).status_code == 404


def test_to_strangers_its_subject_and_other_cases_it_does_not_exist(
    case: Case, document: Document, harriet: Person, leah: Person, make_person: Callable[..., Person]
) -> None:
    path = f"/allegations/cases/{case.key}/documents/{document.key}/"
    for person in (harriet, make_person("deputy_lado"), make_person("administrator")):
        assert visitor(person).get(path).status_code == 404
    other = opened(harriet, leah)
    assert visitor(leah).get(f"/allegations/cases/{other.key}/documents/{document.key}/").status_code == 404
    case.subject.account = leah
    case.subject.save()
    assert visitor(leah).get(path).status_code == 404


# --- kept safe ----------------------------------------------------------------------------------------------


def test_new_keys_reach_the_documents_too(document: Document, home: Home) -> None:
    (file,) = on_disk(home)
    former = file.read_bytes()
    rotated = rotation.rotate()
    assert (rotated.documents, key_number(file.read_bytes())) == (1, rotated.key)
    assert file.read_bytes() != former
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert document_store.bytes_of(document.key) == PDF


def test_stopped_among_the_documents_it_goes_on_with_the_same_key(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(newest: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(document_store, "encrypt_anew", stop)
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate()
    rotated = rotation.rotate()
    assert (rotated.resumed, rotated.values, rotated.documents) == (True, 0, 1)
    assert document_store.bytes_of(document.key) == PDF


@pytest.mark.django_db(transaction=True)
def test_a_backup_brings_documents_back_encrypted(
    document: Document, home: Home, tmp_path: Any, settings: Any, request: pytest.FixtureRequest
) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is restored into an empty database; test_postgres.py does")
    made = make_backup(home, tmp_path / "kept.zip", at=NOON)
    elsewhere = Home(tmp_path / "elsewhere" / "home")
    restore_backup(made.path, elsewhere, at=NOON)
    file = elsewhere.documents / document.key
    assert file.read_bytes() == (home.documents / document.key).read_bytes()
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    settings.REDWAY_HOME = elsewhere
    assert document_store.bytes_of(document.key) == PDF
