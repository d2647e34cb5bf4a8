"""What data work takes: each source by its kind, the volume, the care that the data asks for, the two ends."""

from typing import Any, Final

from marketwright.plugin import N_, Effort, Estimate, Estimator, Sizing, say

# Days a source: profiling it, reading it, testing what comes out, by kind of work.
_A_SOURCE: Final = {
    "pipeline": 3.0, "warehouse": 3.5, "dashboards": 2.0, "quality": 2.5, "migration": 6.0, "protection": 2.5,
    "analysis": 2.0,
}  # fmt: skip
_FEW = 4  # sources after the fourth share what was built for the first
_SHARED = 0.6
_KINDS: Final = {"mainframe": 2.0, "spreadsheets": 0.5, "sensors": 1.0, "events": 1.0}  # days more for the kind
_VOLUMES: Final = {"gb": 0.0, "tens_gb": 1.0, "hundreds_gb": 2.5, "tb": 5.0, "more_tb": 9.0}
_CARE: Final = {"public": 0.0, "internal": 0.0, "confidential": 0.05, "regulated": 0.15}  # of the work
_PERSONS: Final = {"none": 0.0, "pseudonymised": 1.0, "ordinary": 2.0, "special": 4.0}
_ENDS: Final = {"dashboards": 3.0, "analysis": 3.0, "protection": 4.0}  # beginning and handing over
_SPREAD: Final = {"migration": (0.75, 1.6), "analysis": (0.7, 1.5)}  # how far it may go either way
_USUAL = (0.8, 1.35)


class DataDays(Estimator):
    """Sources times their kind, plus volume, care and the two ends."""

    name = "data.days"
    label = N_("Days of data work")

    def estimate(self, brief: Sizing) -> Estimate | None:
        """``None`` until the brief says the kind of work, the number of sources and the volume."""
        work, count, volume = (brief.fields.get(name) for name in ("data_work", "source_count", "volume"))
        if work not in _A_SOURCE or volume not in _VOLUMES or not isinstance(count, int | float) or count < 1:
            return None
        parts = [_ends(work), _sources(work, int(count)), *_kinds(brief.fields), *_volume(volume)]
        parts += _care(brief.fields, sum(p.days for p in parts))
        likely = max(2, round(sum(p.days for p in parts)))
        least, most = _SPREAD.get(work, _USUAL)
        return Estimate(max(1, round(likely * least)), likely, max(likely, round(likely * most)), tuple(parts))


def _ends(work: str) -> Effort:
    why = N_("Access, a written definition of what counts as right, documentation, two people trained.")
    return Effort(N_("Beginning and handing over"), _ENDS.get(work, 4.0), why)


def _sources(work: str, count: int) -> Effort:
    each = _A_SOURCE[work]
    days = _half(each * min(count, _FEW) + each * _SHARED * max(0, count - _FEW))
    if count > _FEW:
        why = say("%(each)s days each; from the fifth on %(share)s %% of that, since they share what was built.",
                  each=f"{each:g}", share=round(_SHARED * 100))  # fmt: skip
    else:
        why = say("%(each)s days each: study it, read it, test what comes out.", each=f"{each:g}")
    return Effort(say("Sources: %(n)s", n=count), days, why)


def _kinds(fields: Any) -> list[Effort]:
    days = sum(_KINDS.get(kind, 0.0) for kind in fields.get("source_kinds", ()))
    why = N_("Old systems, streams, sensors and spreadsheets each bring habits of their own to learn.")
    return [Effort(N_("Kinds of sources"), days, why)] if days else []


def _volume(volume: str) -> list[Effort]:
    why = N_("A full run no longer fits a coffee break: loads in parts, tuning, watching what they cost.")
    return [Effort(N_("Volume"), _VOLUMES[volume], why)] if _VOLUMES[volume] else []


def _care(fields: Any, work: float) -> list[Effort]:
    found = []
    share = _CARE.get(fields.get("sensitivity", ""), 0.0)
    if share:
        found.append(Effort(N_("Sensitivity"), _half(work * share),
                            say("%(share)s %% of the days above: masked samples, reviews, an access list that is kept.",
                                share=round(share * 100))))  # fmt: skip
    persons = _PERSONS.get(fields.get("data_of_persons", ""), 0.0)
    if persons:
        why = N_("The processing agreement, the least data that will do, deletion at the end.")
        found.append(Effort(N_("Data of persons"), persons, why))
    return found


def _half(days: float) -> float:
    return round(days * 2) / 2
