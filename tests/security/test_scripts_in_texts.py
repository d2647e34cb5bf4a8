"""Over 500 ways to smuggle a script in, through the texts that people write, read as a browser reads them (S27, S28).

Each payload carries a number, so that a text which was never shown cannot pass for a harmless one.
"""

from itertools import product

import pytest
from tests.security.reading import numbers, read

from marketwright.features.notifications.paper import as_html
from marketwright.features.notifications.tables import Mail

LOT = 50
TAGS = ("img src=x", "svg", "body", "details open", "video src=x", "input autofocus", "select autofocus", "marquee",
        "iframe", "math", "a href=#", "style", "object data=x", "p")  # fmt: skip
HANDLERS = ("onerror", "onload", "onmouseover", "onfocus", "ontoggle", "OnAnimationStart")
BREAKS = ("{}", '">{}', "'>{}", "</textarea>{}", "</title>{}", "-->{}", "</script>{}", "`{}`", "]]>{}")
LINKS = ("javascript:", "JaVaScRiPt:", "java\tscript:", "&#106;avascript:", " javascript:", "vbscript:",
         "data:text/html,", "javascript&colon;")  # fmt: skip
HOLDERS = ('<a href="{}">x</a>', "[x]({})", "<{}>", "![x]({})", '<form action="{}"><button>x</button></form>',
           '<iframe src="{}"></iframe>', '<base href="{}">', '<svg><a xlink:href="{}"><text>x</text></a></svg>',
           '<meta http-equiv="refresh" content="0;url={}">', '<button formaction="{}">x</button>',
           '[x]: {}\n\n[x]')  # fmt: skip
TEMPLATES = ("{{{{{}}}}}", "{{%{}%}}", "${{{}}}", "#{{{}}}", "<%={}%>", "{{{{config.{}}}}}")


def corpus():
    """Payloads, each with its own call ``hit(<number>)``."""
    found = [shape.format(f"<{tag} {on}=CALL>") for tag, on, shape in product(TAGS[:7], HANDLERS, BREAKS)]
    found += [shape.format("<script>CALL</script>") for shape in BREAKS]
    found += [f'<{tag}/{on} ="CALL" x=\'' for tag, on in product(TAGS, HANDLERS[:2])]
    found += [holder.format(link + "CALL") for holder, link in product(HOLDERS, LINKS)]
    found += [shape.format("CALL") for shape in TEMPLATES]
    return [text.replace("CALL", f"hit({number})") for number, text in enumerate(found, 1000)]


CORPUS = corpus()
LOTS = [CORPUS[at : at + LOT] for at in range(0, len(CORPUS), LOT)]
def quiet(page):
    assert page.status_code in (200, 422), page.status_code
    reader = read(page.text)
    assert reader.runs == []
    return numbers("\n".join(reader.shown))


def test_the_corpus_is_large_and_has_no_payload_twice():
    assert len(set(CORPUS)) == len(CORPUS) >= 500


@pytest.mark.parametrize("payload", ["<p onclick=hit(1)>", "<script>hit(1)</script>", "<a href='java\tscript:hit(1)'>",
                                     "<iframe>", "<base href=/x>"])  # fmt: skip
def test_the_reader_sees_what_would_run(payload):
    assert read(payload).runs


@pytest.fixture(scope="module")
def people(visitors, cast):
    return visitors["freelancer"], visitors["owner"], visitors["staff_admin"], cast


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: numbers(lot[0]).pop())
def test_nothing_that_people_write_runs_where_others_read_it(people, lot):
    freelancer, owner, admin, cast = people
    text, things, mine = "\n\n".join(lot), cast.things, cast.people["freelancer"]
    about = {"headline": lot[0], "bio": text, "language": "en", "city": lot[1], "country": "FR", "years": "3"}
    written = freelancer.post("/me/profile/about", about)
    assert written.status_code == 303 or numbers(text) <= quiet(written)
    said = freelancer.post(f"/threads/{things['thread']}", {"text": text, "as_is": "1"})
    assert said.status_code == 303
    thread = quiet(owner.get(f"/threads/{things['thread']}"))
    assert numbers(text) <= thread
    quiet(owner.get(f"/freelancers/{mine}"))
    quiet(admin.get(f"/console/people/{mine}"))
    quiet(owner.get("/freelancers"))


@pytest.mark.parametrize("lot", LOTS, ids=lambda lot: numbers(lot[0]).pop())
def test_a_refused_form_and_a_question_give_back_every_payload_as_text(visitors, lot):
    text = "\n\n".join(lot)
    refused = visitors["anonymous"].post("/sign-up", {"name": text, "email": text, "side": text, "password": "x"})
    assert numbers(text) <= quiet(refused)
    quiet(visitors["anonymous"].get("/freelancers", query_string={"q": text[:900]}))
    quiet(visitors["staff_admin"].get("/console/log", query_string={"q": text[:900]}))


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_no_mail_runs_what_it_quotes(app, locale):
    mail = Mail(locale=locale, subject=CORPUS[0], body=list(CORPUS), action_label=CORPUS[1], action_url="/inbox")
    with app.app_context():
        reader = read(as_html(mail))
    assert reader.runs == []
    assert numbers("\n".join(CORPUS)) == numbers("\n".join(reader.shown))
