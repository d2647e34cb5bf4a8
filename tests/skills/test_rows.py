import pytest

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.rows import read_rows


def cells(data: bytes, name: str = "x.csv") -> list[dict]:
    return [dict(r.values) for r in read_rows(data, name).rows]


def test_a_mark_before_utf8_is_no_part_of_the_first_column():
    assert cells("\ufeffkey,label\na,é\n".encode()) == [{"key": "a", "label": "é"}]


def test_windows_1252_is_read_with_a_note_that_names_the_line():
    read = read_rows("key,label\na,ok\nb,é\n".encode("cp1252"), "x.csv")
    assert read.rows[1].values["label"] == "é"
    assert "Line 3" in read.notes[0]


def test_bytes_of_no_known_encoding_are_refused_with_the_line():
    with pytest.raises(InvalidInput, match="Line 2"):
        read_rows(b"key,label\na,\x81\n", "x.csv")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_part_cells(mark):
    assert cells(f"key{mark}label\na{mark}b\n".encode()) == [{"key": "a", "label": "b"}]


def test_row_numbers_are_lines_even_after_a_cell_of_two_lines():
    rows = read_rows(b'key,label\na,"one\ntwo"\nb,c\n', "x.csv").rows
    assert [r.number for r in rows] == [2, 4]


def test_a_column_that_must_be_there_is_named_when_it_is_not():
    with pytest.raises(InvalidInput, match="label_en is missing"):
        read_rows(b"key\na\n", "x.csv", ("key", "label_en"))


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b"a,a\n1,2\n", "twice"), (b'a\n"x\n', "Line"), (b"a\n\x00\n", "no text"), (b'{"a": 1}', "list")],
)
def test_what_is_no_table_is_refused_in_words(data, why):
    with pytest.raises(InvalidInput, match=why):
        read_rows(data, "x.csv")


def test_json_lists_of_objects_are_rows_too():
    assert cells(b'[{"key": "a", "label": "b"}]', "x.json") == [{"key": "a", "label": "b"}]


def test_nested_json_beyond_reason_is_refused_and_not_a_crash():
    with pytest.raises(InvalidInput):
        read_rows(b"[" * 200_000, "x.json")
