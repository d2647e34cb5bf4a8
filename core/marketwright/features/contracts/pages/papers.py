"""Papers: read on the page, printed, downloaded as the bytes that were signed."""

from collections.abc import Sequence

from flask import Response, redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.documents import DocumentRow, SignatureRow
from marketwright.features.contracts.pages.base import READERS, find_document, pages
from marketwright.features.contracts.pages.reading import paper_of
from marketwright.features.contracts.paper import article
from marketwright.features.contracts.service import get, may_sign_for
from marketwright.features.papers import queries as papers
from marketwright.features.papers.queries import OutsideSignatureRow
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import reading, the_viewer
from marketwright.web.i18n import speaking
from marketwright.web.pdf import can_pdf, pdf_page
from marketwright.web.render import render


@dataclass(frozen=True, slots=True)
class PaperContext:
    """A paper on its own sheet; ``text`` is the stored text, escaped when it was made."""

    document: DocumentRow
    text: Markup
    signatures: Sequence[SignatureRow]
    outside: Sequence[OutsideSignatureRow]
    back: str
    back_label: str
    sign_url: str
    as_pdf: bool


def text_of(body: bytes) -> Markup:
    """The text of a stored paper as markup: core made it, every word escaped."""
    return Markup(article(body))  # noqa: S704


@pages.get("/documents/<document>", READERS)
def document(document: str) -> BaseResponse:
    """Read a paper."""
    return render("contracts/document.html", _paper(document))


@pages.get("/documents/<document>/pdf", READERS)
def document_pdf(document: str) -> BaseResponse:
    """The paper as PDF, with its record of signatures: to file away. What was signed are the bytes of `download`.

    The record speaks the paper's language, whoever files it.
    """
    if not can_pdf():
        raise NotFound("Papers are not made into PDF here; the text can be downloaded.")
    context = _paper(document)
    with speaking(context.document.language):
        return pdf_page("contracts/document.html", context, f"{context.document.kind}-{context.document.id}")


def _paper(document: str) -> PaperContext:
    row, contract = find_document(document)
    back = url_for("contracts.show", contract=contract.id) if contract else f"/missions/{row.mission}"
    return PaperContext(
        document=row, text=text_of(paper_of(row)), signatures=row.signatures,
        outside=papers.outside_signatures(reading(), document), back=back,
        back_label=contract.title if contract else "", sign_url=_sign_url(row),
        as_pdf=can_pdf(),
    )  # fmt: skip


def _sign_url(row: DocumentRow) -> str:
    """Where the viewer signs it, when it waits for them."""
    if row.contract is None:
        return ""
    contract = get(reading(), row.contract)
    side = may_sign_for(reading(), contract, the_viewer().account, row.id)
    waits = (contract.state == "SENT" and contract.document_id == row.id) or (
        contract.state == "ACTIVE" and row.amendment != ""
    )
    mine = side and side not in {s.side for s in row.signatures}
    return url_for("contracts.sign", document=row.id) if waits and mine else ""


@pages.get("/documents/<document>/download", READERS)
def download(document: str) -> BaseResponse:
    """The bytes as they were signed: their SHA-256 is the one that stands on the page."""
    row, _contract = find_document(document)
    name = f"{row.kind}-{row.id}.html"
    return Response(paper_of(row), mimetype="text/html; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Sha256": row.sha256,
        "Cache-Control": "private, no-store",
    })  # fmt: skip


@pages.get("/contracts/<contract>/documents/<document>", READERS)
def document_of(contract: str, document: str) -> BaseResponse:
    """The same paper, by way of its contract."""
    if (find_document(document)[0].contract or "") != contract:
        raise NotFound("There is no such document.")
    return redirect(url_for("contracts.document", document=document), 303)
