"""What happens to profiles."""

from marketwright.kernel.events import declare

CHANGED = declare("profile.changed", "A profile was made, edited, shown, hidden, or its proofs or rating changed")
