"""How single sign-on is configured: which provider, and what its words about people mean here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from footfall.access.roles import Rights, Role
from footfall.core.errors import ConfigError, Problem

KEYS: Final = frozenset({
    "issuer", "client_id", "client_secret", "roles", "role_claim", "camera_claim", "name_claim", "scopes",
    "local_network",
})  # fmt: skip
_CURE: Final = "see the how-to about single sign-on"


@dataclass(frozen=True, slots=True)
class SignOnSpec:
    """One OpenID Connect provider."""

    issuer: str
    """As in its discovery document: `https://login.example.org/realms/shop`."""
    client_id: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Value of the role claim -> role. Who has none of them does not come in."""
    role_claim: str = "roles"
    """Dots go down: `realm_access.roles`."""
    camera_claim: str = ""
    """Names of cameras, or `*`; empty: everybody sees all cameras."""
    name_claim: str = "preferred_username"
    scopes: str = "openid profile"
    client_secret: str = field(default="", repr=False)
    """`${NAME}` of a sealed secret, or the secret itself; empty for a public client."""
    local_network: bool = False
    """The provider is in the local network or on this machine."""

    def rights(self, claims: Mapping[str, Any]) -> Rights | None:
        """What somebody may do by the provider's word; None: nothing. Real pictures are given here, never there."""
        found = [self.roles[value] for value in _texts(claims, self.role_claim) if value in self.roles]
        if not found:
            return None
        role = next(role for role in reversed(Role) if role in found)
        if not self.camera_claim:
            return Rights(role)
        cameras = frozenset(_texts(claims, self.camera_claim))
        return Rights(role, None if "*" in cameras else cameras)

    def name(self, claims: Mapping[str, Any]) -> str:
        """What to call somebody."""
        return next(iter(_texts(claims, self.name_claim)), "") or str(claims.get("sub", ""))


def spec_of(document: Mapping[str, Any], file: str) -> SignOnSpec:
    """Read a configuration.

    Raises:
        ConfigError: all that is wrong with it.
    """
    problems = list(_problems(document, file))
    if problems:
        raise ConfigError(problems)
    roles = {str(value): Role(role) for value, role in document["roles"].items()}
    return SignOnSpec(**{**document, "roles": roles})


def _problems(document: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for key in (key for key in document if key not in KEYS):
        yield Problem(file, f"$.{key}", "is unknown", _CURE)
    for key in ("issuer", "client_id"):
        if not isinstance(document.get(key), str) or not document[key]:
            yield Problem(file, f"$.{key}", "is missing", _CURE)
    if not str(document.get("issuer", "https://")).startswith(("https://", "http://localhost", "http://127.0.0.1")):
        yield Problem(file, "$.issuer", "is not https", "use the provider's https address")
    for key in ("client_secret", "role_claim", "camera_claim", "name_claim", "scopes"):
        if not isinstance(document.get(key, ""), str):
            yield Problem(file, f"$.{key}", "is no text", _CURE)
    if not isinstance(document.get("local_network", False), bool):
        yield Problem(file, "$.local_network", "is neither true nor false", _CURE)
    yield from _wrong_roles(document.get("roles"), file)


def _wrong_roles(roles: object, file: str) -> Iterator[Problem]:
    if not isinstance(roles, Mapping) or not roles:
        yield Problem(file, "$.roles", "is missing: nobody could come in", "map values of the claim to roles")
        return
    for value, role in roles.items():
        if role not in list(Role):
            yield Problem(file, f"$.roles.{value}", f"{role!r} is no role", "use viewer, operator or admin")


def _texts(claims: Mapping[str, Any], path: str) -> list[str]:
    """The texts of a claim: one, or a list of them."""
    value: Any = claims
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
