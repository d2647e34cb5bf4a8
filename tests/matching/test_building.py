"""The index file: one that cannot be used is named and made anew, a stopped build goes on, and nobody is lost."""

import json
import struct

import numpy as np
import pytest

from marketwright.features.matching import building, feed, flatfile, renewing
from marketwright.features.matching.building import Builder, taxonomy
from marketwright.features.matching.flatfile import Refused, open_file
from marketwright.features.matching.ids import unpacked
from marketwright.features.matching.renewing import Indexes
from marketwright.features.profiles import claiming
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.claims import ClaimDraft


@pytest.fixture
def three(market):
    for name in ("Ada", "Bo", "Noor"):
        market.person(name, "web")
    market.mission()
    return market


@pytest.fixture
def indexes(three, tmp_path):
    """An index whose file is written."""
    made = Indexes("EUR", folder=tmp_path)
    with three.house.database.reading() as session:
        assert made.keep(session)
    return made


def listed(market, indexes):
    """The names of who is in the lists."""
    with market.house.database.reading() as session:
        people = indexes.current(session).people
    return sorted(market.names(people.side.ids.texts(np.flatnonzero(people.shown))))


def rewrite(path, change):
    """Write the file again, whole and with its checksums, after ``change`` of what it says and holds."""
    found = open_file(path)
    meta, arrays = json.loads(json.dumps(found.meta)), {name: array.copy() for name, array in found.arrays.items()}
    change(meta, arrays)
    flatfile.write(path, meta, arrays)


def narrower(meta, arrays):
    arrays["p/list.bits"] = arrays["p/list.bits"][:, :-1]


def one_column_less(meta, arrays):
    arrays["p/list.bits"] = arrays["p/list.bits"][:-1]


def without_bits(meta, arrays):
    del arrays["p/list.bits"], arrays["p/list.bit_skills"]


def shorter(meta, arrays):
    arrays["m/days"] = arrays["m/days"][:-1]


def without_place(meta, arrays):
    del meta["place"]


def larger(meta, arrays):
    meta["people"]["size"] = 10**6


@pytest.mark.parametrize(("change", "why"), [
    (narrower, "its array list.bits does not fit"), (one_column_less, "its array list.bits does not fit"),
    (without_bits, "it lacks what it must have"), (shorter, "its array days does not fit"),
    (without_place, "it lacks what it must have"), (larger, "does not fit the others"),
])  # fmt: skip
def test_a_file_whose_parts_do_not_fit_is_named_and_made_anew(three, indexes, tmp_path, caplog, change, why):
    rewrite(indexes.builder.path, change)
    later = Indexes("EUR", folder=tmp_path)
    assert listed(three, later) == ["Ada", "Bo", "Noor"]
    assert why in caplog.text
    assert "marketwright index build" in caplog.text
    with three.house.database.reading() as session:
        assert later.keep(session)
        assert later.builder.load(session, taxonomy(session)).people.size == 3


def test_a_file_of_the_version_before_is_named_and_made_anew(three, indexes, tmp_path, caplog):
    path = indexes.builder.path
    before = bytearray(path.read_bytes())
    before[8:12] = struct.pack("<I", flatfile.VERSION - 1)
    path.write_bytes(bytes(before))
    assert listed(three, Indexes("EUR", folder=tmp_path)) == ["Ada", "Bo", "Noor"]
    assert f"it is of version {flatfile.VERSION - 1}, not {flatfile.VERSION}" in caplog.text


def test_a_process_goes_on_by_its_own_index_while_the_file_cannot_be_used(three, indexes, monkeypatch):
    monkeypatch.setattr(renewing, "LOOK", 0.0)
    assert listed(three, indexes) == ["Ada", "Bo", "Noor"]
    rewrite(indexes.builder.path, narrower)
    three.write(profiles.hide, profile=three.people["Ada"])
    assert listed(three, indexes) == ["Bo", "Noor"]


def test_who_hides_is_in_no_list_though_the_file_is_older(three, indexes, tmp_path):
    three.write(profiles.hide, profile=three.people["Ada"])
    assert listed(three, Indexes("EUR", folder=tmp_path)) == ["Bo", "Noor"]


