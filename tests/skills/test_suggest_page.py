import json

from marketwright.features.skills import service
from marketwright.kernel.actors import system
from marketwright.kernel.rows import read_rows


def test_suggestions_come_as_json_in_the_readers_language(house, browse):
    with house.database.unit(system("test")) as uow:
        rows = read_rows(b"key,label_en,label_fr\npen,Penetration testing,Test d'intrusion\n", "x.csv").rows
        service.import_taxonomy(uow, rows, taxonomy="mine")
        uow.commit()
    answer = browse().get("/skills/suggest?q=intrusions", headers={"Accept-Language": "fr"})
    assert json.loads(answer.data) == [{"id": "pen", "label": "Test d'intrusion", "matched": ""}]


def test_an_empty_question_has_no_answer(browse):
    assert json.loads(browse().get("/skills/suggest?q=").data) == []
