"""{{ cookiecutter.summary }}"""

from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from marshmallow import Schema, fields, validate

from marketwright.plugin import MailAdapter, Manifest, Unavailable, hookimpl


class {{ cookiecutter.__class }}Settings(Schema):
    """``[plugin.{{ cookiecutter.plugin_name }}]``."""

    url = fields.Url(
        load_default="https://mail.example.org/messages", schemes={"https"}, validate=validate.Length(max=300),
        metadata={"description": "Where the service takes messages."},
    )


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings={{ cookiecutter.__class }}Settings,
    hosts=("setting:url",), secrets=("{{ cookiecutter.plugin_name|upper }}_KEY",), personal_data=("email", "messages"),
    core=">=0.1,<0.2",
)


class {{ cookiecutter.__class }}(MailAdapter):
    """Hands each mail to the service, once: its Message-ID is the key."""

    name = "{{ cookiecutter.plugin_name }}"

    def send(self, mail: EmailMessage) -> None:
        """``ValueError`` where it can never be delivered; whatever else is raised has it tried again later."""
        key = {"authorization": f"Bearer {self.desk.secrets['{{ cookiecutter.plugin_name|upper }}_KEY']}", "idempotency-key": str(mail["Message-ID"])}
        answer = self.desk.http.post(self.settings["url"], body=mail.as_bytes(), headers=key)
        if answer.status == 422:
            msg = "the service refuses this mail"
            raise ValueError(msg)
        if not answer.ok:
            raise Unavailable("The mail service does not take messages at the moment.")


@hookimpl
def register_adapters(settings: Mapping[str, Any]) -> list[type[MailAdapter]]:
    """The way for the marketplace's mail; one plugin of a site may bring it."""
    return [{{ cookiecutter.__class }}]
