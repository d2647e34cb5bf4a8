"""Who stands where in a contract: sides, roles of the process, and what a member of the client may do. Reads only."""

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.contracts.course import money_action
from marketwright.features.contracts.tables import Contract
from marketwright.kernel.actors import Actor
from marketwright.strategies.processes import Action, Measure, Role, Transition

PAYING = frozenset({"owner", "buyer", "approver", "finance"})
DIRECTING = frozenset({"owner", "buyer", "approver"})
SIGNING = frozenset({"owner", "signatory"})
READING = DIRECTING | {"finance", "signatory"}


def member_roles(session: Session, organisation: str, account: str) -> frozenset[str]:
    """Roles of ``account`` in the client; empty for strangers, and for who was invited for one document alone."""
    found = accounts.member(session, organisation, account)
    return frozenset(found.roles) if found and not found.document else frozenset()


def roles_of(session: Session, contract: Contract, actor: Actor) -> tuple[Role, ...]:
    """The roles that ``actor`` holds in the contract's process; empty for a stranger.

    Staff who are of a side, be it to sign one document, are of that side alone: nobody decides on their own money.
    """
    if actor.kind == "system":
        return (Role.TIMER,)
    if actor.kind == "plugin":
        return (Role.PLUGIN,)
    found: list[Role] = []
    if actor.is_person and actor.id == contract.freelancer_id:
        found.append(Role.FREELANCER)
    if actor.is_person and member_roles(session, contract.organisation_id, actor.id):
        found.append(Role.CLIENT)
    if "contracts.decide" in permissions_of(actor.staff) and not concerned(session, contract, actor.id):
        found.append(Role.OPERATOR)
    return tuple(found)


def concerned(session: Session, contract: Contract, account: str) -> bool:
    """Whether ``account`` is of a side of ``contract``: its freelancer, or anybody of the client."""
    return any(accounts.is_theirs(session, account, own) for own in (contract.freelancer_id, contract.organisation_id))


def accepts(transition: Transition) -> bool:
    """Whether ``transition`` accepts work: it releases money, by the days or whole, or bills."""
    counted = transition.measure in (Measure.DAYS, Measure.UNDISPUTED)
    released = money_action(transition) is Action.RELEASE or (money_action(transition) is Action.SPLIT and counted)
    return released or Action.BILL in transition.actions


def covers(roles: frozenset[str], transition: Transition) -> bool:
    """Whether a member of the client with ``roles`` may take ``transition``; limits are another matter."""
    return bool(roles & (PAYING if money_action(transition) is Action.HOLD else DIRECTING))


def client_may(session: Session, contract: Contract, account: str, transition: Transition) -> bool:
    """Whether this member of the client may take ``transition`` by their roles."""
    return covers(member_roles(session, contract.organisation_id, account), transition)


def at_stake(transition: Transition, work: int, part: int) -> int:
    """What a member of the client decides on by taking ``transition``, minor units before tax; 0 where no money moves.

    All of the ``work`` that they pay in or accept, else the ``part`` of it that the step lets go to the freelancer.
    """
    if money_action(transition) is Action.HOLD or accepts(transition):
        return work
    return part if money_action(transition) is Action.SPLIT else 0


def within_limit(session: Session, contract: Contract, account: str, transition: Transition, amount: int) -> bool:
    """Whether this member may take ``transition`` alone, where ``amount`` minor units are at stake.

    Who may let money go is named (E10); paying in is for all who may pay, up to the limit of those who have one.
    """
    if money_action(transition) is Action.HOLD:
        return accounts.may_pay(session, contract.organisation_id, account, amount)
    return accounts.may_approve(session, contract.organisation_id, account, amount)


def side_of(session: Session, contract: Contract, account: str) -> str:
    """``client``, ``freelancer`` or '' for a stranger: whose eyes a page is made for."""
    if account == contract.freelancer_id:
        return "freelancer"
    return "client" if member_roles(session, contract.organisation_id, account) else ""
