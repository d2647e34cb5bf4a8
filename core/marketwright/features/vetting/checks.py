"""The checks of a marketplace: those of plugins, core's own ``approval``, and which gate asks whom for which."""

import logging
from collections.abc import Mapping

from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import BadSetting, MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.vetting import (
    Ask,
    Claim,
    Result,
    Subject,
    SubjectKind,
    Submission,
    Verdict,
    VettingCheck,
    Waiting,
)

log = logging.getLogger("marketwright.vetting")
APPROVAL = "approval"
CORE = "core"
# What somebody who is not let in yet may not do: each of these asks for the checks of `sign_up` too, since an account
# must exist before it can be checked. `start` and `be_paid` are not among them: deals go on.
ENTRY_GATES = ("appear", "publish", "contact", "propose", "sign")
# Others see who passed these, or what somebody lacks there: a check whose outcome is private is not asked here.
PUBLIC_GATES = ("sign_up", "appear", "start", "be_paid")
# Gates that stand before one side alone; the others ask whoever comes.
_ONLY = {
    "appear": (SubjectKind.FREELANCER,), "be_paid": (SubjectKind.FREELANCER,),
    "publish": (SubjectKind.CLIENT, SubjectKind.MISSION),
}  # fmt: skip
_SIDES = {SubjectKind.FREELANCER: "freelancers", SubjectKind.CLIENT: "clients"}


class ApprovalCheck(VettingCheck):
    """Staff say yes or no, with a reason."""

    name = APPROVAL
    label = N_("Admission by our team")

    def applies(self, subject: Subject) -> bool:
        """For freelancers and clients; missions wait for approval on their own page."""
        return subject.kind in _SIDES

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:  # noqa: ARG002
        """A few words, if they like."""
        return (
            Ask("words", N_("What should our team know?"), "long_text",
                N_("What you do or need, and who can speak for you. A person reads it."), required=False),
        )  # fmt: skip

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:  # noqa: ARG002
        """A person decides."""
        return Waiting(for_staff=True)

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:  # noqa: ARG002
        """The decision of staff is the verdict."""
        if not submission.decision:
            return Waiting(for_staff=True)
        result = Result(submission.decision)
        return Verdict(
            result, compared=N_("what they say of themselves"), source=N_("the rules of this marketplace"),
            reason=submission.reason, expires=submission.expires if result is Result.PASSED else None,
        )  # fmt: skip

    def explain(self, verdict: Verdict) -> str:  # noqa: ARG002
        """One sentence."""
        return N_("A person of our team read the {profile} and decided.")


def checks_of(plugins: Plugins) -> dict[str, Entry[VettingCheck]]:
    """Every check by its name, core's first."""
    return {APPROVAL: Entry(CORE, ApprovalCheck({}, None)), **plugins.vetting_checks}


def assessed_by(plugins: Plugins) -> frozenset[str]:
    """The names of the checks whose work assessors mark."""
    return frozenset(name for name, entry in checks_of(plugins).items() if entry.it.assessment is not None)


def _probe(kind: SubjectKind) -> Subject:
    claims = tuple(Claim("", k, "") for k in ("skill", "experience", "certificate", "language"))
    return Subject(kind, "", "", "", claims)


def _applies(entry: Entry[VettingCheck], kind: SubjectKind) -> bool:
    return bool(entry.ask("applies", lambda check: check.applies(_probe(kind))))


def _asks_of(entry: Entry[VettingCheck]) -> frozenset[str]:
    try:
        return frozenset(str(k) for k in SubjectKind if _applies(entry, k))
    except MarketwrightError:
        log.exception("the check %s does not say whom it is for; gates ask everybody for it", entry.it.name)
        return frozenset(str(k) for k in SubjectKind)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the gates of one marketplace ask for: check names by gate and kind of subject, labels by check.

    ``private`` names the checks whose outcome is told to nobody but its subject and the vetting team.
    """

    by_gate: Mapping[tuple[str, str], tuple[str, ...]]
    labels: Mapping[str, str]
    by_invitation: frozenset[str]
    private: frozenset[str] = frozenset()

    def checks(self, gate: str, kind: str) -> tuple[str, ...]:
        """The checks that ``gate`` asks of subjects of ``kind`` (``freelancer``, ``client``, ``mission``)."""
        return self.by_gate.get((gate, kind), ())

    def gates(self, check: str, kind: str) -> tuple[str, ...]:
        """The gates that ask subjects of ``kind`` for ``check``."""
        return tuple(gate for (gate, of), names in self.by_gate.items() if of == kind and check in names)


def asked_by_gates(marketplace: Marketplace, plugins: Plugins) -> Asked:
    """Read the gates once at start; ``BadSetting`` names a check that no enabled plugin brings.

    Whom a check is for is asked of its plugin here and never again: gates are looked at inside units of work, where
    no plugin may be called. What it needs beyond the kind (a certificate, say) its own page explains.
    """
    known = checks_of(plugins)
    kinds: dict[str, frozenset[str]] = {}  # a check that a safe start leaves out stays asked of everybody: fail closed
    labels = {name: entry.it.label for name, entry in known.items()}
    private = frozenset(name for name, entry in known.items() if entry.it.private)
    for gate, names in marketplace.gates.items():
        for name in names:
            if name in private and gate in PUBLIC_GATES:
                raise BadSetting(
                    f"{name!r} is private: this gate would tell others how it stands.",
                    where=f"marketplace.toml: gates.{gate}",
                    fix="Ask for it before what people do themselves (propose, sign), or let a mission ask for it.",
                )  # fmt: skip
            if name not in known and marketplace.safe:
                kinds[name], labels[name] = frozenset(str(k) for k in SubjectKind), name
            elif name not in known:
                raise BadSetting(
                    f"no check is named {name!r}.", where=f"marketplace.toml: gates.{gate}",
                    fix=f"Checks of the enabled plugins: {', '.join(sorted(known))}.",
                )  # fmt: skip
    kinds |= {name: _asks_of(entry) for name, entry in known.items()}
    by_gate: dict[tuple[str, str], tuple[str, ...]] = {}
    for gate in dict.fromkeys((*marketplace.gates, *ENTRY_GATES)):
        for kind in _ONLY.get(gate, tuple(SubjectKind)):
            first = marketplace.gates.get("sign_up", ()) if gate in ENTRY_GATES else ()
            named = (*first, *marketplace.gates.get(gate, ()))
            wanted = [n for n in dict.fromkeys(named) if str(kind) in kinds[n]]
            if gate in ENTRY_GATES and _admission(marketplace, kind) != "open" and APPROVAL not in wanted:
                wanted.insert(0, APPROVAL)
            if wanted:
                by_gate[gate, str(kind)] = tuple(wanted)
    closed = frozenset(str(k) for k in _SIDES if _admission(marketplace, k) == "invitation")
    return Asked(by_gate, labels, closed, private)


def _admission(marketplace: Marketplace, kind: SubjectKind) -> str:
    side = _SIDES.get(kind)
    return str(getattr(marketplace.access, side)) if side else "open"
