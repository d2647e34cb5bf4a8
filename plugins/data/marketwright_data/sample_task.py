"""A vetting step: a sample task on synthetic data, marked by two people by a rubric that anybody can read."""

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

TASK = N_("""A bicycle hire firm gives you two synthetic extracts of one month: `rides.csv` (41,200 rows, from the
docks) and `billing.csv` (40,870 rows, from the till). The totals differ by 3.1 per cent and nobody knows why.

1. Make a small data set, as tables or files, that says for each ride whether it was billed, and how you matched it.
2. Write the checks that would have caught this a month ago, and say what each found.
3. State the share of rides that reconcile, and list the causes of the rest with their counts.
4. On one page, tell the head of operations what to do on Monday.

Six hours are enough. Hand in one archive: code that runs again with one command, the page, and nothing else. Make the
extracts yourself from the description where you need them; we look at how you reason, not at the figure.""")

RUBRIC = (
    Criterion("correctness", N_("Correctness of the matching"), (
        (0, N_("The join loses or doubles rows, and nobody notices.")),
        (2, N_("Mostly right; duplicates or time zones are overlooked.")),
        (4, N_("Right, with counts before and after each step.")),
        (5, N_("Right, and the doubtful cases are set apart and counted.")),
    )),
    Criterion("tests", N_("Checks that would have caught it"), (
        (0, N_("None, or they cannot fail.")),
        (2, N_("Some; they check form, not meaning.")),
        (4, N_("They fail on the fault, and say what to do.")),
        (5, N_("They also hold for the next month without a change.")),
    )),
    Criterion("repeatable", N_("Can be run again"), (
        (0, N_("Only on the author’s machine.")),
        (2, N_("With help from the author.")),
        (4, N_("One command, the same result.")),
    )),
    Criterion("care", N_("Care with data of persons"), (
        (0, N_("Names and card numbers everywhere.")),
        (2, N_("Left out of the result, kept in between.")),
        (3, N_("Never read where they are not needed, and it is said why.")),
    )),
    Criterion("page", N_("The page for the head of operations"), (
        (0, N_("A log of what was done.")),
        (2, N_("Clear, but leaves the decision open.")),
        (3, N_("One decision, its reason, and what it does not settle.")),
    )),
)  # fmt: skip


class SampleTask(AssessedCheck):
    """Reconcile two synthetic extracts; 13 of 20 points pass. Two assessors who differ confer; then a third decides."""

    name = "data_sample_task"
    label = N_("Sample task on data, marked by two")
    assessment = Assessment(TASK, RUBRIC, pass_mark=13, apart=4, days=7, confer=True, retry_days=120)
    compared = N_("a sample task, handed in within seven days")
    source = N_("the public rubric of this marketplace")

    def applies(self, subject: Subject) -> bool:
        """For every freelancer."""
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """The archive, and what the assessors should know."""
        return (
            Ask("archive", N_("Your archive"), "file", N_("A zip archive with code and the page.")),
            Ask("words", N_("What should the assessors know?"), "long_text",
                N_("How long it took, what you left out and why."), required=False),
        )  # fmt: skip

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        return N_("Two assessors marked a sample task by a public rubric, without seeing each other’s marks.")
