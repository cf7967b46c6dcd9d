"""OAuth 2 as the vendor has it: five logins an hour, renewals that work once, an hour of access."""

from __future__ import annotations

from acton_api import Api


def test_a_refresh_token_works_once_and_brings_the_next(acton: Api) -> None:
    first = acton.refresh
    acton.renew()

    assert acton.refresh != first
    refused = acton.token(grant_type="refresh_token", refresh_token=first)
    assert (refused.status_code, refused.json()) == (
        403,
        {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."},
    )


def test_a_wrong_client_and_a_wrong_password_are_told_apart(acton: Api) -> None:
    client = acton.token(grant_type="password", client_secret="no")
    user = acton.token(grant_type="password", username="kim", password="no")

    assert (client.status_code, client.json()["error"]) == (401, "access_denied")
    assert (user.status_code, user.json()["error_description"]) == (403, "Wrong email or password.")


def test_the_sixth_login_of_an_hour_is_refused_and_a_renewal_is_not(acton: Api) -> None:
    for _ in range(5):
        acton.token(grant_type="password", username="kim", password="no")

    user = {"username": acton.settings["username"], "password": acton.settings["password"]}
    assert acton.token(grant_type="password", **user).status_code == 429
    acton.renew()
    acton.order("advance", seconds=3601)
    acton.log_in()


def test_an_access_token_ends_after_an_hour(acton: Api) -> None:
    acton.order("advance", seconds=3599)
    assert acton.send("GET", "/api/1/list").status_code == 200

    acton.order("advance", seconds=2)
    assert acton.send("GET", "/api/1/list").status_code == 401


def test_five_calls_a_second_are_taken_and_the_sixth_is_not(acton: Api) -> None:
    acton.set(rate_limits=True, per_second=5)

    statuses = [acton.send("GET", "/api/1/list").status_code for _ in range(6)]
    acton.order("advance", seconds=1.1)

    assert statuses == [200, 200, 200, 200, 200, 429]
    assert acton.send("GET", "/api/1/list").status_code == 200
