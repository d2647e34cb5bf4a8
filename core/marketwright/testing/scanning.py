"""A scanner of uploads that needs none: it knows the test string of the scanners' makers, and nothing else."""

from marketwright.strategies.adapters import ScanAdapter

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class KnownStringScan(ScanAdapter):
    """Finds :data:`EICAR` wherever it stands; the same bytes, the same answer."""

    name = "known_string"

    def examine(self, data: bytes, name: str, media_type: str) -> str:  # noqa: ARG002  a scanner's signature
        """``Eicar-Test-Signature`` or ''."""
        return "Eicar-Test-Signature" if EICAR in data else ""
