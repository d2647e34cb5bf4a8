"""What the hands in a race do: people at their buttons, banks, the provider's messages, workers, reconciliations."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select

from marketwright.features.corrections import service as corrections
from marketwright.features.corrections.tables import Correction
from marketwright.features.payments import destinations
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.money import Money
from marketwright.testing.agreed import PASSWORD
from marketwright.testing.drill.banks import ENDS_OF, deed_of
from marketwright.testing.drill.double import Silent
from marketwright.testing.drill.messages import Post
from marketwright.testing.drill.people import PAUSE, Answer, Person
from marketwright.testing.drill.play import Play
from marketwright.testing.drill.site import Deal
from marketwright.testing.drill.standing import Standing
from marketwright.testing.drill.waits import let_leases_run_out

MOMENTS = timedelta(seconds=6)
WHY = "We have talked about it."
AT_MOST, SWIFT = 0.3, 2.5  # of the time that a step takes: a hand hesitates up to that, the swifter one more


@dataclass(frozen=True, slots=True)
class Lane:
    """One hand: what it is called, what it does, which deeds of banks it needs at the double."""

    name: str
    go: Callable[["Heat"], Answer | None]
    deeds: tuple[str, ...] = ()
    swift: bool = False  # asks no page of ours, and would always be first


@dataclass
class Heat:
    """One race about to begin: the deal, how it stands, the postman."""

    play: Play
    post: Post
    deal: Deal
    now: Standing
    dice: Random = field(default_factory=Random)

    def click(self, who: Person, step: str, **form: str) -> Answer:
        """Take a step as ``who``."""
        return self.play.click(who, self.deal, step, **form)


def client(step: str, **form: str) -> Lane:
    """The client takes ``step``."""
    return Lane(step, lambda heat: heat.click(heat.play.site.client_of(heat.deal), step, **form))


def freelancer(step: str, **form: str) -> Lane:
    """The freelancer takes ``step``."""
    return Lane(step, lambda heat: heat.click(heat.play.site.person_of(heat.deal), step, **form))


def staff(step: str, **form: str) -> Lane:
    """Staff decides ``step``."""
    return Lane(step, lambda heat: heat.click(heat.play.site.staff, step, note=WHY, password=PASSWORD, **form))


def _freeze(heat: Heat) -> None:
    """Staff freezes the hold and, a moment later, lets it move again."""
    site, command = heat.play.site, heat.now.funding
    site.staff.post(f"/console/payments/{command}/freeze", reason=WHY)
    PAUSE.wait(0.05)
    site.staff.post(f"/console/payments/{command}/thaw", reason=WHY)


def _pay(heat: Heat) -> None:
    """The payer pays on the provider's page."""
    heat.play.pay(heat.deal, heat.now)


def _decline(heat: Heat) -> None:
    """Another tab's card is declined."""
    heat.play.pay(heat.deal, heat.now, "decline")


def _come_back(heat: Heat) -> None:
    """The payer's browser comes back to the site."""
    heat.play.site.client_of(heat.deal).ask("GET", f"/payments/return/{heat.now.command}")


def _pay_later(heat: Heat) -> None:
    """The payer says that they will pay later."""
    heat.play.site.client_of(heat.deal).post(f"/payments/{heat.now.command}/later")


def _told(heat: Heat) -> None:
    """The provider's message comes in, and a worker takes it up."""
    message = heat.post.about(heat.now.command)
    if message is not None:
        heat.post.deliver(message)
        heat.post.wait_for(message)


def _looked_up(heat: Heat) -> None:
    """Staff asks the provider how it stands."""
    heat.play.site.staff.post(f"/console/payments/{heat.now.command}/ask")


def _woken(heat: Heat) -> None:
    """The leases of all workers run out while they work: another one takes what they have."""
    let_leases_run_out(heat.play.site)


