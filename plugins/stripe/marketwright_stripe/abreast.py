"""Several questions to Stripe at the same time: one for each account is too many to ask one after another."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

MOST_ASKED = 8
T = TypeVar("T")
R = TypeVar("R")


def abreast(ask: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
    """What ``ask`` says of each of ``things``, in their order; up to eight are asked at a time.

    What one of them raises is raised in its place, and no other is asked any more.
    """
    asked: deque[Future[R]] = deque()
    with ThreadPoolExecutor(MOST_ASKED, "stripe") as pool:  # waits for those under way, which have a limit of their own
        for thing in things:
            if len(asked) == MOST_ASKED:  # a pool works off all that it was given before a process may end
                yield asked.popleft().result()
            asked.append(pool.submit(copy_context().run, ask, thing))
        while asked:
            yield asked.popleft().result()
