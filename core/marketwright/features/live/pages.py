"""The link of a test mail: whoever reads it says that it arrived."""

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.live import queries, service
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading, unit
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render
from marketwright.web.routing import Pages

pages = Pages("live", prefix="/live")


@dataclass(frozen=True, slots=True)
class ArrivedContext:
    """Whether it was said already."""

    code: str
    done: bool


@pages.get("/mail/<code>", PUBLIC.objects("the code in the link is the key"))
def arrived(code: str) -> BaseResponse:
    """Ask whoever opened the link to say so."""
    return render("live/arrived.html", ArrivedContext(code, _trial(code).confirmed_at is not None))


@pages.post("/mail/<code>", PUBLIC.objects("the code in the link is the key"))
def say_arrived(code: str) -> BaseResponse:
    """Record that the test mail arrived."""
    found = _trial(code)
    with unit() as uow:
        service.confirm_trial(uow, trial=found.id)
        uow.commit()
    return render("live/arrived.html", ArrivedContext(code, done=True))


def _trial(code: str) -> queries.TrialRow:
    found = queries.trial(reading(), service.read_code(code, house().marketplace.secret_key))
    if found is None:
        raise NotFound("This link is not valid any more. Send another test mail.")
    return found
