"""An override extends what it replaces; what it cannot do is refused at start, what fails later costs only itself."""

import pytest
from jinja2 import UndefinedError

from marketwright.features.accounts import service as accounts
from marketwright.kernel.actors import system
from marketwright.kernel.errors import BadSetting
from marketwright.testing.browse import Browse
from marketwright.web import render

FEES = '{% extends "next:content/fees.html" %}'


def refused(themed, files):
    with pytest.raises(BadSetting) as refusal:
        themed(files)
    return str(refusal.value)


def test_an_override_changes_one_block_and_keeps_the_rest(themed):
    app = themed({"content/fees.html": '{% extends "next:content/fees.html" %}'
                                       "{% block page_head %}{{ super() }}<p>Ours</p>{% endblock %}"})  # fmt: skip
    text = Browse(app).get("/fees").text
    assert "<p>Ours</p>" in text
    assert "<h1>Fees</h1>" in text


def test_a_block_that_the_parent_lacks_is_refused_with_file_block_and_those_that_are_there(themed):
    said = refused(themed, {"content/fees.html": f"{FEES}\n{{% block headline %}}{{% endblock %}}"})
    assert "content/fees.html, line 2" in said
    assert "'headline'" in said
    assert "page_head" in said


def test_a_block_inside_an_overridden_block_is_the_layers_own(themed):
    main = "{% block main %}{{ super() }}{% block more %}More{% endblock %}{% endblock %}"
    assert "More" in Browse(themed({"content/fees.html": FEES + main})).get("/fees").text


def test_a_template_that_extends_itself_is_refused_with_the_way_out(themed):
    said = refused(themed, {"content/fees.html": '{% extends "content/fees.html" %}'})
    assert "its own ancestor" in said
    assert 'extends "next:content/fees.html"' in said


@pytest.mark.parametrize("body", ["{{ name|safe }}", "{% autoescape false %}{{ name }}{% endautoescape %}"])
def test_no_layer_switches_escaping_off(themed, body):  # S32
    assert "ours.html, line 2" in refused(themed, {"ours.html": f"<p>\n{body}</p>"})


def test_templates_that_extend_each_other_are_refused_with_both_names(themed):
    said = refused(themed, {"a.html": '{% extends "b.html" %}', "b.html": '{% extends "a.html" %}'})
    assert "marketplace:a.html → marketplace:b.html → marketplace:a.html" in said


def test_a_parent_that_no_layer_has_is_refused(themed):
    assert "'next:ours.html'" in refused(themed, {"ours.html": '{% extends "next:ours.html" %}'})
    assert "'nowhere.html'" in refused(themed, {"ours.html": '{% extends "nowhere.html" %}'})


def test_a_next_without_a_page_is_refused_with_the_page_to_write(themed):
    said = refused(themed, {"content/fees.html": '{% extends "next:" %}'})
    assert '{% extends "next:content/fees.html" %}' in said


def test_a_logo_in_the_folder_that_carries_a_script_is_refused_with_its_file(themed):
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    said = refused(themed, {"../static/logo.svg": drawn})
    assert "static/logo.svg" in said
    assert "script" in said


def test_a_template_that_is_none_is_refused_with_file_and_line(themed):
    said = refused(themed, {"content/fees.html": "{% extends 'next:content/fees.html' %}\n{% block main %}"})
    assert "content/fees.html, line" in said


@pytest.mark.parametrize("files", [
    {"footer.html": "<footer>Ours</footer>"},
    {"layout.html": '{% extends "next:layout.html" %}{% block footer %}<footer>Ours</footer>{% endblock %}'},
    {"content/text.html": '{% extends "next:content/text.html" %}{% block footer %}{% endblock %}'},
    {"ours.html": '{% extends "layout.html" %}{% block footer %}{% endblock %}'},
])  # fmt: skip
def test_the_legal_lines_cannot_be_dropped(themed, files):
    said = refused(themed, files)
    assert "'site.legal'" in said
    assert next(iter(files)) in said


@pytest.mark.parametrize(("page", "block", "slot"), [
    ("payments/show.html", "payment_ways", "payment.action"), ("contracts/step.html", "amounts", "payment.amount"),
    ("contracts/document.html", "paper", "contract.text"), ("contracts/sign.html", "text", "contract.text"),
])  # fmt: skip
def test_neither_payment_nor_the_text_of_a_contract_can_be_dropped(themed, page, block, slot):
    said = refused(themed, {page: f'{{% extends "next:{page}" %}}{{% block {block} %}}Ours{{% endblock %}}'})
    assert f"'{slot}'" in said


def test_a_footer_of_ones_own_with_the_legal_lines_is_fine(themed):
    app = themed({"footer.html": '<footer>Ours {{ required("site.legal", site.legal) }}</footer>'})
    assert "<footer>Ours" in Browse(app).get("/fees").text


def test_an_unknown_required_slot_is_refused(themed):
    said = refused(themed, {"footer.html": '{{ required("site.legal", site.legal) }}{{ required("site.joke", 1) }}'})
    assert "'site.joke'" in said


BROKEN = {"content/fees.html": FEES + "\n{% block main %}{{ nothing.here }}{% endblock %}"}


def failing(themed):
    app = themed(BROKEN)
    app.config[render.FROM_CORE] = True
    return app


def test_a_page_that_fails_is_shown_from_cores_layer(themed):
    text = Browse(failing(themed)).get("/fees").text
    assert "<h1>Fees</h1>" in text
    assert "layer marketplace" not in text


def test_the_layer_at_fault_is_kept_with_page_file_line_and_how_often(themed):
    app = failing(themed)
    for _ in range(2):
        Browse(app).get("/fees")
    (fault,) = app.extensions[render.FAULTS].newest()
    assert (fault.page, fault.layer, fault.line, fault.times) == ("content/fees.html", "marketplace", 2, 2)
    assert fault.file.endswith("theme/templates/content/fees.html")
    assert "nothing" in fault.error


def test_an_included_part_that_fails_is_blamed_though_the_page_is_cores(themed):
    app = themed({"brand/logo.html": "{{ nothing.here }}"})
    app.config[render.FROM_CORE] = True
    assert "<h1>Fees</h1>" in Browse(app).get("/fees").text
    (fault,) = app.extensions[render.FAULTS].newest()
    assert fault.file.endswith("brand/logo.html")


def test_staff_read_on_the_page_which_layer_failed(themed):
    app = failing(themed)
    house = app.extensions["marketwright"]
    with house.database.unit(system("tests")) as uow:
        account = accounts.create_account(uow, email="s@example.org", name="Sam", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=account, roles=["admin"])
        uow.commit()
    text = Browse(app).sign_in(account).get("/fees").text
    assert "the layer marketplace failed on it (fees.html, line 2" in text


def test_a_page_that_core_does_not_have_fails_as_it_is(themed):
    app = themed({"ours.html": "{{ nothing.here }}"})
    app.config[render.FROM_CORE] = True
    with app.test_request_context("/"):
        app.preprocess_request()
        with pytest.raises(UndefinedError, match="nothing"):
            render.render_text("ours.html")
