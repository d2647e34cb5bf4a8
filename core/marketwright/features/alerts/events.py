"""What happens to alerts; the subject is always the alert."""

from marketwright.kernel.events import declare

FOUND = declare("alert.found", "An alert found what its owner was not told of yet; `count` of them, `first` some ids")
