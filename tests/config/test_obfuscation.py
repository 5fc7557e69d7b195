import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.config.document import Document
from footfall.config.environment import Settings
from footfall.config.obfuscation import conceal, looks_obfuscated, reveal
from footfall.config.urls import clear_url

KEY = bytes(range(32))
IV = bytes(range(16))
URL = "rtsp://viewer:pw@10.0.0.9/1"


@pytest.mark.parametrize(
    ("key", "iv"),
    [
        pytest.param(base64.b64encode(KEY).decode(), base64.b64encode(IV).decode(), id="base64"),
        pytest.param(KEY.hex(), IV.hex(), id="hex"),
        pytest.param("0123456789abcde!", "fedcba987654321!", id="plain text of 16 bytes"),
        pytest.param("0123456789abcdef01234567", IV.hex(), id="24 characters are no hex of a fitting length"),
    ],
)
def test_every_form_of_key_and_iv(key: str, iv: str) -> None:
    hidden = conceal(URL, key, iv)
    assert looks_obfuscated(hidden)
    assert reveal(hidden, key, iv) == URL


def test_known_answer() -> None:
    """AES-256-CBC, key 00..1f, IV 00..0f: made with `openssl enc -aes-256-cbc -K ... -iv ... -base64`."""
    assert conceal("rtsp://a/b", KEY.hex(), IV.hex()) == "6EPJzO9HYT/s/qcbBLVQew=="


@settings(deadline=None)
@given(st.text(max_size=80))
def test_round_trip(url: str) -> None:
    assert reveal(conceal(url, KEY.hex(), IV.hex()), KEY.hex(), IV.hex()) == url


@pytest.mark.parametrize("url", [URL, "", "video.mp4", "abcd", "rtsp://" + "a" * 16])
def test_clear_urls_do_not_look_obfuscated(url: str) -> None:
    assert not looks_obfuscated(url)


@pytest.mark.parametrize(
    ("settings", "hidden", "what"),
    [
        pytest.param(Settings(url_key="short", url_iv=IV.hex()), URL, "KEY_ENV has to be 16, 24, 32 bytes", id="key"),
        pytest.param(Settings(url_key=KEY.hex(), url_iv="short"), URL, "IV_ENV has to be 16 bytes", id="iv"),
        pytest.param(Settings(url_key=IV.hex(), url_iv=IV.hex()), URL, "do not fit", id="another key"),
        pytest.param(Settings(url_key=KEY.hex(), url_iv=IV.hex()), "what is this", "no video URL", id="no url inside"),
    ],
)
def test_what_cannot_be_read_is_an_error_without_secrets(settings: Settings, hidden: str, what: str) -> None:
    document = Document("m.json")
    assert clear_url(conceal(hidden, KEY.hex(), IV.hex()), "$.u", settings, document) == ""
    (problem,) = document.problems
    assert what in problem.what
    for secret in (settings.url_key, "pw", hidden):
        assert secret not in str(problem)


def test_without_key_the_text_is_taken_as_it_is() -> None:
    hidden = conceal(URL, KEY.hex(), IV.hex())
    assert clear_url(hidden, "$", Settings(), Document("")) == hidden
    assert clear_url(URL, "$", Settings(url_key=KEY.hex(), url_iv=IV.hex()), Document("")) == URL
