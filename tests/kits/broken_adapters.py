"""Adapters, each broken on purpose in one way, and two that are not."""

from marketwright.plugin import Adapter, FileAdapter, MailAdapter, Manifest, Unavailable
from marketwright.testing import AdapterConformance, FakeHttp
from marketwright.testing.http import answer

HOST = "https://mail.halden.example"


class FairMail(MailAdapter):
    """Hands a mail to a service."""

    name = "fair_mail"

    def send(self, mail):
        key = {"idempotency-key": str(mail["Message-ID"])}
        said = self.desk.http.post(f"{HOST}/messages", body=mail.as_bytes(), headers=key)
        if not said.ok:
            raise Unavailable("The service does not take it now.")


class Mails(AdapterConformance):
    """The kit with the service played."""

    def outside(self):
        return FakeHttp().on("POST", "/messages", answer({}))

    @classmethod
    def manifest(cls):
        return Manifest(name="fair", summary="Mail.", hosts=("mail.halden.example",))


class TestFairMail(Mails):
    strategy = FairMail


class Neither(Adapter):
    """For no port of core."""

    name, port = "neither", "letters"


class TestNeither(AdapterConformance):
    strategy = Neither
    caught_by = "test_it_is_for_a_port_of_core"


class TestUnplayed(Mails):
    strategy = FairMail
    caught_by = "test_its_hosts_are_played"

    def outside(self):
        return None


class Changing(FairMail):
    """Signs the mail itself."""

    def send(self, mail):
        mail["X-Sent-By"] = "me"
        super().send(mail)


class TestChanging(Mails):
    strategy = Changing
    caught_by = "test_a_mail_goes_out_as_it_is"


class Nameless(FairMail):
    """Leaves the id out."""

    def send(self, mail):
        self.desk.http.post(f"{HOST}/messages", json={"to": str(mail["To"]), "text": "…"})


class TestNameless(Mails):
    strategy = Nameless
    caught_by = "test_its_id_goes_with_a_mail"


class GivingUp(FairMail):
    """Takes an outage for a refusal."""

    def send(self, mail):
        try:
            super().send(mail)
        except Exception as error:
            raise ValueError("no") from error


class TestGivingUp(Mails):
    strategy = GivingUp
    caught_by = "test_an_outage_has_a_mail_tried_again"


class FairFiles(FileAdapter):
    """Keeps bytes among the desk's files."""

    name = "fair_files"

    def path(self, id):  # noqa: A002
        return self.desk.folder / id.encode().hex()

    def put(self, id, data):  # noqa: A002
        self.path(id).write_bytes(data)

    def get(self, id):  # noqa: A002
        return self.path(id).read_bytes() if self.path(id).is_file() else None

    def remove(self, id):  # noqa: A002
        self.path(id).unlink(missing_ok=True)


class TestFairFiles(AdapterConformance):
    strategy = FairFiles


class Stripping(FairFiles):
    """Mends the ends of lines."""

    def put(self, id, data):  # noqa: A002
        super().put(id, data.replace(b"\r\n", b"\n"))


class TestStripping(AdapterConformance):
    strategy = Stripping
    caught_by = "test_what_is_kept_comes_back_whole"


class Jealous(FairFiles):
    """Takes a file only once."""

    def put(self, id, data):  # noqa: A002
        with self.path(id).open("xb") as file:
            file.write(data)


class TestJealous(AdapterConformance):
    strategy = Jealous
    caught_by = "test_the_same_again_is_no_error"


class Lowering(FairFiles):
    """Ids in lower case."""

    def path(self, id):  # noqa: A002
        return super().path(id.lower())


class TestLowering(AdapterConformance):
    strategy = Lowering
    caught_by = "test_one_file_is_not_another"


class Inventive(FairFiles):
    """An empty file for one that is not there."""

    def get(self, id):  # noqa: A002
        return super().get(id) or b""


class TestInventive(AdapterConformance):
    strategy = Inventive
    caught_by = "test_what_is_not_there_is_none"


class Once(FairFiles):
    """Raises where there is nothing to remove."""

    def remove(self, id):  # noqa: A002
        self.path(id).unlink()


class TestOnce(AdapterConformance):
    strategy = Once
    caught_by = "test_what_is_removed_is_gone"


class Far(FairFiles):
    """Files at a service, whose outage counts as no file."""

    kept = None

    def put(self, id, data):  # noqa: A002
        self.desk.http.post(f"{HOST}/files/{id}", body=data)

    def get(self, id):  # noqa: A002
        said = self.desk.http.get(f"{HOST}/files/{id}")
        return said.body if said.ok else None


class TestFar(AdapterConformance):
    strategy = Far
    caught_by = "test_an_outage_is_no_missing_file"

    def outside(self):
        return FakeHttp().on("POST", "/files", answer({})).on("GET", "/files", answer(b"abc"))

    @classmethod
    def manifest(cls):
        return Manifest(name="far", summary="Files.", hosts=("mail.halden.example",))


class TestCapital(AdapterConformance):
    strategy = type("Capital", (FairFiles,), {"name": "Capital Letters", "__doc__": "Keeps bytes."})
    caught_by = "test_it_says_what_it_is_called"


class TestUndocumented(AdapterConformance):
    strategy = type("Undocumented", (FairFiles,), {"__doc__": ""})
    caught_by = "test_its_first_line_says_what_it_does"
