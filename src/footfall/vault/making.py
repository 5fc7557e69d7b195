"""Rings as the environment describes them.

`FOOTFALL_SERVICE_KEY` and `FOOTFALL_CUSTOMER_KEY` say where a key is: `/path/of/a/file`, `env:VARIABLE`, or a key of a
transit engine, `https://vault.example:8200/v1/transit/keys/NAME`.
"""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from footfall.core.errors import ConfigError, Problem
from footfall.core.ports import Clock
from footfall.vault.faults import KeyRevoked
from footfall.vault.keys import parse_keys
from footfall.vault.part import sweep
from footfall.vault.protectors import LocalKeys, Protector, key_file, make_key_file
from footfall.vault.ring import Audit, Protection, Ring
from footfall.vault.transit import TransitKey

log = logging.getLogger(__name__)

SERVICE_KEY: Final = "FOOTFALL_SERVICE_KEY"
"""Default: a file in the folder of keys, made where it is missing."""
CUSTOMER_KEY: Final = "FOOTFALL_CUSTOMER_KEY"
"""Default: none."""
TOKEN: Final = "FOOTFALL_KEY_SERVER_TOKEN"  # noqa: S105 - the name of a variable
"""Or, as a file that is read anew for every request, the variable of this name and `_FILE`."""
AUTHORITY: Final = "FOOTFALL_KEY_SERVER_CA"
"""File of the authority that has signed the key server's certificate; default: those of the system."""
NAMESPACE: Final = "FOOTFALL_KEY_SERVER_NAMESPACE"

SERVICE_KEY_FILE: Final = "service-key"
RING_FILE: Final = "ring.json"

_PLACES: Final = "name a file, env:VARIABLE or https://HOST/v1/transit/keys/NAME"
_KEY_PATH: Final = re.compile(r"/v1/(?P<mount>[\w-][\w.-]*(/[\w-][\w.-]*)*)/keys/(?P<key>[\w-][\w.-]*)")


def make_ring(keys: Path, environ: Mapping[str, str], clock: Clock, audit: Audit, objects: Path | None = None) -> Ring:
    """The ring in a folder of keys; the folder, a service's key and the ring are made where all of them are missing.

    Whose keys are withdrawn or out of reach gets a ring all the same: it is revoked until they are back. A customer's
    key that is new is put on top of what there is.

    Args:
        keys: the folder; it should not be in the same backup as the objects.
        environ: variables of the environment.
        clock: of the process.
        audit: hears of every event of a key.
        objects: where the ring has none, there must be nothing in this folder: nobody could open it any more.

    Raises:
        ConfigError: a variable or file is wrong, or a key that is new cannot seal the ring.
    """
    file = keys / RING_FILE
    try:
        _check_folder(file, objects)
        own = service_key_file(keys, environ)
        if own is not None and not own.exists() and not file.exists():
            make_key_file(own)
        ring = open_ring(keys, environ, clock, audit)
        ring.enable_customer_key()
    except KeyRevoked as error:
        raise _wrong(str(file), f"cannot be sealed: {error}", "see that the key may encrypt and decrypt") from error
    except OSError as error:
        where, what = str(error.filename or file), f"cannot be used: {error.strerror or error}"
        raise _wrong(where, what, "see who may read and write it, and that the disk has room") from error
    return ring


def open_ring(keys: Path, environ: Mapping[str, str], clock: Clock, audit: Audit) -> Ring:
    """The ring that is in a folder of keys, as it is.

    Raises:
        ConfigError: a variable is wrong.
    """
    own = service_key_file(keys, environ)
    service = key_file(own) if own is not None else protector_at(environ, SERVICE_KEY)
    customer = protector_at(environ, CUSTOMER_KEY) if environ.get(CUSTOMER_KEY) else None
    return Ring(keys / RING_FILE, Protection(service, customer), clock, audit)


def service_key_file(keys: Path, environ: Mapping[str, str]) -> Path | None:
    """The file with the service's key; None: it is no file.

    Raises:
        ConfigError: the variable is wrong.
    """
    where = environ.get(SERVICE_KEY, "")
    return keys / SERVICE_KEY_FILE if not where else _path(where)


def _check_folder(ring: Path, objects: Path | None) -> None:
    ring.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ring.parent.chmod(0o700)
    sweep(ring.parent)
    if objects is not None and not ring.exists() and any(objects.glob("*/*/*")):
        cure = f"put it back from a backup; or delete {objects}, which nobody can open without it"
        raise _wrong(str(ring), "is missing", cure)


def protector_at(environ: Mapping[str, str], variable: str) -> Protector:
    """The key that a variable names.

    Raises:
        ConfigError: it names none.
    """
    where = environ[variable]
    if where.startswith("env:"):
        return _from_environment(environ, variable, where.removeprefix("env:"))
    if where.startswith(("https:", "http:")):
        return _transit(environ, variable, where)
    path = _path(where)
    if path is None:
        raise _wrong(variable, "does not say where the key is", _PLACES)
    if path.exists() and path.stat().st_mode & 0o007:
        log.warning("%s: everybody on this machine may read this key; chmod 600 it", path)
    return key_file(path)


def _path(where: str) -> Path | None:
    path = Path(where.removeprefix("file:"))
    return path if path.is_absolute() else None


def _from_environment(environ: Mapping[str, str], variable: str, name: str) -> Protector:
    text = environ.get(name, "")
    try:
        parse_keys(text)
    except ValueError as error:
        cure = "put 32 random bytes there, in hexadecimal or Base64"
        raise _wrong(variable, f"names the variable {name}, but {error}", cure) from None
    return LocalKeys(f"env:{name}", lambda: text)


def _transit(environ: Mapping[str, str], variable: str, where: str) -> Protector:
    try:
        url = urlsplit(where)
        host, port = url.hostname or "", url.port
    except ValueError:
        raise _wrong(variable, "is no address", _PLACES) from None
    match = _KEY_PATH.fullmatch(url.path)
    if not host or match is None or url.query or url.fragment or url.username is not None:
        raise _wrong(variable, "is no address of a key", "write https://HOST:PORT/v1/transit/keys/NAME")
    if url.scheme == "http" and not _is_here(host):
        raise _wrong(variable, "sends keys without encryption", "write https://")
    return TransitKey(
        _server(url, host, port),
        match["key"],
        _token(environ),
        _trust(environ),
        mount=match["mount"],
        namespace=environ.get(NAMESPACE, ""),
    )


def _server(url: SplitResult, host: str, port: int | None) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{shown}" + (f":{port}" if port else "")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _token(environ: Mapping[str, str]) -> Callable[[], str]:
    file, token = environ.get(f"{TOKEN}_FILE"), environ.get(TOKEN)
    if file:
        return lambda: Path(file).read_text("ascii")
    if token:
        return lambda: token
    raise _wrong(TOKEN, "is missing", f"put the token into a file that {TOKEN}_FILE names")


def _trust(environ: Mapping[str, str]) -> ssl.SSLContext:
    file = environ.get(AUTHORITY)
    try:
        context = ssl.create_default_context(cafile=file or None)
    except (OSError, ssl.SSLError) as error:
        raise _wrong(AUTHORITY, f"{file}: no certificate can be read from it", "name a file in PEM form") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _wrong(where: str, what: str, cure: str) -> ConfigError:
    return ConfigError([Problem(where, "$", what, cure)])
