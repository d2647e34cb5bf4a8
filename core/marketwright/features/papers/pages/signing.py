"""The page behind an outsider's link: a code by mail, the paper, a signature or a refusal. No account, once."""

from datetime import datetime

from flask import redirect, session, url_for
from flask import request as sent
from markupsafe import Markup, escape
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import documents
from marketwright.features.contracts.documents import DocumentRow, SignatureRow
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.pages.reading import PAPER
from marketwright.features.papers import queries, service, tokens
from marketwright.features.papers.pages.base import pages
from marketwright.features.papers.queries import OutsideSignatureRow, Request
from marketwright.features.papers.tables import OutsideSigner
from marketwright.features.seals.queries import seals_by_id
from marketwright.features.seals.service import Reading, record_reading
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_, say
from marketwright.store.ring import Ring
from marketwright.web.fields import Checkbox, TextField
from marketwright.web.forms import Form
from marketwright.web.house import actor, house, reading, unit
from marketwright.web.i18n import gettext, translate
from marketwright.web.limits import spend
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render, tell

HOLDER = PUBLIC.objects("whoever holds the link of the mail")
GRANT = "paper"  # of the browser's session: signatory, link, when the code was given
GRANT_SECONDS = 2 * 3600
CONSENT = N_("I have read this document, I may decide for %(company)s, and I agree to it.")
CONSENT_ALONE = N_("I have read this document, I may decide on it, and I agree to it.")


class CodeSchema(Schema):
    """The code of the mail."""

    code = TextField(longest=12, required=True)


class SignSchema(Schema):
    """Who signs, as what, and that it was read."""

    name = TextField(longest=120, required=True)
    title = TextField(longest=120, required=True)
    read = Checkbox()
    sha256 = TextField(longest=64, required=True)


class RefuseSchema(Schema):
    """Why not."""

    reason = TextField(longest=2000, lines=True, required=True)


@dataclass(frozen=True, slots=True)
class OpenContext:
    """Before the paper: who asks, and the code. ``waiting`` says that a code was sent and still lives."""

    asked: Request
    label: str
    kind: str
    masked: str
    token: str
    waiting: bool
    form: Form


@dataclass(frozen=True, slots=True)
class ReadContext:
    """The paper with the two forms below it."""

    asked: Request
    label: str
    kind: str
    text: Markup
    token: str
    form: Form
    refusal: Form
    consent: str


@dataclass(frozen=True, slots=True)
class DoneContext:
    """What was signed or refused; ``copy`` is the address of one's copy."""

    signed: bool
    copy: str


@dataclass(frozen=True, slots=True)
class CopyContext:
    """What an outsider signed, as everybody's signature stands under it now."""

    document: DocumentRow
    text: Markup
    signatures: list[SignatureRow]
    outside: list[OutsideSignatureRow]


@dataclass(frozen=True, slots=True)
class ClosedContext:
    """The one answer to a link that opens nothing: used, replaced, withdrawn, too old or never given."""


def _closed() -> BaseResponse:
    return render("papers/closed.html", ClosedContext(), status=404)


def _opened(token: str) -> Request | None:
    """What ``token`` asks, while it does."""
    if not spend("paper.browser"):
        return None
    signer = tokens.read_signing_token(reading(), token, house().marketplace.secret_key)
    return queries.request(reading(), signer) if signer else None


def _granted(found: Request) -> datetime | None:
    """When this browser gave the code for the link at hand, if it did not too long ago."""
    given = session.get(GRANT)
    if not isinstance(given, list) or len(given) != 3 or given[:2] != [found.signer, found.link]:
        return None
    at = datetime.fromisoformat(given[2])
    return at if (house().clock.machine() - at).total_seconds() < GRANT_SECONDS else None


def _words(found: Request) -> tuple[str, str]:
    """The condition's label, and in what capacity they sign."""
    entry = house().ports.get(Plugins).conditions.get(found.condition)
    if entry is None:
        return found.title, ""
    kinds = {s.name: translate(s.label) for s in entry.it.signatories}
    return translate(entry.it.label), kinds.get(found.kind, "")


@pages.form("/sign/<token>", HOLDER)
def outside(token: str) -> BaseResponse:
    """Give the code of the mail, then read the paper."""
    found = _opened(token)
    if found is None:
        return _closed()
    if _granted(found) is not None:
        return _read(found, token, Form(SignSchema(), {"name": found.name}), Form(RefuseSchema()))
    form = Form(CodeSchema())
    if sent.method == "POST" and form.accept(sent.form) and _code_fits(form, found):
        return redirect(url_for("papers.outside", token=token), 303)
    alive = found.code_until is not None and found.code_until > house().clock.machine()
    waiting = alive and found.wrong_codes < tokens.MAX_WRONG_CODES
    label, kind = _words(found)
    context = OpenContext(found, label, kind, _masked(found.email), token, waiting or bool(form.errors), form)
    return render("papers/open.html", context, status=422 if form.errors else 200)


def _masked(email: str) -> str:
    name, _, host = email.partition("@")
    return f"{name[:1]}…@{host}"