def bank(*deeds: str, settled: bool = False) -> Lane:
    """The payer's or payee's bank does ``deeds``; what it has opened it decides later, unless that is ``settled``."""

    def go(heat: Heat) -> None:
        about = heat.now.payout if deeds == ("return_payout",) else heat.now.funding
        with heat.deal.bank, suppress(Silent):
            double = heat.play.site.double
            done = [double.deed(name, about, amount=part) for name, part in map(deed_of, deeds)]
            if all(done) and not settled and deeds[-1] in ENDS_OF:
                heat.deal.course = heat.dice.choice(ENDS_OF[deeds[-1]])
                heat.deal.deeds, heat.deal.bank_is_done, heat.deal.paid_by = 1, False, about

    return Lane(f"bank: {', '.join(deeds)}", go, tuple(deed_of(name)[0] for name in deeds), swift=True)


def debit(*deeds: str) -> Lane:
    """The payer's bank does ``deeds`` to a debit that is under way."""

    def go(heat: Heat) -> None:
        with heat.deal.bank, suppress(Silent):
            for name in deeds:
                heat.play.site.double.deed(name, heat.now.command)

    return Lane(f"bank: {', '.join(deeds)}", go, deeds, swift=True)


def sends(share: int, of: int = 1, *, rest: bool = False) -> Lane:
    """The payer sends ``share`` / ``of`` of what is asked by bank transfer, or the ``rest`` to the last cent."""

    def go(heat: Heat) -> None:
        part = heat.now.amount * share // of
        with suppress(Silent):
            heat.play.site.double.deed("arrive", heat.now.command, amount=heat.now.amount - part if rest else part)

    return Lane("transfer", go, ("arrive",), swift=True)


def _told_all(heat: Heat) -> None:
    """Every message about the deal that was not delivered yet comes in, the newest first."""
    heat.post.fetch()
    for message in reversed(heat.post.pool[-40:]):
        if not heat.post.sent[message.number]:
            heat.post.deliver(heat.post.signed_now(message))


def _reconciled(heat: Heat) -> None:
    """A reconciliation of the last moments runs."""
    heat.play.site.reconcile(MOMENTS, earlier=MOMENTS)


def _again(heat: Heat) -> None:
    """Staff sends the payout once more."""
    heat.play.site.staff.post(f"/console/payments/{heat.now.payout}/again")


def _moves_bank(heat: Heat) -> None:
    """The freelancer changes where they are paid: 72 hours in which no payout is sent (E13)."""
    site = heat.play.site
    with suppress(MarketwrightError), site.house.database.unit(site.actor_of(heat.deal)) as uow:
        destinations.change(uow, freelancer=site.freelancer_of(heat.deal), holder="M. Over", iban=iban(heat.dice))
        uow.commit()


def _refund_later(heat: Heat) -> None:
    """One of the staff asks that a part of what was released goes back, another one confirms it (E10)."""
    site, amount = heat.play.site, Money(20_000, "EUR")
    why = "The work was not what was agreed."
    with suppress(MarketwrightError), site.house.database.unit(site.staff_member(0)) as uow:
        corrections.ask_refund(uow, hold=heat.deal.hold, amount=amount, reason=why)
        uow.commit()
    with suppress(MarketwrightError), site.house.database.unit(site.staff_member(1)) as uow:
        asked = uow.session.scalars(select(Correction).where(Correction.state == "asked")).all()
        for name in [c.id for c in asked if c.body.get("hold") == heat.deal.hold]:
            corrections.confirm(uow, correction=name)
        uow.commit()


freeze = Lane("freeze", _freeze)
pay, decline = Lane("pay", _pay, swift=True), Lane("decline", _decline, swift=True)
come_back, pay_later = Lane("redirect", _come_back), Lane("pay later", _pay_later)
told, told_all = Lane("message", _told), Lane("messages", _told_all)
looked_up, woken, reconciled = Lane("lookup", _looked_up), Lane("other worker", _woken), Lane("reconcile", _reconciled)
again, moves_bank = Lane("send again", _again), Lane("change of bank", _moves_bank)
refund_later = Lane("refund after release", _refund_later)


def iban(dice: Random) -> str:
    """A German IBAN with right check digits."""
    account = f"{dice.randrange(10**18):018d}"
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"
