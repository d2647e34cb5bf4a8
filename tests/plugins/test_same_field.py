"""Two packs that define the same field of missions or profiles: the start is refused and names both."""

from types import ModuleType

import pytest

from marketwright.hooks.manager import load_plugins
from marketwright.kernel.errors import BadSetting
from marketwright.plugin import Field, FieldForm, Manifest, hookimpl


def pack(name):
    module = ModuleType(f"marketwright_{name}")
    module.manifest = Manifest(name=name, summary="A niche.", niche=True)

    @hookimpl
    def register_fields(settings):
        return [Field("mission", "sensitivity", FieldForm.TEXT, {"en": "Sensitivity"})]

    module.register_fields = register_fields
    return module


def test_the_start_is_refused_and_names_both_packs():
    with pytest.raises(BadSetting, match="both 'one' and 'two' bring Field 'sensitivity'"):
        load_plugins(["one", "two"], {}, lambda *_: None, {"one": pack("one"), "two": pack("two")})