@pages.post("/sign/<token>/code", HOLDER)
def outside_code(token: str) -> BaseResponse:
    """Mail the code; the answer is the same however often it is asked."""
    found = _opened(token)
    if found is None:
        return _closed()
    if spend("paper.code", found.signer):
        with unit(_as(found)) as uow:
            service.ask_code(uow, signer=found.signer)
            uow.commit()
    tell(gettext("The code is on its way to your mailbox. It lives for %(n)s minutes.", n=tokens.CODE_MINUTES), "info")
    return redirect(url_for("papers.outside", token=token), 303)


def _as(found: Request) -> Actor:
    mine = actor()
    return Actor(kind="outsider", id=found.signer, name=found.name, address=mine.address, request_id=mine.request_id)


def _code_fits(form: Form, found: Request) -> bool:
    if not spend("code.account", found.signer):
        form.refuse(InvalidInput({"code": [say("Too many tries from here. Wait a while, then try again.")]}))
        return False
    with unit(_as(found)) as uow:
        fits = service.code_opens(uow, signer=found.signer, code=form.value["code"],
                                  secret_key=house().marketplace.secret_key)  # fmt: skip
        uow.commit()
    if not fits:
        form.refuse(InvalidInput({"code": [say("This is not the code of the last mail, or it is too old.")]}))
        return False
    session[GRANT] = [found.signer, found.link, house().clock.machine().isoformat()]
    return True


def _consent(found: Request) -> str:
    return gettext(CONSENT, company=found.company) if found.company else gettext(CONSENT_ALONE)


def _read(found: Request, token: str, form: Form, refusal: Form) -> BaseResponse:
    form.values["sha256"] = found.sha256
    label, kind = _words(found)
    context = ReadContext(
        asked=found, label=label, kind=kind, text=_text(found.document, found.signer, found.name), token=token,
        form=form, refusal=refusal, consent=_consent(found),
    )  # fmt: skip
    return render("papers/read.html", context, status=422 if form.errors or refusal.errors else 200)


def _text(document: str, signer: str, name: str) -> Markup:
    """The paper, once it is recorded that the signatory reads it where it is sealed; a sentence once it is deleted."""
    row = documents.document(reading(), document)
    assert row is not None
    if row.seal and seals_by_id(reading(), [row.seal])[row.seal].deleted_at is not None:
        return escape(gettext("This was deleted, as the {contract} says. Its fingerprint is kept."))
    if row.seal:
        with unit(Actor(kind="outsider", id=signer, name=name, address=actor().address)) as uow:
            record_reading(uow, Reading(row.seal, PAPER, "outsider", contract=row.contract or ""))
            uow.commit()
    return text_of(documents.body_of(reading(), house().ports.get(Ring), document))


@pages.post("/sign/<token>/signature", HOLDER)
def outside_sign(token: str) -> BaseResponse:
    """Sign the paper that was read."""
    found = _opened(token)
    granted = _granted(found) if found else None
    if found is None or granted is None:
        return _closed() if found is None else redirect(url_for("papers.outside", token=token), 303)
    form = Form(SignSchema())
    try:
        if not form.accept(sent.form):
            raise InvalidInput({})
        if not form.value["read"]:
            raise InvalidInput({"read": [say("Please confirm that you have read it.")]})
        given = service.Signed(
            form.value["name"], form.value["title"], form.value["sha256"], _consent(found), granted,
            sent.headers.get("User-Agent", ""),
        )  # fmt: skip
        with unit(_as(found)) as uow:
            signature = service.sign_outside(uow, signer=found.signer, given=given)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _read(found, token, form, Form(RefuseSchema()))
    except Conflict as error:
        form.refuse(InvalidInput({"": [say(error.template)]}))
        return _read(found, token, form, Form(RefuseSchema()))
    session.pop(GRANT, None)
    copy = url_for("papers.copy", token=tokens.copy_token(signature, house().marketplace.secret_key))
    return render("papers/done.html", DoneContext(signed=True, copy=copy))


@pages.post("/sign/<token>/refusal", HOLDER)
def outside_refuse(token: str) -> BaseResponse:
    """Refuse to sign, with a reason."""
    found = _opened(token)
    if found is None:
        return _closed()
    if _granted(found) is None:
        return redirect(url_for("papers.outside", token=token), 303)
    form = Form(RefuseSchema())
    if not form.accept(sent.form):
        return _read(found, token, Form(SignSchema(), {"name": found.name}), form)
    with unit(_as(found)) as uow:
        service.refuse(uow, signer=found.signer, reason=form.value["reason"])
        uow.commit()
    session.pop(GRANT, None)
    return render("papers/done.html", DoneContext(signed=False, copy=""))


@pages.get("/signed/<token>", PUBLIC.objects("whoever signed and holds the link of the mail"))
def copy(token: str) -> BaseResponse:
    """One's copy of what was signed, with the signatures that stand under it."""
    if not spend("paper.browser"):
        return _closed()
    found = tokens.read_copy_token(reading(), token, house().marketplace.secret_key)
    row = documents.document(reading(), found.document_id) if found else None
    if found is None or row is None or reading().get(OutsideSigner, found.signer_id) is None:
        return _closed()
    outside = queries.outside_signatures(reading(), row.id)
    context = CopyContext(row, _text(row.id, found.signer_id, found.name), list(row.signatures), outside)
    return render("papers/copy.html", context)