def test_changes_that_are_not_kept_any_more_make_the_index_anew(three, indexes, monkeypatch, caplog):
    assert listed(three, indexes) == ["Ada", "Bo", "Noor"]
    three.write(profiles.hide, profile=three.people["Ada"])
    for _ in range(3):
        three.write(profiles.describe, profile=three.people["Bo"], headline="At work", bio="", language="en",
                    city="Lyon", country="FR")  # fmt: skip
    monkeypatch.setattr(feed, "KEPT", 1)
    monkeypatch.setattr(renewing, "MERGE_LEAST", 1)
    three.write(lambda uow: feed.prune(uow.session))
    assert listed(three, indexes) == ["Bo", "Noor"]
    assert "what changed is not known any more" in caplog.text


def test_a_change_that_cannot_be_read_to_its_end_leaves_no_skill_with_anybody_else(three, indexes, monkeypatch):
    three.person("Zoe", "cloud")
    three.mission("Another", must=("forensics",))
    assert len(listed(three, indexes)) == 4

    def fails(*_args):
        raise OSError("the database went away")

    def claim(name, skill):
        drafts = [ClaimDraft("skill", skill_id=skill), ClaimDraft("language", label="en", level=3)]
        three.write(claiming.replace_claims, profile=three.people[name], claims=drafts)

    claim("Zoe", "web")
    three.mission("A third", must=("cloud",))
    with monkeypatch.context() as patched:
        patched.setattr(Builder, "missions", fails)
        with pytest.raises(OSError, match="went away"):
            listed(three, indexes)
    claim("Zoe", "cloud")
    listed(three, indexes)
    with three.house.database.reading() as session:
        index = indexes.current(session)
    row, skill = index.people.side.number[three.people["Zoe"]], index.taxonomy.number["web"]
    rows = np.array([row], dtype=np.uint32)
    assert index.people.side.lists.holds(skill, rows, rows.astype(np.intp)).tolist() == [False]
    assert index.people.side.lists.bits.places(skill, rows).tolist() == []


@pytest.fixture
def stopped(three, tmp_path, monkeypatch):
    """A build in runs of one row that was stopped after it had read the people."""
    monkeypatch.setattr(building, "RUN", 1)
    made = Indexes("EUR", folder=tmp_path)

    def killed(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, three.house.database.reading() as session:
        patched.setattr(building, "load_missions", killed)
        with pytest.raises(KeyboardInterrupt):
            made.keep(session)
    return made


def built(market, indexes):
    with market.house.database.reading() as session:
        assert indexes.keep(session)
        people = indexes.builder.load(session, taxonomy(session)).people
    return sorted(one.decode() for one in unpacked(people.arrays["id"][: people.size]).tolist())


def test_a_build_that_was_stopped_goes_on_where_it_stood(three, stopped, monkeypatch):
    read, load = [], building.load_people

    def reading(*args, after, **named):
        read.append(after)
        return load(*args, after=after, **named)

    monkeypatch.setattr(building, "load_people", reading)
    assert built(three, stopped) == sorted(three.people.values())
    assert read == [max(three.people.values())]


def test_a_run_that_does_not_begin_where_the_one_before_ends_is_read_again(three, stopped, tmp_path):
    first, second, third = (tmp_path / building.BUILDING / f"people-{k:05d}" for k in range(3))
    second.write_bytes(first.read_bytes())
    assert third.exists()
    assert built(three, stopped) == sorted(three.people.values())


def test_a_run_that_is_damaged_is_read_again_with_all_after_it(three, stopped, tmp_path):
    run = tmp_path / building.BUILDING / "people-00001"
    run.write_bytes(run.read_bytes()[:-64])
    assert built(three, stopped) == sorted(three.people.values())


def test_a_file_whose_directory_says_what_cannot_be_is_refused(tmp_path, monkeypatch):
    path, array = tmp_path / "one.index", np.zeros(8, dtype=np.uint8)
    dumps = json.dumps
    monkeypatch.setattr(flatfile.json, "dumps", lambda said, **named: dumps(said, **named).replace("[8]", "[9,700]"))
    flatfile.write(path, {}, {"a": array})
    with pytest.raises(Refused, match="its directory says what cannot be"):
        open_file(path)
