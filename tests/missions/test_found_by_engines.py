"""What search engines find of a mission: its readable address, its posting, its line in the sitemap."""

import json
import re
from dataclasses import replace

import pytest

from marketwright.features.missions import service
from marketwright.settings.marketplace import Access, Stage

pytestmark = pytest.mark.either_engine

SLUG = "test-our-inner-network"


def data_of(page):
    found = re.search(r'<script type="application/ld\+json" nonce="([^"]+)">(.*?)</script>', page.text)
    assert f"'nonce-{found[1]}'" in page.headers["Content-Security-Policy"]
    return json.loads(found[2])


def test_a_readable_address_answers_and_the_bare_id_does_too(people, browse):
    mission = people.published()
    assert browse().get(f"/missions/{mission}-{SLUG}").status_code == 200
    page = browse().get(f"/missions/{mission}")
    assert f'<link rel="canonical" href="http://localhost/missions/{mission}-{SLUG}">' in page.text


@pytest.mark.parametrize("slug", ["an-old-title", "x", "", SLUG.upper()])
def test_a_wrong_slug_leads_to_the_right_one(people, browse, slug):
    mission = people.published()
    moved = browse().get(f"/missions/{mission}-{slug}?from=mail")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/missions/{mission}-{SLUG}?from=mail")


def test_a_stranger_learns_no_title_from_a_wrong_slug(people, browse):
    mission = people.published(visibility="members")
    assert browse().get(f"/missions/{mission}-x").status_code == 404


def test_a_public_mission_is_a_job_posting(people, browse):
    mission = people.published(description="Say </script><script>alert(1)</script> & find out. " * 3)
    posting = data_of(browse().get(f"/missions/{mission}"))
    assert posting["@type"] == "JobPosting"
    assert posting["title"] == "Test our inner network"
    assert "<script>" not in posting["description"]
    assert posting["jobLocation"]["address"] == {
        "@type": "PostalAddress", "addressCountry": "FR", "addressLocality": "Lille",
    }  # fmt: skip
    assert posting["baseSalary"]["value"] == {"@type": "QuantitativeValue", "value": 780.0, "unitText": "DAY"}


@pytest.mark.parametrize("changes", [{"visibility": "members"}, {"visibility": "invited"}])
def test_a_mission_that_is_not_for_everybody_is_no_posting(people, browse, changes):
    page = browse(people.clara).get(f"/missions/{people.published(**changes)}").text
    assert "ld+json" not in page
    assert 'name="robots" content="noindex"' in page


def test_a_closed_mission_is_no_posting(people, browse):
    mission = people.published()
    people.do(lambda u: service.close(u, mission=mission, reason="Done."), people.clara)
    assert "ld+json" not in browse().get(f"/missions/{mission}").text


def test_an_anonymous_client_stays_so_in_the_posting(people, browse):
    mission = people.published(named=False)
    assert "Port de Dunes" not in browse().get(f"/missions/{mission}").text


@pytest.mark.both_engines
def test_the_sitemap_names_public_missions_in_each_language(people, browse):
    public, hidden = people.published(), people.published(visibility="members")
    assert "sitemap-missions-1.xml" in browse().get("/sitemap.xml").text
    text = browse().get("/sitemap-missions-1.xml").text
    assert f"<loc>http://localhost/missions/{public}-{SLUG}</loc>" in text
    assert f"<loc>http://localhost/fr/missions/{public}-{SLUG}</loc>" in text
    assert hidden not in text


@pytest.mark.settings(access=Access(public_missions=False))
def test_missions_for_members_are_in_no_sitemap(people, browse):
    people.published()
    assert "sitemap-missions" not in browse().get("/sitemap.xml").text
    assert browse().get("/sitemap-missions-1.xml").status_code == 404
    assert "/missions<" not in browse().get("/sitemap-pages-1.xml").text


@pytest.mark.parametrize("path", ["/sitemap-missions-2.xml", "/sitemap-missions-0.xml", "/sitemap-secrets-1.xml"])
def test_there_is_no_other_file_of_the_sitemap(people, browse, path):
    people.published()
    assert browse().get(path).status_code == 404


def test_nothing_below_live_is_found(browse):
    assert browse().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_a_live_site_names_its_sitemap_and_keeps_its_private_pages(app, browse, house):
    house.marketplace = replace(house.marketplace, stage=Stage.LIVE)
    text = browse().get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /console" in text
