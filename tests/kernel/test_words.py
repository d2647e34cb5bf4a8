"""A company's name and its legal form, said once."""

import pytest

from marketwright.kernel.words import with_form


@pytest.mark.parametrize(("name", "form", "reads"), [
    ("Bastion Place", "SAS", "Bastion Place SAS"),
    ("Bastion Place SAS", "SAS", "Bastion Place SAS"),
    ("Bastion Place S.A.S.", "SAS", "Bastion Place S.A.S."),
    ("bastion place sas", "SAS", "bastion place sas"),
    ("SARL Dupont", "SARL", "SARL Dupont"),
    ("Bastion SAS", "SAS au capital de 1 000 €", "Bastion SAS au capital de 1 000 €"),
    ("Halden Ltd", "private limited company", "Halden Ltd private limited company"),
    ("Sasha", "SAS", "Sasha SAS"), ("Bastion", "", "Bastion"), ("", "SAS", "SAS"), ("", "", ""),
])  # fmt: skip
def test_a_legal_form_is_said_once(name, form, reads):
    assert with_form(name, form) == reads
