"""What the pages of contracts share: who reads, the contract they may see, the forms' password."""

from marshmallow import Schema

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.showing import check_own
from marketwright.features.contracts import documents, queries, registry
from marketwright.features.contracts.documents import DocumentRow
from marketwright.features.contracts.ports import Cases
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.service import get, may_sign_for
from marketwright.features.contracts.standing import covers, member_roles, roles_of, side_of
from marketwright.features.contracts.view import Reader
from marketwright.features.papers import queries as papers
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.strategies.processes import Process, Role
from marketwright.web.fields import Secret
from marketwright.web.house import actor, house, reading, the_viewer
from marketwright.web.policy import SIGNED_IN
from marketwright.web.routing import Pages

pages = Pages("contracts")
PARTIES = SIGNED_IN.objects("the freelancer, members of the client, and staff who read contracts")
READERS = SIGNED_IN.objects("both sides, who was invited to sign it, and staff who read contracts")


class PasswordSchema(Schema):
    """The password, typed again."""

    password = Secret(required=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """A contract that the viewer may see, as whom: ``side`` is client, freelancer or operator."""

    contract: ContractRow
    process: Process
    side: str
    reader: Reader

    @property
    def other(self) -> str:
        """The other side's name, for the reader; both for staff."""
        row = self.contract
        names = {"client": row.freelancer_name, "freelancer": row.client_name}
        return names.get(self.side, f"{row.client_name} / {row.freelancer_name}")


def find(contract: str) -> Seen:
    """The contract if the viewer is a party or staff; ``NotFound`` to everybody else."""
    session, me = reading(), the_viewer()
    row = queries.contract(session, contract)
    if row is None:
        raise NotFound("There is no such {contract}.")
    roles = roles_of(session, get(session, contract), actor())
    staff = "contracts.read" in permissions_of(me.staff_roles)
    if not roles and not staff:
        raise NotFound("There is no such {contract}.")
    process = registry.pinned(session, row.process, row.process_version)
    member = member_roles(session, row.organisation, me.account)
    may = frozenset(t.name for t in process.transitions if covers(member, t))
    return Seen(row, process, _side(roles), Reader(roles, may))


def _side(roles: tuple[Role, ...]) -> str:
    if Role.FREELANCER in roles:
        return "freelancer"
    return "client" if Role.CLIENT in roles else "operator"


def find_document(document: str) -> tuple[DocumentRow, ContractRow | None]:
    """A paper that the viewer may read: a party's, one they are to sign, or theirs alone; ``NotFound`` otherwise."""
    session, me = reading(), the_viewer()
    row = documents.document(session, document)
    if row is None:
        raise NotFound("There is no such document.")
    staff = "contracts.read" in permissions_of(me.staff_roles)
    if row.contract is None:
        organisation = queries.organisation_of_mission(session, row.mission or "")
        if not staff and row.freelancer != me.account and not member_roles(session, organisation, me.account):
            raise NotFound("There is no such document.")
        return row, None
    contract = get(session, row.contract)
    if not staff and not roles_of(session, contract, actor()) and not may_sign_for(
        session, contract, me.account, document
    ):
        raise NotFound("There is no such document.")
    if _is_confidential(row) and not side_of(session, contract, me.account) and not in_a_case(contract.id):
        raise NotFound("There is no such document.")
    return row, queries.contract(session, row.contract)


def in_a_case(contract: str) -> bool:
    """Whether an open case of ``contract`` names the viewer."""
    now = house().clock.business()
    return bool(house().ports.get(Cases).covering(reading(), contract, the_viewer().account, now))


def _is_confidential(row: DocumentRow) -> bool:
    """Whether the two sides alone read this paper: what a condition asked for in confidence."""
    handing = papers.of_document(reading(), row.id) if row.kind not in ("agreement", "amendment") else None
    return handing is not None and handing.confidential


def check_password(password: str) -> None:
    """Raise ``InvalidInput`` unless ``password`` is the viewer's own, and not tried too often. Before a unit opens."""
    check_own(the_viewer().account, password, field="password", wrong=say("This is not your password."))
