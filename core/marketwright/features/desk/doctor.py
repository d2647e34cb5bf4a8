"""What is wrong with the plugins of a marketplace, with the fix; spoken to operators and authors, in English."""

from marketwright.features.desk.report import Report, reports
from marketwright.kernel.frozen import dataclass
from marketwright.store.plugins import prefix_of
from marketwright.web.house import House


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with ``plugin`` ('' for the site), and the way out."""

    plugin: str
    says: str
    fix: str = ""


def findings(house: House) -> list[Finding]:
    """Everything that is wrong, in the order of the list."""
    found = [Finding("", f"Not there yet: {sentence.rstrip('.')}.") for sentence in house.missing]
    for report in reports(house):
        if report.enabled:
            found += _of(report)
        elif report.trouble:
            found.append(Finding(report.name, report.trouble, "It is not enabled; mend or remove it."))
    known = {r.name for r in reports(house)}
    found += [
        Finding("", f"The table {t} belongs to no plugin that is installed.", "Install its plugin again, or drop it.")
        for t in left_behind(house, known)
    ]
    return found


def _of(r: Report) -> list[Finding]:
    found = [
        Finding(r.name, f"The secret {name} is not set.", "Set it in the environment.")
        for name, there in r.secrets if not there
    ]  # fmt: skip
    if r.behind:
        found.append(Finding(r.name, f"Its tables stand at {r.revision or 'nothing'}.", "Run: marketwright db upgrade"))
    found += [
        Finding(r.name, f"{t.orphans} rows of {t.name} refer to something that is gone.",
                "Its `erase` or `on_event` should remove them.")
        for t in r.tables if t.orphans
    ]  # fmt: skip
    if not r.forgets:
        found.append(Finding(r.name, "It keeps tables, and its manifest has no `export` and `erase`."))
    found += [
        Finding(r.name, f"{j.dead} jobs of the kind {j.kind} were given up.", "Look at the console's page Jobs.")
        for j in r.jobs if j.dead
    ]  # fmt: skip
    failed = r.messages.get("failed", 0)
    if failed:
        found.append(Finding(r.name, f"{failed} messages could not be handed to it.", "See its page in the console."))
    last = r.last_error
    if last is not None:
        found.append(Finding(r.name, f"It failed {r.errors} times, last in {last[0]}: {last[1]}"))
    return found


def left_behind(house: House, known: set[str]) -> list[str]:
    """Tables named like a plugin's that no installed plugin explains."""
    from sqlalchemy import inspect

    with house.database.reads.connect() as connection:
        names = [t for t in inspect(connection).get_table_names() if t.startswith("x_")]
    return sorted(t for t in names if not any(t.startswith(prefix_of(n)) for n in known))
