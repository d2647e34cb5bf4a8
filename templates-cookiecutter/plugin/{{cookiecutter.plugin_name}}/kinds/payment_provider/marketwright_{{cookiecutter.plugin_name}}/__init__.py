"""Payments through {{ cookiecutter.__class }}: held there until release or refund."""

from marshmallow import Schema, fields

from marketwright.plugin import Inbox, Manifest, hookimpl
from marketwright_{{ cookiecutter.plugin_name }}.provider import HOST, {{ cookiecutter.__class }}


class Settings(Schema):
    account = fields.Str(load_default="", metadata={"description": "The account at {{ cookiecutter.__class }} that holds the money."})


manifest = Manifest(
    name="{{ cookiecutter.plugin_name }}", summary="{{ cookiecutter.summary }}", settings=Settings, hosts=(HOST,),
    secrets=("{{ cookiecutter.plugin_name|upper }}_KEY", "{{ cookiecutter.plugin_name|upper }}_SIGNING_SECRET"), core=">=0.1,<0.2",
    inbox=Inbox(header="{{ cookiecutter.plugin_name }}-signature", secrets=("{{ cookiecutter.plugin_name|upper }}_SIGNING_SECRET",), id="id", type="type", about="order.key"),
)


@hookimpl
def register_payment_providers(settings):
    return [{{ cookiecutter.__class }}]
