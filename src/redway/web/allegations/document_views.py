"""Pages of the documents of a case: added, and taken away by those to whom they are open."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.web.allegations.access import access_case
from redway.web.allegations.case_deed_views import problems_of
from redway.web.allegations.case_pages import address, title_of, trail_of
from redway.web.allegations.document_content import EXTENSIONS, LARGEST
from redway.web.allegations.models import Case, Document
from redway.web.allegations.services import documents
from redway.web.design.form_fields import line
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.security import takes_files_in_memory


class AddDocumentForm(forms.Form):
    """A file and what it is."""

    title = line(
        "What the document is", "For example, statement of the head", missing="Say what the document is"
    )
    file = forms.FileField(
        label="File",
        help_text="PDF, Word (DOCX), Excel (XLSX), ODT, JPEG, PNG, text, CSV or email (EML), up to 20 MB. "
        "The names of its authors and the place of a photograph are taken out.",
        max_length=None,
        error_messages={"required": "Choose a file", "empty": "The file is empty: choose another"},
    )


@takes_files_in_memory(LARGEST + 1024 * 1024)
@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.work", of="allegation")
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Add a document to the case."""
    case = access_case(request, key, "allegation.work")
    assert isinstance(request.user, Person)
    if case.state not in documents.HELD:
        messages.info(request, "This cannot be done as the case stands now.")
        return redirect(address(case, "documents"))
    form = AddDocumentForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            documents.add_document(
                actor=request.user,
                case=case,
                title=form.cleaned_data["title"],
                name=file.name,
                body=file.read(),
            )
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error("file", problem)
        else:
            messages.success(request, "The document is kept with the case.")
            return redirect(address(case, "documents"))
    context = {
        "title": title_of(case),
        "form": form,
        "back_address": address(case, "documents"),
        "breadcrumbs": trail_of(request, case, "allegation.work"),
    }
    return render(request, "allegations/case/add_document.html", context)


@require_safe
@needs("allegation.view", of="allegation")
def document(request: HttpRequest, key: str, item: str) -> HttpResponse:
    """Take a document away, as somebody on the case."""
    case = access_case(request, key, "allegation.view")
    return _file(request, case, item, only_shared=False)


@require_safe
@needs("allegation.shared", of="allegation")
def shared_document(request: HttpRequest, key: str, item: str) -> HttpResponse:
    """Take a document away that is shared, as an officer of another authority."""
    case = access_case(request, key, "allegation.shared")
    return _file(request, case, item, only_shared=True)


def _file(request: HttpRequest, case: Case, item: str, *, only_shared: bool) -> HttpResponse:
    assert isinstance(request.user, Person)
    found, body = documents.read_document(actor=request.user, case=case, key=item, only_shared=only_shared)
    return kept_private(body, found.media_type, _name(case, found))


def kept_private(body: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to be saved and never shown in the browser, nor kept by it or by anything on the way."""
    response = HttpResponse(body, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _name(case: Case, found: Document) -> str:
    """A name that says nothing: it stays in the list of what was downloaded."""
    return f"case-{case.key}-{found.key}.{EXTENSIONS[found.media_type]}"
