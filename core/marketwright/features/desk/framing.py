"""What the pages of plugins are shown in: the marketplace's layout, its visitor, its language."""

from typing import Any

from flask import redirect, request, url_for

from marketwright.strategies.rows import Visitor
from marketwright.web.house import viewer
from marketwright.web.i18n import translate
from marketwright.web.render import render, tell


class HousePages:
    """Answers the port ``DeskPages`` within a request."""

    def visitor(self) -> Visitor | None:
        """Who is signed in."""
        me = viewer()
        if me is None:
            return None
        return Visitor(
            me.account, me.name, me.is_freelancer, {o.id: o.roles for o in me.organisations}, me.permissions,
            me.suspended,
        )  # fmt: skip

    def sign_in(self) -> Any:
        """To the sign-in page, and back to this one where it only showed something."""
        back = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in", next=back), 303)

    def render(self, template: str, context: Any, status: int) -> Any:
        """A page in the marketplace's layout."""
        return render(template, context, status=status)

    def tell(self, message: str, category: str) -> None:
        """A sentence on the next page."""
        tell(message, category)

    def say(self, text: str) -> str:
        """A sentence in the reader's language."""
        return str(translate(text))
