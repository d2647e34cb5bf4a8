"""Jobs: what the worker has to do, what it tried, what it gave up."""

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator import queries, service
from marketwright.features.operator.pages.base import Pager, argument, chosen, page_number, pager, pages, show, tabs
from marketwright.features.operator.queries import JobLine
from marketwright.features.operator.wording import job_words
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.store.tables import JobRow
from marketwright.web.house import reading, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell

STATES = ("ready", "leased", "dead", "done")


@dataclass(frozen=True, slots=True)
class JobsContext:
    """Jobs of one state, each with what it does in words."""

    jobs: list[tuple[str, JobLine]]
    total: int
    pager: Pager
    tabs: list[tuple[str, str, bool, int | None]]
    kind: str


@dataclass(frozen=True, slots=True)
class JobContext:
    """One job."""

    job: JobLine
    what: str
    payload: list[tuple[str, str]]


@pages.get("/jobs", staff("jobs.read"))
def jobs() -> BaseResponse:
    """Jobs by state."""
    session = reading()
    state, kind, page = chosen("state", STATES), argument("kind"), page_number()
    found = queries.jobs(session, state=state, kind=kind, page=page)
    counts = queries.counts(session, JobRow.state)
    labels = {"ready": _("Waiting"), "leased": _("Running"), "dead": _("Given up"), "done": _("Done")}
    choices = [("", _("All"), sum(counts.values()))] + [(s, labels[s], counts.get(s, 0)) for s in STATES]
    lines = [(job_words(j.kind), j) for j in found.rows]
    return show("jobs.html", JobsContext(lines, found.total, pager(found.total, page), tabs("state", choices), kind))


@pages.get("/jobs/<job>", staff("jobs.read").objects("staff sees every job; none there is 404"))
def jobs_one(job: str) -> BaseResponse:
    """One job with its last error."""
    found = queries.job(reading(), job)
    if found is None:
        raise NotFound("There is no such job.")
    return show("job.html", JobContext(found, job_words(found.kind), [(k, str(v)) for k, v in found.payload.items()]))


@pages.post("/jobs/<job>/retry", staff("jobs.retry").objects("dead jobs"))
def jobs_retry(job: str) -> BaseResponse:
    """Run a dead job again."""
    with unit() as uow:
        service.retry_job(uow, job=job)
        uow.commit()
    tell(_("It is tried again within a few seconds."))
    return redirect(url_for("operator.jobs_one", job=job), 303)
