"""What happens to questionnaires; the subject is the mission."""

from marketwright.kernel.events import declare

CONCLUDED = declare(
    "questionnaire.concluded", "A questionnaire about a mission came to `value`, `before` that to something else"
)
