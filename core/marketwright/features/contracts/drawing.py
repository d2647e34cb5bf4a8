"""A process as a drawing of plain characters: the way that nobody regrets, then every state with its ways out. Pure."""

from itertools import pairwise

from marketwright.features.contracts.course import happy_path, money_action
from marketwright.strategies.processes import Process, Role, Transition

WHO = {
    Role.CLIENT: "client", Role.FREELANCER: "freelancer", Role.OPERATOR: "operator", Role.TIMER: "clock",
    Role.PLUGIN: "plugin", Role.PROVIDER: "provider",
}  # fmt: skip


def draw(process: Process) -> str:
    """The drawing: one line for the shortest good way, then a tree of each state that is no end."""
    path = happy_path(process)
    steps = [_between(process, a, b) for a, b in pairwise(path)]
    line = path[0] + "".join(f" ─{step}→ {state}" for step, state in zip(steps, path[1:], strict=True))
    found = [line, ""]
    for state in process.states:
        if state.end:
            continue
        found.append(f"{state.name} [{state.owner}, hold {state.hold}]")
        ways = process.ways_from(state.name)
        found += [f"  {'└' if way is ways[-1] else '├'}─ {_way(process, way)}" for way in ways]
    return "\n".join(found) + "\n"


def _between(process: Process, source: str, target: str) -> str:
    ways = [t for t in process.ways_from(source) if t.target == target and t.actor is not Role.TIMER and not t.danger]
    return ways[0].name


def _way(process: Process, way: Transition) -> str:
    who = ", ".join(WHO[role] for role in way.actors)
    money = money_action(way)
    does = f" {money}" + (f" by {way.measure}" if way.measure else "") if money else ""
    clock = f" {by_itself(way)}" if by_itself(way) else ""
    end = " ■" if process.state(way.target).end else ""
    return f"{way.name} ({who}{clock}){does} → {way.target}{end}"


def by_itself(way: Transition) -> str:
    """When the clock takes ``way``, in words; '' for people's own."""
    if way.expiry:
        return "2 days before the provider's limit"
    if way.timer_days is None:
        return ""
    return f"{way.timer_days} days after {'the due date' if way.after_due else 'it came here'}"
