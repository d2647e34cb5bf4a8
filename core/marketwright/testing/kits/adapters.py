"""What every adapter holds: mail goes out once under its own id, files come back whole, an outage loses nothing."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from marketwright.hooks.http import Transport
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.adapters import Adapter, FileAdapter, MailAdapter
from marketwright.testing.desks import make_desk
from marketwright.testing.kits.frame import StrategyKit
from marketwright.testing.kits.line import Line

ID = "7f3kq2m9x4"
BYTES = {"nothing": b"", "a picture": bytes(range(256)) * 64, "a long file": b"\r\n\x00" * 100_000}
OUTAGES = ("dead", "lost", "error", "busy")


def a_mail() -> EmailMessage:
    """A mail as core makes it: its ``Message-ID`` stays the same when it is tried again."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "no-reply@example.org", "zoe@example.org"
    mail["Subject"], mail["Message-ID"] = "Signé : « Revue interne »", f"<{ID}@example.org>"
    mail.set_content("Zoë Müller a signé.\n")
    mail.add_alternative("<p>Zoë Müller a signé.</p>", subtype="html")
    return mail


class AdapterConformance(StrategyKit):
    """For a subclass of ``MailAdapter`` or ``FileAdapter``: ``strategy = MyMail`` and ``settings = {...}``.

    ``outside()`` gives what answers over ``desk.http`` (``FakeHttp``), for a plugin whose manifest declares hosts.
    """

    hook = "register_adapters"

    def outside(self) -> Transport | None:
        """What answers over ``desk.http``; asked once a test."""
        return None

    @pytest.fixture
    def line(self) -> Line:
        """The line to the outside service; a test sets its ``fault``."""
        return Line(self.outside())

    @pytest.fixture
    def build(self, strategy_class: type[Adapter], tmp_path: Path, clock: FrozenClock, line: Line) -> Any:
        """Build the adapter as core does, with the line to the outside."""
        settings, manifest = self.checked(), self.manifest()

        def make() -> Adapter:
            desk = make_desk(manifest, settings, tmp_path / "desk", clock=clock, http=line if line.far else None)
            return strategy_class(settings, desk)

        return make

    @pytest.fixture
    def mailer(self, it: Adapter) -> MailAdapter:
        """The adapter, where it sends mail."""
        if not isinstance(it, MailAdapter):
            pytest.skip("it sends no mail")
        return it

    @pytest.fixture
    def keeper(self, it: Adapter) -> FileAdapter:
        """The adapter, where it keeps files."""
        if not isinstance(it, FileAdapter):
            pytest.skip("it keeps no files")
        return it

    def test_it_is_for_a_port_of_core(self, it: Adapter) -> None:
        """It sends mail or keeps files: core asks for nothing else."""
        assert isinstance(it, MailAdapter | FileAdapter), "it is neither a MailAdapter nor a FileAdapter"

    def test_its_hosts_are_played(self, line: Line) -> None:
        """A manifest with ``hosts`` needs ``outside()``: else an outage is never tried."""
        assert bool(self.manifest().hosts) == (line.far is not None), "the manifest's hosts and outside() disagree"

    def test_a_mail_goes_out_as_it_is(self, mailer: MailAdapter) -> None:
        """Two languages, text and HTML: it is handed over, and stays as it was for the next try."""
        mail = a_mail()
        before = mail.as_bytes()
        mailer.send(mail)
        assert mail.as_bytes() == before, "it changed the mail"

    def test_its_id_goes_with_a_mail(self, mailer: MailAdapter, line: Line) -> None:
        """``Message-ID`` reaches the service, so that a second try is known for the same mail."""
        if line.far is None:
            pytest.skip("its manifest declares no hosts")
        mailer.send(a_mail())
        asked = getattr(line.far, "asked", ())
        told = [r for r in asked if ID.encode() in (r.body or b"") or any(ID in str(v) for v in r.headers.values())]
        assert told, "no request carries the mail's Message-ID"

    @pytest.mark.parametrize("fault", OUTAGES)
    def test_an_outage_has_a_mail_tried_again(self, mailer: MailAdapter, line: Line, fault: str) -> None:
        """Something is raised, and no ``ValueError``: that would give the mail up for ever."""
        if line.far is None:
            pytest.skip("its manifest declares no hosts")
        line.fault = fault
        with pytest.raises(Exception) as raised:  # noqa: PT011  whatever it is: core tries again
            mailer.send(a_mail())
        assert not isinstance(raised.value, ValueError), f"over a line that is {fault!r} it gives the mail up"

    @pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
    def test_what_is_kept_comes_back_whole(self, keeper: FileAdapter, build: Any, data: bytes) -> None:
        """Byte for byte, for another instance too: nothing that matters lives in memory."""
        keeper.put(ID, data)
        assert keeper.get(ID) == data, "other bytes come back"
        assert build().get(ID) == data, "built anew it does not find them"

    def test_the_same_again_is_no_error(self, keeper: FileAdapter) -> None:
        """The worker hands a file over at least once."""
        keeper.put(ID, b"abc")
        keeper.put(ID, b"abc")
        assert keeper.get(ID) == b"abc"

    def test_one_file_is_not_another(self, keeper: FileAdapter) -> None:
        """Two ids are two files, upper and lower case included."""
        keeper.put(ID, b"one")
        keeper.put(ID.upper(), b"two")
        assert (keeper.get(ID), keeper.get(ID.upper())) == (b"one", b"two"), "one file stands in for another"

    def test_what_is_not_there_is_none(self, keeper: FileAdapter) -> None:
        """``get`` of a file that nobody kept."""
        assert keeper.get(ID) is None, "it gives bytes that nobody kept"

    def test_what_is_removed_is_gone(self, keeper: FileAdapter) -> None:
        """And removing it once more is no error."""
        keeper.put(ID, b"abc")
        keeper.remove(ID)
        keeper.remove(ID)
        assert keeper.get(ID) is None, "what was removed is still there"

    @pytest.mark.parametrize("fault", OUTAGES)
    def test_an_outage_is_no_missing_file(self, keeper: FileAdapter, line: Line, fault: str) -> None:
        """Over a line that is down ``put`` and ``get`` raise: silence would lose the file."""
        if line.far is None:
            pytest.skip("its manifest declares no hosts")
        keeper.put(ID, b"abc")
        line.fault = fault
        with pytest.raises(Exception):  # noqa: B017, PT011  whatever it is: core tries again
            keeper.put(ID, b"abc")
        with pytest.raises(Exception):  # noqa: B017, PT011
            keeper.get(ID)
