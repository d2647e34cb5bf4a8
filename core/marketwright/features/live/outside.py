"""What is asked of the world outside: names, certificates, records. ``None`` always means: could not be asked."""

import socket
import ssl
from datetime import UTC, datetime
from typing import Protocol

from marketwright.kernel.frozen import dataclass

PATIENCE = 3.0  # seconds for each question


@dataclass(frozen=True, slots=True)
class Certificate:
    """Until when it is valid, or what is wrong with it in the words of the TLS library."""

    until: datetime | None
    problem: str = ""


class Outside(Protocol):
    """The questions, so that tests answer them."""

    def resolve(self, host: str) -> tuple[str, ...] | None:
        """Addresses of ``host``; empty where there is no such name."""
        ...

    def certificate(self, host: str, port: int) -> Certificate | None:
        """The certificate that ``host`` shows."""
        ...

    def txt(self, name: str) -> tuple[str, ...] | None:
        """TXT records of ``name``; empty where there are none."""
        ...


class Nobody:
    """Asks nothing: for a machine without a network, and for pages that may not wait."""

    def resolve(self, host: str) -> None:
        """Not asked."""

    def certificate(self, host: str, port: int) -> None:
        """Not asked."""

    def txt(self, name: str) -> None:
        """Not asked."""


class Internet:
    """Asks the network that this machine has."""

    def resolve(self, host: str) -> tuple[str, ...] | None:
        """By the resolver of the operating system."""
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            return () if error.errno == socket.EAI_NONAME and self.txt("example.org") is not None else None
        except OSError:
            return None
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

    def certificate(self, host: str, port: int) -> Certificate | None:
        """By connecting as a browser would."""
        try:
            with (
                socket.create_connection((host, port), timeout=PATIENCE) as plain,
                ssl.create_default_context().wrap_socket(plain, server_hostname=host) as tls,
            ):
                shown = tls.getpeercert() or {}
        except ssl.SSLCertVerificationError as error:
            return Certificate(None, error.verify_message)
        except ssl.SSLError as error:
            return Certificate(None, str(error.reason or error))
        except OSError:
            return None
        return Certificate(datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC))

    def txt(self, name: str) -> tuple[str, ...] | None:
        """By dnspython, which asks the machine's own name servers."""
        import dns.exception
        import dns.resolver

        try:
            found = dns.resolver.resolve(name, "TXT", lifetime=PATIENCE)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError):
            return None
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in found)
