"""A vetting step: two peers run a repository or read a publication by a rubric, then its author defends it live."""

from marketwright.plugin import (
    N_,
    Ask,
    AssessedCheck,
    Assessment,
    Criterion,
    Subject,
    SubjectKind,
    Verdict,
)

TASK = N_("""Show one piece of your own work that others can run or check: a repository, or a publication with its code.

1. Give its address and the commit or version that we should look at.
2. Say which number of yours can be found again, by which command, on which data, and within which interval.
3. Say what it cost to train and to run, and which licences the data and the weights came under.
4. Name one result that did not hold, and how you found out.

Two peers read it without seeing each other's marks. Whoever passes then answers both live, for half an hour, about
their own code and their own data. Nothing confidential belongs in it.""")

RUBRIC = (
    Criterion("reproduced", N_("The number is found again"), (
        (0, N_("It cannot be run.")),
        (2, N_("It runs, and the number lies outside the stated interval.")),
        (4, N_("Found again within the interval, with help from the author.")),
        (5, N_("Found again from the lock file alone.")),
    )),
    Criterion("evaluation", N_("How it was measured"), (
        (0, N_("On data that the model has seen.")),
        (2, N_("On a split of its own, without a baseline.")),
        (4, N_("Against a baseline, with an interval.")),
        (5, N_("Against a baseline, by slices, on data held by somebody else.")),
    )),
    Criterion("honesty", N_("What did not hold"), (
        (0, N_("Nothing ever failed.")),
        (2, N_("A failure is named, not its cause.")),
        (4, N_("A failure, its cause, and what it changed.")),
    )),
    Criterion("rights", N_("Data, weights and licences"), (
        (0, N_("Not said.")),
        (2, N_("Said for some of it.")),
        (3, N_("Said for each source and for the weights.")),
    )),
    Criterion("code", N_("The code"), (
        (0, N_("Only its author can change it.")),
        (2, N_("Readable, without tests.")),
        (3, N_("Readable, tested where it matters.")),
    )),
)  # fmt: skip


class PeerReview(AssessedCheck):
    """A repository or publication read by two peers; 13 of 20 points, then a defence; a third decides a difference."""

    name = "ai_peer_review"
    label = N_("Peer review with a live defence")
    assessment = Assessment(TASK, RUBRIC, pass_mark=13, apart=4, days=14, retry_days=180, defence=True)
    compared = N_("a work of their own, run and read by two peers")
    source = N_("the rubric of this marketplace, and a live defence")

    def applies(self, subject: Subject) -> bool:
        """For every freelancer."""
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """Where the work is, and what can be found again."""
        return (
            Ask("work", N_("Address and version of the work"), "text",
                N_("A public repository with its commit, or a publication with its code.")),
            Ask("claims", N_("What can be found again"), "long_text",
                N_("The number, the command, the data, the interval; costs, licences, and what did not hold.")),
            Ask("archive", N_("An archive, where it is not public"), "file", required=False),
        )  # fmt: skip

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        return N_("Two peers marked a work by a public rubric, without seeing each other’s marks; its author defended "
                  "it.")  # fmt: skip
