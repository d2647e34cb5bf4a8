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
    terms_to_read,
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
from marketwright.web.i18n import current_locale, gettext, speaking
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class ConfidentialContext:
    """The text to sign, or what is missing before it can be drawn; ``unnamed``: it keeps back who the client is."""

    mission: str
    title: str
    text: Markup
    form: Form
    name: str
    missing: Sequence[Missing]
    unnamed: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """The agreement as it is read before the signature, and as it is kept with it: the second names both parties."""

    shown: Paper
    kept: Paper


@pages.form("/missions/<mission>/confidentiality", FREELANCER.objects("freelancers who may see the mission"))
def confidentiality(mission: str) -> BaseResponse:
    """Sign, so that the confidential parts of the mission open."""
    row = missions.mission(reading(), mission)
    if row is None or not may_see(reading(), house().ports, row, the_viewer()):
        raise NotFound("There is no such {mission}.")
    done = signed_document(reading(), mission, the_viewer().account)
    if done is not None:
        return redirect(url_for("contracts.document", document=done.id), 303)
    if not row.confidential:
        raise NotFound("There is no such document.")
    missing: Sequence[Missing] = ()
    papers: Papers | None = None
    form = Form(SignSchema())
    try:
        papers = _papers(mission)
        if request.method == "POST" and form.accept(request.form):
            return _signed(mission, papers, form)
    except GateClosed as closed:
        missing = closed.missing
    except InvalidInput as error:
        form.refuse(error)
    if papers is not None:
        form.values["sha256"] = papers.shown.sha256
    context = ConfidentialContext(
        mission=mission, title=row.title, text=text_of(papers.shown.body) if papers else Markup(""), form=form,
        name=the_viewer().name, missing=missing, unnamed=papers is not None and papers.shown != papers.kept,
    )  # fmt: skip
    return render("contracts/confidentiality.html", context, status=422 if form.errors else 200)


def _papers(mission: str) -> Papers:
    here = house()
    terms = confidentiality_terms(reading(), here.marketplace, mission, the_viewer().account)
    known = languages_of(here.plugins, KIND)
    language = current_locale() if current_locale() in known or not known else known[0]
    with speaking(language):
        read = terms_to_read(reading(), mission, terms, language)
    return Papers(draw(here.plugins, KIND, language, read), draw(here.plugins, KIND, language, terms))


def _signed(mission: str, papers: Papers, form: Form) -> BaseResponse:
    if not form.value["read"]:
        raise InvalidInput({"read": [say("Please confirm that you have read it.")]})
    check_password(form.value["password"])
    with unit() as uow:
        sign_confidentiality(uow, mission=mission, paper=papers.kept, read=form.value["sha256"], shown=papers.shown)
        uow.commit()
    tell(gettext("Signed. The confidential part of the {mission} is open to you now."))
    return redirect(f"/missions/{mission}", 303)
