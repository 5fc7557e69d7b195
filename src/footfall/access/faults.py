"""Why something about accounts is not done; one class per answer that a caller gives."""

from __future__ import annotations

from footfall.core.errors import ConfigError, FootfallError, Problem


class WrongLogin(FootfallError):
    """Name, password, link or provider's word is not right; which one stays untold."""


class ProviderAway(FootfallError):
    """The provider of single sign-on does not answer, or not as a provider does."""


class NotThere(FootfallError):
    """There is no such account, session, token or secret."""


class Taken(FootfallError):
    """It exists already, or would leave nobody in charge."""


class BeyondRights(FootfallError):
    """Nobody gives more than they have."""


def unfit(path: str, what: str, cure: str) -> ConfigError:
    """Something that was given does not do."""
    return ConfigError([Problem("request", path, what, cure)])
