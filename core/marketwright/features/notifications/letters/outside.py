"""Letters about a condition's paper: to outsiders who sign it, and to the two sides."""

from marketwright.features.contracts import events as c
from marketwright.features.contracts.tables import Contract
from marketwright.features.missions.tables import Mission
from marketwright.features.notifications.letters.kit import Letter, Reader, Told, members_with, name_of, people
from marketwright.features.notifications.letters.parties import client_of, deal_of, tell
from marketwright.features.papers import events, tokens
from marketwright.features.papers.tables import Handing, OutsideSigner
from marketwright.kernel.text import Text, say


def _to_outsider(told: Told, subject: Text, *paragraphs: Text, action: Text | None = None, path: str = "") -> Letter:
    signer = told.session.get_one(OutsideSigner, told.event.subject)
    reader = Reader(signer.email, signer.locale, name=signer.name)
    return Letter(reader, subject, paragraphs, action, path, notice=False)


def _asked(told: Told) -> list[Letter]:
    """The link, to whoever is to sign; nothing once they have answered."""
    signer = told.session.get(OutsideSigner, told.event.subject)
    token = tokens.signing_token(told.session, told.event.subject, told.marketplace.secret_key)
    if signer is None or not token:
        return []
    handing = told.session.get_one(Handing, signer.handing_id)
    again = told.event.name == events.REMINDED
    subject = (
        say("A document still waits for your signature") if again
        else say("%(who)s asks you to sign a document", who=handing.by_name)
    )  # fmt: skip
    lines = [
        say("It concerns work that is agreed on %(site)s. You need no account: open the link, and a code is sent to "
            "this mailbox. Read the document, then sign it or refuse it with a reason.", site=told.marketplace.name),
    ]  # fmt: skip
    if handing.sign_by is not None:
        lines.append(say("It can be signed until %(when)s.", when=handing.sign_by))
    lines.append(say("The link is for you alone, works once, and ends on its own after %(n)s days. If you know nothing "
                     "of this, ignore this mail: nothing happens without your signature.", n=tokens.LINK_DAYS))
    return [_to_outsider(told, subject, *lines, action=say("Open the document"), path=f"/sign/{token}")]


def _code(told: Told) -> list[Letter]:
    signer = told.session.get(OutsideSigner, told.event.subject)
    if signer is None or signer.state != "asked" or str(signer.code_number) != told.payload("number"):
        return []
    code = tokens.code_of(signer, told.marketplace.secret_key)
    return [_to_outsider(
        told, say("Your code: %(code)s", code=code),
        say("Type it on the page that you have open. It lives for %(n)s minutes.", n=tokens.CODE_MINUTES),
        say("Nobody will ever ask you for it by telephone or mail."),
    )]  # fmt: skip


def _signed(told: Told) -> list[Letter]:
    """A copy to whoever signed; word to the two sides."""
    signer = told.session.get_one(OutsideSigner, told.event.subject)
    token = tokens.copy_token(told.payload("signature"), told.marketplace.secret_key)
    mine = _to_outsider(
        told, say("You have signed"),
        say("This is your copy, with the signatures that stand under it. The link opens it for %(n)s days.",
            n=tokens.COPY_DAYS),
        action=say("Open my copy"), path=f"/signed/{token}",
    )  # fmt: skip
    return [mine, *_both(told, say("%(who)s has signed for “%(title)s”", who=signer.name, title=_title(told)),
                         say("The {contract}'s page says whose signature is missing."))]  # fmt: skip


def _refused(told: Told) -> list[Letter]:
    signer = told.session.get_one(OutsideSigner, told.event.subject)
    return _both(told, say("%(who)s refuses to sign for “%(title)s”", who=signer.name, title=_title(told)),
                 say("The reason given: %(why)s", why=signer.reason),
                 say("What waits for this paper goes on waiting; another one can be handed in."))  # fmt: skip


def _lapsed(told: Told) -> list[Letter]:
    return _both(told, say("A paper of “%(title)s” was not signed in time", title=_title(told)),
                 say("It can no longer be signed. Hand it in again, with other dates."))  # fmt: skip


def _party(told: Told) -> list[Letter]:
    deal = deal_of(told)
    if deal is None:
        return []
    client = told.payload("side") == "client"
    ids = client_of(told, deal, "signatory") if client else [deal.contract.freelancer_id]
    return tell(told, deal, ids, say("A paper of “%(title)s” waits for your signature", title=deal.contract.title),
                say("Read it on the {contract}'s page, then sign it with your password."))  # fmt: skip


def _added(told: Told) -> list[Letter]:
    return _both(told, say("“%(title)s” needs something more", title=_title(told)),
                 say("A condition joined the {contract}, because of what was declared about the work. Until it is met, "
                     "the steps that wait for it stand still. The {contract}'s page says what is asked and of whom."),
                 but="")  # fmt: skip


def _answered(told: Told) -> list[Letter]:
    """That there is an answer, to who runs the mission; never what it says."""
    mission = told.session.get_one(Mission, told.event.subject)
    who = name_of(told.session, told.payload("freelancer"))
    subject = say("%(who)s answered in confidence for “%(title)s”", who=who, title=mission.title)
    text = say("The answer is covered by the confidentiality agreement and kept encrypted. It opens on the {mission}'s "
               "page, for your {organisation} alone; each reading is recorded.")  # fmt: skip
    ids = members_with(told.session, mission.organisation_id, "owner", "buyer")
    return [
        Letter(reader, subject, (text,), say("Open the answers"), f"/missions/{mission.id}/answers")
        for reader in people(told.session, ids)
    ]


def _title(told: Told) -> str:
    deal = deal_of(told)
    return deal.contract.title if deal else ""


def _both(told: Told, subject: Text, *paragraphs: Text, but: str | None = None) -> list[Letter]:
    deal = deal_of(told)
    if deal is None:
        return []
    contract: Contract = deal.contract
    ids = [contract.freelancer_id, *client_of(told, deal)]
    return tell(told, deal, ids, subject, *paragraphs, but=told.actor_account if but is None else but)


WRITERS = {
    events.ASKED: _asked, events.REMINDED: _asked, events.CODE_ASKED: _code, events.SIGNED: _signed,
    events.REFUSED: _refused, events.LAPSED: _lapsed, events.ANSWERED: _answered,
    events.PARTY_ASKED: _party, c.CONDITION_ADDED: _added,
}  # fmt: skip
