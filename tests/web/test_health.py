def test_a_fresh_site_says_that_it_is_ready(browse):
    assert browse().get("/readyz").status_code == 200


def test_a_page_that_is_not_there_answers_404_with_a_request_id(browse):
    response = browse().get("/nothing-here")
    assert response.status_code == 404
    assert response.headers["X-Request-Id"] in response.text


def test_no_page_allows_inline_scripts_or_foreign_origins(browse):
    policy = browse().get("/nothing-here").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "http" not in policy
