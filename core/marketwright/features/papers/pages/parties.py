"""A paper that the two sides sign themselves: read, then signed with the password."""

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import documents
from marketwright.features.contracts.documents import DocumentRow
from marketwright.features.contracts.pages.base import PARTIES, check_password
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.pages.reading import paper_of
from marketwright.features.contracts.pages.signing import SignSchema
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.service import get, may_sign_for
from marketwright.features.papers import queries, service
from marketwright.features.papers.pages.base import find_condition, pages
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.i18n import gettext
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class SignPaperContext:
    """The paper and the form that signs it; ``side`` is '' for who may only read."""

    contract: ContractRow
    document: DocumentRow
    text: Markup
    form: Form
    side: str
    name: str
    back: str


@pages.form("/contracts/<contract>/papers/<handing>/sign", PARTIES)
def sign_paper(contract: str, handing: str) -> BaseResponse:
    """Read a condition's paper and sign it for one's side."""
    row = queries.handing(reading(), handing)
    if row is None or row.contract != contract or not row.document:
        raise NotFound("There is no such paper.")
    seen, _entry = find_condition(contract, row.name)
    back = url_for("papers.hand_in", contract=contract, name=row.name)
    if row.state != "waiting":
        return redirect(back, 303)
    document = documents.document(reading(), row.document)
    assert document is not None
    form = Form(SignSchema(), {"sha256": document.sha256})
    if request.method == "POST" and form.accept(request.form) and _signed(form, handing):
        return redirect(back, 303)
    side = may_sign_for(reading(), get(reading(), contract), the_viewer().account, row.document)
    mine = side if side in row.parties and side not in {s for s, _, _ in row.signed} else ""
    context = SignPaperContext(
        contract=seen.contract, document=document, text=text_of(paper_of(document)), form=form,
        side=mine, name=the_viewer().name, back=back,
    )  # fmt: skip
    return render("papers/sign_party.html", context, status=422 if form.errors else 200)


def _signed(form: Form, handing: str) -> bool:
    try:
        if not form.value["read"]:
            raise InvalidInput({"read": [say("Please confirm that you have read it.")]})
        check_password(form.value["password"])
        with unit() as uow:
            done = service.sign_as_party(uow, handing=handing, sha256=form.value["sha256"])
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except Conflict as error:
        form.refuse(InvalidInput({"": [say(error.template)]}))
        return False
    tell(gettext("Signed by all. What waited for it can go on.") if done else gettext("Signed."))
    return True
