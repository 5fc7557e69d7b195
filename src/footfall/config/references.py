"""`${NAME}` in footfall.yaml, and logins: secrets stay in the environment."""

from __future__ import annotations

import re
from urllib.parse import quote

from footfall.config.document import Document
from footfall.config.environment import Settings
from footfall.config.section import Section, suggest

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def expand(text: str, path: str, settings: Settings, document: Document) -> str:
    """Put the value of the environment variable in the place of each `${NAME}`; a missing one is an error."""
    for name in dict.fromkeys(_REFERENCE.findall(text)):
        if name not in settings.environ:
            cure = suggest(name, settings.environ) or f"set {name}"
            document.error(path, f"the environment variable {name} is not set", cure)
    return _REFERENCE.sub(lambda match: settings.environ.get(match[1], match[0]), text)


def with_login(url: str, camera: Section, settings: Settings) -> str:
    """The URL with `login: {user, password}` in it, percent-encoded as needed."""
    login = camera.section("login")
    if login is None:
        return url
    user, password = login.text("user"), login.text("password")
    if password and not _REFERENCE.search(password):
        login.document.warn(login.path, "the password stands in the file", 'write "${NAME}" and set that variable')
    user = expand(user, login.path, settings, login.document)
    password = expand(password, login.path, settings, login.document)
    login.finish()
    scheme, separator, rest = url.partition("://")
    if not separator or "@" in rest.partition("/")[0]:
        login.document.error(login.path, "the url has a login already, or cannot have one", "give one login")
        return url
    return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"
