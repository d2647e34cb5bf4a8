"""What happens to taxonomies."""

from marketwright.kernel.events import declare

IMPORTED = declare("taxonomy.imported", "A taxonomy was imported or renewed; the payload names it")
