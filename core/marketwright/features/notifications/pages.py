"""Following a notice, and marking all as read. The list itself stands in the inbox."""

from sqlalchemy import select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from marketwright.features.notifications.service import mark_read
from marketwright.features.notifications.tables import Notice
from marketwright.kernel.errors import NotFound
from marketwright.kernel.text import N_
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.pages import local_path
from marketwright.web.policy import SIGNED_IN
from marketwright.web.routing import Pages

pages = Pages("notifications", prefix="/notices")


@pages.get("/<notice>", SIGNED_IN.objects("whose notice it is"))
def follow(notice: str) -> Response:
    """Go where the notice leads. Reading is marked by the page it leads from (a POST), never by this GET."""
    href = reading().scalar(select(Notice.href).where(Notice.id == notice, Notice.account_id == the_viewer().account))
    if href is None:
        raise NotFound(N_("There is no such notice."))
    return redirect(local_path(href or "/inbox"), 303)


@pages.post("/read", SIGNED_IN)
def read_all() -> Response:
    """Mark everything as read."""
    with unit() as uow:
        mark_read(uow)
        uow.commit()
    return redirect("/inbox", 303)


@pages.post("/<notice>/open", SIGNED_IN.objects("whose notice it is"))
def open_notice(notice: str) -> Response:
    """Mark one as read and go where it leads."""
    href = reading().scalar(select(Notice.href).where(Notice.id == notice, Notice.account_id == the_viewer().account))
    if href is None:
        raise NotFound(N_("There is no such notice."))
    with unit() as uow:
        mark_read(uow, notice=notice)
        uow.commit()
    return redirect(local_path(href or "/inbox"), 303)
