"""Whether people reach the site, and mails reach people: host, certificate, test mail, SPF, DKIM, DMARC."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from marketwright.features.live.outside import Outside
from marketwright.features.live.points import Point, Verdict, good, missing
from marketwright.features.live.queries import newest_trial
from marketwright.kernel.text import Text, say
from marketwright.settings.marketplace import Marketplace

SOON = timedelta(days=14)
_NOBODYS = ("localhost", "example", "example.org", "example.com", "example.net", "test", "invalid", "local")
NOT_ASKED = say("It could not be asked from this machine. Run the check where the network is.")


def is_placeholder(host: str) -> bool:
    """Whether ``host`` is a name that nobody outside can reach."""
    try:
        ip_address(host)
    except ValueError:
        return not host or "." not in host or any(host == n or host.endswith(f".{n}") for n in _NOBODYS)
    return True


def host(marketplace: Marketplace, outside: Outside) -> Point:
    """The site's own name, and its certificate."""
    title, url = say("Host name and certificate"), urlsplit(marketplace.base_url)
    name = url.hostname or ""
    set_it = say("Set marketplace.base_url (or MARKETWRIGHT_BASE_URL) to the site’s own address, beginning https://.")
    if url.scheme != "https" or is_placeholder(name):
        return missing("host", title, say("The address is %(url)s.", url=marketplace.base_url), set_it)
    addresses = outside.resolve(name)
    if addresses is None:
        return Point("host", title, Verdict.UNKNOWN, NOT_ASKED)
    if not addresses:
        return missing("host", title, say("There is no host of the name %(host)s.", host=name),
                       say("Enter the name at your registrar, pointing to this server."))  # fmt: skip
    shown = outside.certificate(name, url.port or 443)
    if shown is None:
        return missing("host", title, say("%(host)s does not answer over TLS.", host=name),
                       say("Start the TLS proxy in front of the site; its ports 80 and 443 must be open."))  # fmt: skip
    if shown.until is None:
        return missing("host", title, say("The certificate is refused: %(why)s.", why=shown.problem),
                       say("Let the TLS proxy fetch a certificate for this very name."))  # fmt: skip
    if shown.until < datetime.now(UTC) + SOON:
        return missing("host", title, say("The certificate ends on %(date)s.", date=shown.until),
                       say("See why the TLS proxy does not renew it."))  # fmt: skip
    return good("host", title, say("%(host)s shows a certificate that is valid until %(date)s.", host=name,
                                   date=shown.until))  # fmt: skip


def mail(session: Session, marketplace: Marketplace) -> Point:
    """Whether a mail has arrived, by the sender and server that are set now."""
    title, settings = say("A mail that arrives"), marketplace.mail
    if not settings.smtp:
        fix = say("Set mail.smtp in marketplace.toml, for example smtps://name:password@mail.host:465.")
        return missing("mail", title, say("No mail server is set: mails stay in the console."), fix)
    if is_placeholder(settings.sender.partition("@")[2]):
        return missing("mail", title, say("The sender is %(sender)s.", sender=settings.sender),
                       say("Set mail.sender to an address of your own domain."))  # fmt: skip
    trial = newest_trial(session, sender=settings.sender, server=server_of(settings.smtp), confirmed=True)
    if trial is None:
        return missing("mail", title, say("No test mail has been confirmed for this sender and server."),
                       say("Send yourself a test mail and open its link."), href="/console/live#mail")  # fmt: skip
    return good("mail", title, say("A test mail to %(address)s arrived on %(date)s.", address=trial.address,
                                   date=trial.confirmed_at))  # fmt: skip


def server_of(smtp: str) -> str:
    """The host of a mail server's address, without name and password."""
    return urlsplit(smtp).hostname or ""


def mail_names(marketplace: Marketplace, outside: Outside) -> Point:
    """What the sender's domain says of who may send in its name."""
    title, domain = say("SPF, DKIM and DMARC"), marketplace.mail.sender.partition("@")[2]
    if is_placeholder(domain):
        return missing("mail_names", title, say("The sender’s domain is %(domain)s.", domain=domain),
                       say("Set mail.sender to an address of your own domain."))  # fmt: skip
    selector = marketplace.mail.dkim_selector
    asked = {
        "SPF": outside.txt(domain), "DMARC": outside.txt(f"_dmarc.{domain}"),
        "DKIM": outside.txt(f"{selector}._domainkey.{domain}") if selector else (),
    }  # fmt: skip
    if asked["SPF"] is None or asked["DMARC"] is None or asked["DKIM"] is None:
        return Point("mail_names", title, Verdict.UNKNOWN, NOT_ASKED)
    wrong = [w for w in (_spf(asked["SPF"]), _dmarc(asked["DMARC"]), _dkim(asked["DKIM"], selector)) if w]
    if not wrong:
        return good("mail_names", title, say("%(domain)s says who may send in its name.", domain=domain))
    fix = say("Enter the records that your mail provider names, at your registrar.")
    return missing("mail_names", title, say("Many readers will not see mails from %(domain)s.", domain=domain), fix,
                   details=tuple(wrong))  # fmt: skip


def _spf(texts: tuple[str, ...]) -> Text | None:
    found = [t for t in texts if t.lower().split(" ")[0] == "v=spf1"]
    if not found:
        return say("SPF: there is no record.")
    if len(found) > 1:
        return say("SPF: there are %(count)s records; only one may be.", count=len(found))
    if found[0].split()[-1].lower() in ("+all", "all"):
        return say("SPF: “%(end)s” lets everybody send in your name.", end=found[0].split()[-1])
    return None


def _dmarc(texts: tuple[str, ...]) -> Text | None:
    found = [t for t in texts if t.replace(" ", "").lower().startswith("v=dmarc1")]
    return None if found else say("DMARC: there is no record.")


def _dkim(texts: tuple[str, ...], selector: str) -> Text | None:
    if not selector:
        return say("DKIM: its selector is not known. Set mail.dkim_selector to the one of your mail provider.")
    keys = [t.replace(" ", "") for t in texts if "p=" in t]
    if not keys or any(part == "p=" for part in keys[0].split(";")):
        return say("DKIM: there is no key for the selector %(selector)s.", selector=selector)
    return None
