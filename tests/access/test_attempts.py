from __future__ import annotations

import pytest

from footfall.access.attempts import Attempts, network_of
from footfall.access.faults import WrongLogin
from footfall.access.limits import TooMany
from servers.clock import SetClock


@pytest.fixture
def attempts(clock):
    return Attempts(clock, "the key of device cookies")


def fail(attempts, name="anna", address="192.0.2.1", device=""):
    """One wrong password: `.`, or how long to wait."""
    try:
        with attempts.login(name, address, device):
            _guess_wrong()
    except WrongLogin:
        return "."
    except TooMany as error:
        return error.retry_after_s


def _guess_wrong():
    raise WrongLogin


def fails(attempts, clock, times_s, **who):
    told = []
    for clock.t_s in times_s:
        told.append(fail(attempts, **who))
    return told


@pytest.mark.parametrize(
    ("times_s", "expected"),
    [
        pytest.param([0, 0.2], [".", 1], id="one a second"),
        pytest.param([0, 2, 4, 6, 8, 10, 60], [".", ".", ".", ".", ".", 50, "."], id="five a minute"),
        pytest.param([*range(0, 2400, 120), 2400, 3600], [*"." * 20, 1200, "."], id="twenty an hour"),
    ],
)
def test_the_rate(attempts, clock, times_s, expected):
    assert fails(attempts, clock, times_s) == expected


def test_success_does_not_count(attempts, clock):
    for clock.t_s in range(100):
        with attempts.login("anna", "192.0.2.1", ""):
            pass


def test_an_address_that_tries_many_names_is_stopped(attempts, clock):
    told = [fail(attempts, name=f"user {i}") for clock.t_s in range(0, 12, 2) for i in [clock.t_s]]

    assert told[:5] == ["."] * 5
    assert told[5] == 50


def test_many_addresses_that_try_one_name_are_stopped(attempts, clock):
    told = [fail(attempts, address=f"192.0.2.{clock.t_s}") for clock.t_s in range(0, 12, 2)]

    assert told[:5] == ["."] * 5
    assert told[5] == 50


def test_nobody_locks_out_a_browser_that_has_been_here(attempts, clock):
    device = attempts.new_device("anna")
    for clock.t_s in range(0, 36000, 10):
        fail(attempts, address=f"192.0.2.{clock.t_s % 250}")
    assert fail(attempts) != "."

    with attempts.login("Anna", "192.0.2.1", device):
        pass


def test_a_known_browser_may_not_guess_for_ever(attempts, clock):
    device = attempts.new_device("anna")

    assert fails(attempts, clock, [0, 2, 4, 6, 8, 10], device=device) == [".", ".", ".", ".", ".", 50]


@pytest.mark.parametrize(
    "device",
    [
        pytest.param("", id="none"),
        pytest.param("0011223344556677", id="without a signature"),
        pytest.param("0011223344556677." + "0" * 64, id="with a made-up signature"),
        pytest.param("😀.\ud800", id="nonsense"),
    ],
)
def test_cookies_that_nobody_gave_are_no_help(attempts, device):
    assert not attempts.knows("anna", device)


def test_a_browser_is_known_for_its_own_account_only(attempts):
    device = attempts.new_device("anna")

    assert attempts.knows("ANNA", device)
    assert not attempts.knows("bob", device)
    assert not Attempts(SetClock(), "another key").knows("anna", device)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        pytest.param("192.0.2.7", "192.0.2.7", id="IPv4"),
        pytest.param("::ffff:192.0.2.7", "192.0.2.7", id="IPv4 in IPv6"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="a whole network of IPv6"),
        pytest.param("", "", id="none"),
        pytest.param("testclient", "testclient", id="no address"),
    ],
)
def test_networks(address, network):
    assert network_of(address) == network


def test_wrong_tokens_are_counted_by_address(attempts, clock):
    for clock.t_s in range(0, 10, 2):
        attempts.token_refused("192.0.2.1")
    with pytest.raises(TooMany):
        attempts.token_refused("192.0.2.1")
    attempts.token_refused("192.0.2.2")


def test_links_are_counted_like_logins(attempts, clock):
    for clock.t_s in range(0, 10, 2):
        with pytest.raises(WrongLogin), attempts.link("192.0.2.1"):
            raise WrongLogin
    with pytest.raises(TooMany), attempts.link("192.0.2.1"):
        pass
