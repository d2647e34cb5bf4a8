"""People, money and machine: administrator, payment keys, backup, worker, plugins, disk, secret, debug."""

import os
import shutil
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts.registry import processes
from marketwright.features.live.points import Point, good, missing
from marketwright.features.live.queries import newest_restoration
from marketwright.features.seals.queries import keys_used
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.text import Text, say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.ring import Ring
from marketwright.store.tables import JobRow, TickRow

AWAKE = timedelta(minutes=3)
FRESH = timedelta(days=90)
ROOM = 2 * 10**9  # bytes


def administrator(session: Session) -> Point:
    """Somebody who may do everything, and is nobody of the demo."""
    title = say("First administrator")
    invented = {p.id for p in accounts.personas(session)}
    admins = [s.name for s in accounts.staff(session) if "admin" in s.roles and s.account not in invented]
    if not admins:
        return missing("administrator", title, say("Nobody of the staff may change settings and roles."),
                       say("Invite yourself: the command prints a link that works once."),
                       command="marketwright staff invite you@your.domain --role admin")  # fmt: skip
    return good("administrator", title, say("Administrators: %(names)s.", names=", ".join(admins)))


def payments(marketplace: Marketplace, plugins: Plugins) -> Point:
    """A provider whose keys are those of a live stage, where a course of deals holds money."""
    title, known = say("Payment keys"), processes(plugins)
    holding = [known[n].name for n in marketplace.deal.processes if n in known and known[n].holds]
    if not holding:
        return good("payments", title, say("No course of deals holds money: none are needed."))
    entry = plugins.payment_providers.get(marketplace.deal.provider)
    fix = say("Enable a payment provider, put its live keys into the environment, and name it in deal.provider.")
    if entry is None:
        return missing("payments", title, say("No payment provider is set."), fix)
    try:
        can = entry.ask("capabilities", lambda p: p.capabilities)
        wrong = list(entry.ask("check", lambda p: p.check()))
    except MarketwrightError as error:
        return missing("payments", title, say("%(name)s cannot be asked: %(why)s", name=entry.it.label, why=str(error)),
                       fix)  # fmt: skip
    if can.test_only:
        return missing("payments", title, say("%(name)s moves play money only: a live stage refuses it.",
                                              name=entry.it.label), fix)  # fmt: skip
    if wrong:
        return missing("payments", title, say("%(name)s is not ready.", name=entry.it.label), fix,
                       details=tuple(say("%(sentence)s", sentence=str(w)) for w in wrong))  # fmt: skip
    return good("payments", title, say("%(name)s is ready.", name=entry.it.label))


def backup(session: Session, now: datetime) -> Point:
    """A backup that was restored, at least into a scratch place."""
    title, last = say("A backup that was restored"), newest_restoration(session)
    command = "marketwright backup FILE && marketwright restore FILE --rehearse"
    fix = say("Take a backup and rehearse its restore; do it again every quarter.")
    if last is None:
        return missing("backup", title, say("No backup has been restored or rehearsed yet."), fix, command=command)
    if last.findings:
        return missing("backup", title, say("The last one, on %(date)s, broke rules of the ledger: %(count)s.",
                                            date=last.at, count=last.findings), fix, command=command)  # fmt: skip
    if now - last.at > FRESH:
        return missing("backup", title, say("The last one was on %(date)s.", date=last.at), fix, command=command)
    return good("backup", title, say("%(who)s restored %(file)s on %(date)s; every rule of the ledger held.",
                                     who=last.by, file=last.file, date=last.at))  # fmt: skip


def worker(session: Session, now: datetime) -> Point:
    """Whether jobs are run, and none has given up."""
    title, seen = say("Worker"), session.scalar(select(func.max(TickRow.at)))
    if seen is None or now - seen > AWAKE:
        said = say("It was last seen on %(date)s.", date=seen) if seen else say("It has never been seen.")
        return missing("worker", title, said, say("Start it and keep it running."), command="marketwright worker")
    dead = session.scalar(select(func.count()).where(JobRow.state == "dead")) or 0
    if dead:
        return missing("worker", title, say("Jobs have given up: %(count)s.", count=dead),
                       say("Look at their errors, mend the cause, run them again."),
                       href="/console/jobs?state=dead")  # fmt: skip
    return good("worker", title, say("It is at work, and no job has given up."))


