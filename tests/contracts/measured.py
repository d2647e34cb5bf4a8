"""A plugin of tests: a model that is accepted by its measured score, and reports whose rows are answered."""

from marketwright.plugin import (
    Action,
    Deliverable,
    Field,
    FieldForm,
    Handed,
    HandedFile,
    HandedRows,
    HoldState,
    Judged,
    Judgement,
    Manifest,
    Process,
    Role,
    State,
    Transition,
    hookimpl,
    say,
)

manifest = Manifest(name="measured", summary="A course that a measure decides.", core=">=0.1,<0.2")
C, F, OP, T, P = Role.CLIENT, Role.FREELANCER, Role.OPERATOR, Role.TIMER, Role.PLUGIN
NONE, FUNDED, SETTLED = HoldState.NONE, HoldState.FUNDED, HoldState.SETTLED


def asked(name, form=FieldForm.TEXT, **more):
    return Field("deliverable", name, form, {"en": name.title().replace("_", " "), "fr": f"{name} (fr)"}, **more)


class Model(Deliverable):
    name, label, summary = "measured.model", "Model", "A model with its score."
    agreed = (asked("metric", required=True), asked("threshold", FieldForm.NUMBER, required=True, minimum=0, maximum=1))
    handed = (asked("score", FieldForm.NUMBER, required=True), asked("weights", FieldForm.FILE, required=True))
    rows = (
        HandedRows(
            "samples", {"en": "Samples"}, {"en": "Sample"}, least=1, chart="kind",
            columns=(
                asked("title", required=True),
                asked("kind", FieldForm.CHOICE, required=True,
                      choices=(("hard", {"en": "Hard"}), ("easy", {"en": "Easy"}))),
                asked("remark", FieldForm.LONG_TEXT),
            ),
            derived=(asked("length", FieldForm.NUMBER),),
        ),
    )

    def check_agreed(self, agreed):
        return {"metric": [say("No such metric.")]} if agreed["metric"] == "luck" else {}

    def check(self, agreed, handed):
        wrong = {}
        if handed.values["score"] > 1:
            wrong["score"] = [say("A score is at most 1.")]
        if isinstance(handed.values["weights"], HandedFile) and handed.values["weights"].data.startswith(b"empty"):
            wrong["weights"] = [say("There is nothing in it.")]
        for n, row in enumerate(handed.rows["samples"]):
            if row["title"] == "x":
                wrong[f"samples-{n}-title"] = [say("Say more.")]
        return wrong

    def derive(self, rows, row):
        return {"length": len(row["title"])}

    def judge(self, agreed, handed):
        score, least = handed.values["score"], agreed["threshold"]
        return Judgement(
            score >= least, ((say("Score"), str(score)),),
            (say("The score is %(score)s, at least %(least)s was agreed.", score=score, least=least),),
        )

    def example(self):
        rows = {"samples": ({"title": "First", "kind": "hard"},)}
        weights = HandedFile("weights.txt", "text/plain", b"0.1 0.2")
        return {"metric": "f1", "threshold": 0.9}, Handed({"score": 0.93, "weights": weights}, rows)


class Answers(Deliverable):
    name, label, follows = "measured.answers", "Answers", ("measured.model",)
    rows = (
        HandedRows("answers", {"en": "Answers"}, {"en": "Answer"}, fixed=(asked("title"),),
                   columns=(asked("answer", required=True),)),
    )

    def carried(self, before):
        return {"answers": [{"title": r["title"]} for r in before.rows["samples"] if r["kind"] == "hard"]}

    def example(self):
        return {}, Handed({}, {"answers": ({"title": "First", "answer": "Seen"},)})


class Secret(Deliverable):
    """Handed over sealed."""

    name, label, sealed = "measured.secret", "Secret report", True
    handed = (asked("verdict", required=True), asked("report", FieldForm.FILE, required=True))

    def judge(self, agreed, handed):
        return Judgement(None, (), (say("Read it with care."),))

    def example(self):
        return {}, Handed({"verdict": "Weak", "report": HandedFile("acme-report.txt", "text/plain", b"All of it.")})


MEASURED = Process(
    name="measured", version=1, label="Accepted by measure", summary="A score decides.", holds=True, start="to_pay",
    states=(
        State("to_pay", "To be paid in", C, "Pay it in", deadline_days=7),
        State("training", "In training", F, "Train it", hold=FUNDED, deadline_days=30),
        State("measuring", "Measured", C, "Look at the figures", hold=FUNDED, deadline_days=3),
        State("met", "Threshold met", C, "Answer the hard samples", hold=FUNDED),
        State("missed", "Threshold missed", F, "Train it again", hold=FUNDED, deadline_days=14),
        State("over", "Released", C, "", hold=SETTLED, end=True),
    ),
    transitions=(
        Transition("pay", "Pay in", "to_pay", "training", C, actions=(Action.HOLD,)),
        Transition("submit", "Submit", "training", "measuring", F, delivers="measured.model", asks=("files",)),
        Transition("is_met", "Threshold met", "measuring", "met", P, judged=Judged.MET),
        Transition("is_missed", "Threshold missed", "measuring", "missed", P, judged=Judged.MISSED),
        Transition("take_all_the_same", "Accept", "measuring", "over", C, actions=(Action.RELEASE,)),
        Transition("tell", "Tell", "missed", "missed", F, delivers="measured.secret", asks=("files",)),
        Transition("take_met", "Release", "met", "over", C, actions=(Action.RELEASE,)),
        Transition("answer", "Answer", "met", "met", C, delivers="measured.answers"),
        Transition("silence", "Released", "met", "over", T, actions=(Action.RELEASE,), timer_days=2),
        Transition("submit_again", "Submit again", "missed", "measuring", F, delivers="measured.model"),
        Transition("take_missed", "Accept", "missed", "over", C, actions=(Action.RELEASE,)),
        *(
            Transition(f"decide_{s}", "Decide", s, "over", OP, actions=(Action.RELEASE,))
            for s in ("training", "measuring", "missed")
        ),
        *(
            Transition(f"run_out_{s}", "Over", s, "over", T, actions=(Action.RELEASE,), expiry=True)
            for s in ("training", "measuring", "met", "missed")
        ),
    ),
)  # fmt: skip


@hookimpl
def register_processes(settings):
    return [MEASURED]


@hookimpl
def register_deliverables(settings):
    return [Model, Answers, Secret]
