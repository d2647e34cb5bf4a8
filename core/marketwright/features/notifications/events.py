"""What is told to one person because somebody asks for it."""

from marketwright.kernel.events import declare

ANNOUNCED = declare("person.told", "A plugin tells a person something; the subject is the account; payload: text, path")