def extensions(plugins: Plugins, lacking: list[str]) -> Point:
    """What the site cannot do for want of a plugin, and plugins that failed since the start."""
    title = say("Plugins")
    failed = {
        plugin: meter.last_error for (plugin, _what), meter in plugins.meters.by_hook.items() if meter.errors
    }  # fmt: skip
    details: list[Text] = [say("Missing: %(what)s", what=str(text)) for text in lacking]
    details += [say("%(plugin)s failed: %(why)s", plugin=p, why=why[:200]) for p, why in sorted(failed.items())]
    if details:
        return missing("plugins", title, say("Something is missing or fails."),
                       say("See the console’s page on plugins, or run the command."),
                       command="marketwright plugins doctor", details=tuple(details))  # fmt: skip
    return good("plugins", title, say("%(count)s plugins are enabled, and nothing that they need is missing.",
                                      count=len(plugins.enabled)))  # fmt: skip


def disk(marketplace: Marketplace) -> Point:
    """Room for the database, uploads and a backup."""
    title = say("Disk space")
    place = next(p for p in (marketplace.var, *marketplace.var.parents) if p.exists())
    free = shutil.disk_usage(place).free
    said = say("%(free)s GB are free.", free=free // 10**9)
    if free < ROOM:
        return missing("disk", title, said, say("Keep at least 2 GB free for uploads and backups."))
    return good("disk", title, said)


def secret(marketplace: Marketplace) -> Point:
    """The key that signs links and sessions."""
    title = say("Secret key")
    given = os.environ.get("MARKETWRIGHT_SECRET_KEY", "") or marketplace.secret_key
    if len(given) < 32:
        return missing("secret", title, say("It is not set, or shorter than 32 characters."),
                       say("Put one into MARKETWRIGHT_SECRET_KEY; keep it with your backups, apart from them."),
                       command="python -c 'import secrets; print(secrets.token_urlsafe(48))'")  # fmt: skip
    return good("secret", title, say("It is set, and long enough."))


def sealing(session: Session, marketplace: Marketplace, plugins: Plugins) -> Point:
    """Whether what is sealed can be opened, and what will be sealed has a key of its own."""
    title = say("Keys of what is sealed")
    used, known = keys_used(session), Ring(marketplace.sealing).known
    lost = sorted(used.keys() - known)
    if lost:
        return missing("sealing", title, say("A key that sealed deliveries is missing: %(key)s. Without it nobody can "
                                             "read them again.", key=lost[0]),
                       say("Put it back into MARKETWRIGHT_SEAL_KEYS, behind the newest."),
                       command="marketwright seals check")  # fmt: skip
    if not any(e.it.sealed for e in plugins.deliverables.values()) and not used:
        return good("sealing", title, say("Nothing is sealed on this site."))
    if not os.environ.get("MARKETWRIGHT_SEAL_KEYS"):
        return missing("sealing", title, say("Deliveries are sealed, and there is no key but that of a test site."),
                       say("Make one, put it into MARKETWRIGHT_SEAL_KEYS, keep it apart from the backups: lost, what "
                           "it sealed is lost with it."), command="marketwright seals key")  # fmt: skip
    return good("sealing", title, say("There is a key, and everything sealed opens with the ring."))


def debug() -> Point:
    """No debugger on a public site."""
    title, names = say("Debug mode"), ("FLASK_DEBUG", "PYTHONDEVMODE")
    on = [n for n in names if os.environ.get(n, "0") not in ("", "0")]
    if on:
        return missing("debug", title, say("%(name)s is set.", name=on[0]), say("Take it out of the environment."))
    return good("debug", title, say("It is off."))
