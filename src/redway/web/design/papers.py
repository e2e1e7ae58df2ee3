"""A paper sent to a browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import slugify

from redway.figures.documents import Document, write_pdf


def pdf_response(document: Document, build: str) -> HttpResponse:
    """The paper as a PDF, named after its title and day."""
    pictures = settings.REDWAY_HOME.root / "charts" / (build or "none")
    response = HttpResponse(write_pdf(document, pictures), content_type="application/pdf")
    name = f"{slugify(document.title)}-{document.provenance.as_at.isoformat()}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
