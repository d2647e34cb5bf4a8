"""The confidentiality agreement of a mission: read, sign, and its confidential parts open."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.confidentiality import (
    KIND,
    confidentiality_terms,
    sign_confidentiality,
    signed_document,
)
from marketwright.features.contracts.drafting import draw, languages_of
from marketwright.features.contracts.pages.base import check_password, pages
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.pages.signing import SignSchema
from marketwright.features.contracts.paper import Paper
from marketwright.features.missions import queries as missions
from marketwright.features.missions.sight import may_see
from marketwright.kernel.errors import GateClosed, InvalidInput, Missing, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class ConfidentialContext:
    """The text to sign, or what is missing before it can be drawn."""

    mission: str
    title: str
    text: Markup
    form: Form
    name: str
    missing: Sequence[Missing]


@pages.form("/missions/<mission>/confidentiality", FREELANCER.objects("freelancers who may see the mission"))
def confidentiality(mission: str) -> BaseResponse:
    """Sign, so that the confidential parts of the mission open."""
    row = missions.mission(reading(), mission)
    if row is None or not may_see(reading(), house().ports, row, the_viewer()):
        raise NotFound("There is no such {mission}.")
    done = signed_document(reading(), mission, the_viewer().account)
    if done is not None:
        return redirect(url_for("contracts.document", document=done.id), 303)
    missing: Sequence[Missing] = ()
    paper: Paper | None = None
    form = Form(SignSchema())
    try:
        paper = _paper(mission)
        if request.method == "POST" and form.accept(request.form):
            return _signed(mission, paper, form)
    except GateClosed as closed:
        missing = closed.missing
    except InvalidInput as error:
        form.refuse(error)
    if paper is not None:
        form.values["sha256"] = paper.sha256
    context = ConfidentialContext(
        mission=mission, title=row.title, text=text_of(paper.body) if paper else Markup(""), form=form,
        name=the_viewer().name, missing=missing,
    )  # fmt: skip
    return render("contracts/confidentiality.html", context, status=422 if form.errors else 200)


def _paper(mission: str) -> Paper:
    here = house()
    terms = confidentiality_terms(reading(), here.marketplace, mission, the_viewer().account)
    known = languages_of(here.plugins, KIND)
    language = current_locale() if current_locale() in known or not known else known[0]
    return draw(here.plugins, KIND, language, terms)


def _signed(mission: str, paper: Paper, form: Form) -> BaseResponse:
    if not form.value["read"]:
        raise InvalidInput({"read": [say("Please confirm that you have read it.")]})
    check_password(form.value["password"])
    with unit() as uow:
        sign_confidentiality(uow, mission=mission, paper=paper, read=form.value["sha256"])
        uow.commit()
    tell(gettext("Signed. The confidential part of the {mission} is open to you now."))
    return redirect(f"/missions/{mission}", 303)
