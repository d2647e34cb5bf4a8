"""The field that docs/operator.md shows is one."""

import re
from pathlib import Path

from marketwright.settings.loader import load_marketplace

PAGE = Path(__file__).parents[2] / "docs" / "operator.md"


def test_the_field_of_the_docs_is_read(tmp_path):
    shown = re.search(r"```toml\n(\[\[fields\]\].*?)```", PAGE.read_text(), re.DOTALL)[1]
    (tmp_path / "marketplace.toml").write_text('[marketplace]\nname = "T"\nslug = "tt"\n' + shown)
    (field,) = load_marketplace(tmp_path, {}).fields
    assert (field.owner, field.name, field.facet, field.column) == ("profile", "clearance", True, True)
