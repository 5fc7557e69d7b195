from dataclasses import replace

from small_desk import as_


def test_alive_is_told_to_everybody(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.text) == (200, "ok")


def test_ready_is_told_to_who_has_a_token_with_reasons(client, desk):
    assert client.get("/health/ready").status_code == 401
    assert client.get("/health/ready", headers=as_("viewer")).json() == {"is_ready": True, "reasons": {}, "waiting": 0}
    desk.health_reasons["store-away"] = "the store does not answer"
    answer = client.get("/health/ready", headers=as_("viewer"))
    assert (answer.status_code, answer.json()["reasons"]) == (503, {"store-away": "the store does not answer"})


def test_to_people_a_service_that_is_not_ready_is_no_error(client, desk):
    assert client.get("/api/v1/health").status_code == 401
    desk.health_reasons["store-away"] = "the store does not answer"
    answer = client.get("/api/v1/health", headers=as_("viewer"))
    assert (answer.status_code, answer.json()) == (
        200,
        {"is_ready": False, "reasons": {"store-away": "the store does not answer"}, "waiting": 0},
    )


def test_figures_are_for_who_sees_all_cameras(client, app):
    app.state.parts = replace(app.state.parts, metrics=lambda: b"footfall_up 1\n")
    answer = client.get("/metrics", headers=as_("viewer"))
    assert (answer.text, answer.headers["content-type"]) == (
        "footfall_up 1\n",
        "text/plain; version=0.0.4; charset=utf-8",
    )
    assert client.get("/metrics", headers=as_("guest")).status_code == 403
    assert client.get("/metrics").status_code == 401
