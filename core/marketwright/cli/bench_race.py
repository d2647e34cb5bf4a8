"""How ``bench matching`` times its engines: all alike, twice over, each time another one first.

Cold: each ranks once for a mission, then the others do, and a scan of everybody that empties the caches of the machine.
In rounds: each ranks for some missions in a row, then the others do, three times over; the middle of the three counts.
A server ranks for one mission after another, so the ratios are those of the rounds.
"""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

Answer = list[tuple[str, list[float]]]  # ids best first, each with the contribution of every criterion
Rivals = Mapping[str, Callable[[int], Answer]]
Times = dict[str, list[float]]  # milliseconds, by engine and mission
FINENESS, WARM, IN_A_ROW, ROUNDS = 3e-6, 45, 25, 3
SLOW = 20.0  # milliseconds at the median: what takes longer is timed once


def cold(rivals: Rivals, rows: Sequence[int], inexact: Sequence[str] = ()) -> tuple[Times, int]:
    """(times, answers that differ from those of ``scan``); before that each ranks for some missions untimed."""
    times: Times = {name: [] for name in rivals}
    mismatches = 0
    for rival in rivals.values():
        for row in rows[:WARM]:
            rival(row)
    for turn, row in enumerate(rows):
        answers: dict[str, Answer] = {}
        for name in _from(list(rivals), turn):
            began = perf_counter()
            answers[name] = rivals[name](row)
            times[name].append((perf_counter() - began) * 1000)
        if "scan" in answers:
            exact = [n for n in answers if n not in ("scan", *inexact)]
            mismatches += sum(not same(answers["scan"], answers[n]) for n in exact)
    return times, mismatches


def in_rounds(rivals: Rivals, rows: Sequence[int], once: Times | None = None) -> Times:
    """Of each engine and mission the middle one of three times; of the slow ones the times of ``once``."""
    slow = {name: each for name, each in (once or {}).items() if percentile(each, 50) > SLOW}
    rivals = {name: rival for name, rival in rivals.items() if name not in slow}
    times: Times = {name: [] for name in rivals}
    for first in range(0, len(rows), IN_A_ROW):
        some = rows[first : first + IN_A_ROW]
        taken: dict[str, list[list[float]]] = {name: [[] for _ in some] for name in rivals}
        for turn in range(ROUNDS):
            for name in _from(list(rivals), first // IN_A_ROW + turn):
                rival = rivals[name]
                for place, row in enumerate(some):
                    began = perf_counter()
                    rival(row)
                    taken[name][place].append((perf_counter() - began) * 1000)
        for name, each in taken.items():
            times[name] += [sorted(its)[ROUNDS // 2] for its in each]
    return {**times, **slow}


def _from(names: list[str], turn: int) -> list[str]:
    at = turn % len(names)
    return names[at:] + names[:at]


def same(one: Answer, other: Answer) -> bool:
    """Whether two answers are the same to a few millionths: equal scores may stand in another order."""
    a, b = [sum(parts) for _, parts in one], [sum(parts) for _, parts in other]
    return len(a) == len(b) and all(abs(x - y) < FINENESS for x, y in zip(a, b, strict=True))


def percentile(some: Sequence[float], at: int) -> float:
    """The value below which ``at`` percent are."""
    ordered = sorted(some)
    return ordered[min(len(ordered) - 1, len(ordered) * at // 100)]


def spread(some: Sequence[float]) -> dict[str, float]:
    """p50 and p99, milliseconds."""
    return {f"p{at}_ms": round(percentile(some, at), 3) for at in (50, 99)}


def ratio(times: Mapping[str, Sequence[float]], over: str, under: str, at: int) -> float:
    """One engine over another, at one percentile."""
    return round(percentile(times[over], at) / percentile(times[under], at), 2)


def ratios(times: Mapping[str, Sequence[float]], inexact: Sequence[str] = ()) -> dict[str, float]:
    """What the goals are about, of ``times``."""
    found = {"door": ratio(times, "engine", "fused", 50)}
    sql = [n for n in times if n not in ("engine", "fused", "scan", *inexact)]
    if sql:
        found["sql_p50"] = min(ratio(times, n, "engine", 50) for n in sql)
        found["sql_p99"] = min(ratio(times, n, "engine", 99) for n in sql)
    if "tantivy" in times:
        found["tantivy_p50"] = ratio(times, "tantivy", "engine", 50)
    return found
