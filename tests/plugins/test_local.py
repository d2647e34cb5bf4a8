"""A plugin in the marketplace's own folder loads without packaging, under the same rules as an installed one."""

import sys

import pytest

from marketwright.app import build_house
from marketwright.hooks.local import load_local, local_plugins
from marketwright.kernel.errors import BadSetting

SOURCE = '''
from marketwright.plugin import Field, FieldForm, Manifest, hookimpl
from marketwright_{name}.words import LABEL

manifest = Manifest(name="{name}", summary="A field of our own.")


@hookimpl
def register_fields(settings):
    return [Field("mission", "own", FieldForm.TEXT, LABEL)]
'''


@pytest.fixture
def place(tmp_path):
    def make(name="house", label="Ours", source=SOURCE, folder=None):
        package = (folder or tmp_path) / "plugins" / name / f"marketwright_{name}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(source.format(name=name))
        (package / "words.py").write_text(f"LABEL = {{'en': '{label}'}}\n")
        return package

    yield make
    for module in [m for m in sys.modules if m.startswith("marketwright_house")]:
        del sys.modules[module]


@pytest.mark.plugins("house")
def test_a_plugin_of_the_folder_is_enabled_by_its_name(place, marketplace):
    place()
    house = build_house(marketplace)
    house.database.dispose()
    assert [entry.it.name for entry in house.plugins.fields] == ["own"]
    assert house.plugins.enabled[0].folder == marketplace.folder / "plugins" / "house" / "marketwright_house"


def test_a_plugin_of_the_folder_that_is_not_listed_is_not_imported(place, tmp_path):
    place(source="raise RuntimeError('imported')")
    assert load_local(tmp_path, ["other"]) == {}


def test_a_plugin_of_the_folder_that_cannot_be_imported_is_named_with_its_file(place, tmp_path):
    place(source="import nothing_of_that_name")
    with pytest.raises(BadSetting, match=r"plugin house: .*/__init__\.py cannot be imported.*nothing"):
        load_local(tmp_path, ["house"])


def test_two_marketplaces_may_have_plugins_of_one_name(place, tmp_path):
    labels = []
    for label in ("First", "Second"):
        place(label=label, folder=tmp_path / label)
        module = load_local(tmp_path / label, ["house"])["house"]
        labels.append(module.register_fields({})[0].label["en"])
    assert labels == ["First", "Second"]


def test_a_name_that_an_installed_plugin_has_is_refused(place, tmp_path):
    place(name="commission")
    with pytest.raises(BadSetting, match=r"brings a plugin 'commission', and so does the installed"):
        load_local(tmp_path, ["commission"])


def test_two_folders_with_one_name_are_refused(place, tmp_path):
    place().parent.rename(tmp_path / "plugins" / "first")
    place()
    with pytest.raises(BadSetting, match="bring a plugin of one name, 'house'"):
        local_plugins(tmp_path)
