"""Somebody before a browser, in the words of the page: they click what is written, and type where a label stands."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketwright.kernel.actors import Actor
from marketwright.testing.browser import press
from marketwright.testing.live import PATIENCE, Live, wait_for

PASSWORD = "three green doors in a row"


@dataclass
class Person:
    """One visitor with a browser context of their own; ``page`` is Playwright's."""

    site: Live
    page: Any
    name: str = ""
    email: str = ""
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> Any:
        """The page without its frame: header, footer, demo bar."""
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """Where they are, without the origin."""
        return str(self.page.url).removeprefix(self.site.url)

    def goes_to(self, path: str) -> "Person":
        """Open an address; an error page fails the test."""
        answer = self.page.goto(self.site.url + path if path.startswith("/") else path)
        assert answer.status < 400, f"{answer.status} {path}\n{self.site.log()}"
        return self

    def clicks(self, words: str, *, nth: int = 0, exact: bool = False) -> "Person":
        """Press the button or follow the link that reads ``words``; an error of the site fails the test."""
        button = self.main.get_by_role("button", name=words, exact=exact)
        link = self.main.get_by_role("link", name=words, exact=exact)
        return self.presses(button.or_(link).locator("visible=true").nth(nth))

    def confirms(self) -> "Person":
        """Press the main button of the form."""
        return self.presses(self.main.locator("form button.btn-main").locator("visible=true").first)

    def presses(self, element: Any) -> "Person":
        """Click what a locator of Playwright finds, and wait for the page it leads to: `press`."""
        press(element)
        return self

    def presses_enter(self, element: Any) -> "Person":
        """Send a form from one of its fields, and wait for the answer."""
        with self.page.expect_event("load"):
            element.press("Enter")
        return self

    def types(self, **fields: str) -> "Person":
        """Fill fields in by their names."""
        for name, value in fields.items():
            found = self.main.locator(f'[name="{name.replace("__", "-")}"]').locator("visible=true").first
            if found.evaluate("e => e.tagName") == "SELECT":
                found.select_option(value)
            else:
                found.fill(value)
        return self

    def chooses(self, words: str, *, exact: bool = False) -> "Person":
        """Choose a radio button or tick a box by its words."""
        self.main.get_by_label(words, exact=exact).first.check(force=True)
        return self

    def attaches(self, file: Path, name: str = "files") -> "Person":
        """Attach a file to the form."""
        self.main.locator(f'input[type="file"][name="{name}"]').set_input_files(file)
        return self

    def text(self) -> str:
        """All that the page says, on one line."""
        return " ".join(str(self.page.locator("body").inner_text()).replace("\N{NO-BREAK SPACE}", " ").split())

    def reads(self, *sentences: str) -> "Person":
        """The page says all of these."""
        text = self.text()
        for sentence in sentences:
            assert sentence in text, f"{self.name or 'a visitor'} does not read {sentence!r} at {self.path}:\n{text}"
        return self

    def sentence(self, begins: str) -> str:
        """The paragraph that begins with these words."""
        found = self.page.locator("p").filter(has_text=re.compile(f"^\\s*{re.escape(begins)}"))
        return str(found.first.inner_text())

    def still_has(self, **fields: str) -> "Person":
        """The fields of the form hold these values."""
        for name, value in fields.items():
            held = str(self.main.locator(f'[name="{name}"]').first.input_value())
            assert held == value, f"{name} holds {held!r} and not {value!r} at {self.path}"
        return self

    def keeps(self, what: str) -> "Person":
        """Remember where they are, to come back to."""
        self.kept[what] = self.path.partition("?")[0].partition("#")[0]
        return self

    def types_password_if_asked(self, password: str = PASSWORD) -> "Person":
        """Larger amounts ask for it once more."""
        if self.main.locator('[name="password"]').count():
            self.types(password=password)
        return self

    def signs_in_as(self, account: str) -> "Person":
        """Hold a session of ``account`` without the form, whoever it is."""
        from marketwright.features.accounts.sessions import start_session
        from marketwright.settings.loader import load_marketplace
        from marketwright.testing.sealing import session_cookie

        with self.site.database.unit(Actor(kind="person", id=account)) as uow:
            token = start_session(uow, account=account, agent="tests")
            uow.commit()
        cookie = session_cookie(load_marketplace(self.site.folder, {}), {"sid": token, "locale": "en"})
        self.page.context.add_cookies([{**cookie, "url": self.site.url}])
        return self

    def waits_for(self, sentence: str, *, seconds: float = PATIENCE) -> "Person":
        """The page says ``sentence`` after some reloading: a worker has to do something first."""
        def there() -> bool:
            self.page.reload()
            return sentence in self.text()

        wait_for(there, f"{sentence!r} at {self.path}", patience=seconds)
        return self

    def signs_up(self, *, name: str, email: str, side: str, organisation: str = "") -> "Person":
        """Fill the sign-up form in, then follow the mail that comes."""
        self.name, self.email = name, email
        self.chooses(side)
        self.types(name=name, email=email, password=PASSWORD)
        if organisation:
            self.types(organisation_name=organisation)
        self.clicks("Sign up", exact=True)
        self.goes_to(self.site.mail_link(email))
        self.clicks("Confirm and go on")
        return self

    def joins(self, link: str, *, name: str, email: str) -> "Person":
        """Follow the link of an invitation as somebody without an account."""
        self.name, self.email = name, email
        self.goes_to(link).types(name=name, password=PASSWORD)
        return self.clicks("Accept the invitation")

    def acts_as(self, words: str) -> "Person":
        """Become the persona described by ``words``, over the bar of the demo."""
        self.goes_to("/")
        chosen = self.page.locator("#demo-persona option").filter(has_text=words).first.get_attribute("value")
        self.page.locator("#demo-persona").select_option(chosen)
        return self.presses(self.page.locator(".demo-bar button").first)
