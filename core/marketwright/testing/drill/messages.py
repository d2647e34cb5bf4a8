"""The provider's messages in the drill's own hands: doubled, shuffled, forged and dropped."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from random import Random
from threading import Event, RLock, Thread
from time import monotonic

from sqlalchemy import select

from marketwright.features.inbox.tables import InboxMessage
from marketwright.strategies.inbox import Message, envelope
from marketwright.testing.drill.double import Silent, Told
from marketwright.testing.drill.people import PAUSE, Answer, ask
from marketwright.testing.drill.play import AT_ONCE, Play

HANDLED = 2.0  # seconds in which a worker takes up a message, where anybody waits for that
FRESH = 100.0  # seconds for which a signature is used again
LATEST = 300  # messages among which the next one is chosen
DROPPED, FORGED = 0.15, 0.15
SENDERS = 4


class Post:
    """The drill's postman: knows every message of the double, and keeps in mind what the site answered."""

    def __init__(self, play: Play) -> None:
        self.play, self.site = play, play.site
        self.pool: list[Told] = []
        self.sent: Counter[int] = Counter()
        self.dropped: set[int] = set()
        self.lock = RLock()
        plugin = self.site.house.plugins.plugin(self.site.plugin)
        self.inbox = plugin.manifest.inbox if plugin else None

    def fetch(self) -> list[Told]:
        """Take over what is new; returns it."""
        with self.lock:
            fresh: list[Told] = []
            with suppress(Silent):
                fresh = self.site.double.told(self.pool[-1].number if self.pool else 0)
            self.pool += fresh
            return fresh

    def about(self, command: str) -> Told | None:
        """The newest message about ``command``."""
        self.fetch()
        return next((m for m in reversed(self.pool) if m.command == command), None)

    def signed_now(self, message: Told) -> Told:
        """The message with a signature that is still taken."""
        if monotonic() - message.at < FRESH:
            return message
        with suppress(Silent):
            for told in self.site.double.told(message.number - 1, limit=1):
                if told.number == message.number:
                    return told
        return message

    def deliver(self, message: Told) -> Answer:
        """Post it to the site; what is answered 200 must be stored from then on."""
        answer = self._post(message.body, message.headers)
        if answer.status == 200 and self.inbox is not None:
            with self.play.acked.lock:
                self.play.acked.messages.add(self._id(message))
        self.sent[message.number] += 1
        return answer

    def wait_for(self, message: Told) -> None:
        """Wait, not for long, until a worker has taken up what was delivered: only then its news is in."""
        if self.inbox is None:
            return
        m = InboxMessage
        waits = select(m.id).where(m.event_id == self._id(message), m.state == "stored")
        end = monotonic() + HANDLED
        while monotonic() < end and self.play.read(lambda session: session.scalar(waits)):
            PAUSE.wait(0.03)

    def _id(self, message: Told) -> str:
        assert self.inbox is not None
        headers = {k.lower(): v for k, v in message.headers.items()}
        return envelope(self.inbox, Message(message.body.encode(), headers)).id

    def forge(self, message: Told, dice: Random) -> Answer:
        """Post something like it that its sender did not sign; taking it is a finding."""
        headers = dict(message.headers)
        body = message.body
        how = dice.choice(("altered", "unsigned", "other signature", "cut"))
        if how == "altered":
            body += " "
        elif how == "cut":
            body = body[:-1]
        else:
            name = self.inbox.header.lower() if self.inbox and self.inbox.header else "webhook-signature"
            headers = {k: v for k, v in headers.items() if k.lower() != name}
            if how == "other signature":
                headers[name] = message.headers.get(name, "v1,")[:-4] + "0000"
        answer = self._post(body, headers)
        if answer.status // 100 == 2:
            self.play.acked.wrongly.append(f"a forged message ({how}) was answered {answer.status}")
        return answer

    def _post(self, body: str, headers: Mapping[str, str]) -> Answer:
        return ask("POST", f"{self.site.url}/in/{self.site.plugin}", body.encode(), headers)

    def rounds(self, stop: Event) -> Thread:
        """Deliver every message once, soon: what a calm service does. The thread ends with ``stop``."""

        def work() -> None:
            at = 0
            while not stop.wait(0.3):
                self.fetch()
                while at < len(self.pool) and not stop.is_set():
                    message, at = self.pool[at], at + 1
                    if not self.sent[message.number]:
                        self.deliver(self.signed_now(message))

        thread = Thread(target=work, daemon=True)
        thread.start()
        return thread


def confuse(play: Play, count: int) -> Counter[str]:
    """Send ``count`` messages while people go on: new, doubled, out of order, forged; some never. By what they were."""
    post, done, stop = Post(play), Counter[str](), Event()
    play.site.double.keep_back(on=True)
    at_once = min(AT_ONCE, 4 + count // 20)
    play.take_up(at_once)
    people = play.at_work(stop, 3)
    lock = RLock()

    def send(number: int) -> None:
        dice = Random(f"{play.seed}:{number}")
        while True:
            with lock:
                if done.total() >= count:
                    return
                kind, message = _next(post, dice)
                if message is not None:
                    done[kind] += 1
            if message is None:
                PAUSE.wait(0.05)
            elif kind == "forged":
                post.forge(post.signed_now(message), dice)
            elif kind != "dropped":
                post.deliver(post.signed_now(message))

    senders = [Thread(target=send, args=(n,), daemon=True) for n in range(SENDERS)]
    for thread in senders:
        thread.start()
    while any(t.is_alive() for t in senders):
        post.fetch()
        if len(play.active) < at_once // 2:
            play.take_up(at_once)
        play.progress(f"{done.total()} of {count} messages so far")
        PAUSE.wait(0.1)
    stop.set()
    for thread in people:
        thread.join(timeout=120)
    return done


def _next(post: Post, dice: Random) -> tuple[str, Told | None]:
    """What is sent next, and as what."""
    near = [m for m in post.pool[-LATEST:] if m.number not in post.dropped]
    if not near:
        return "", None
    message = dice.choice(near)
    if dice.random() < FORGED:
        return "forged", message
    if post.sent[message.number]:
        return "doubled", message
    if dice.random() < DROPPED:
        post.dropped.add(message.number)
        return "dropped", message
    first = next(m for m in near if not post.sent[m.number])
    post.sent[message.number] += 1
    return "in order" if first is message else "out of order", message
