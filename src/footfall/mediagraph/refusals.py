"""Why a direct method fails, and the body that says so (spec/media-graph.md section 8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from footfall.core.errors import ConfigError, FootfallError
from footfall.mediagraph.flaws import MODULE_VALIDATION, Check, Flaw
from footfall.mediagraph.validator import Invalid

BAD_REQUEST: Final = "The request is invalid"
BAD_RESOURCE: Final = "The resource format is invalid."
FORBIDDEN: Final = "The operation is forbidden"
CONFLICT: Final = "A conflict was encountered when processing the request"
IN_USE: Final = "GraphTopologyInUse"
WRONG_STATE: Final = "GraphInstanceOperationNotValidInCurrentState"
INCOMPATIBLE: Final = "ResourceValidationError"
UNCONFIGURED: Final = "ModuleConfigurationRequired"
_CODES: Final = {
    Check.OBJECT: ("BadRequest", BAD_REQUEST),
    Check.VERSION: ("InvalidVersion", BAD_REQUEST),
    Check.SECURITY: ("BadRequest", BAD_REQUEST),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One reason."""

    code: str
    message: str
    target: str = ""

    def body(self) -> dict[str, object]:
        """As JSON."""
        target = {"target": self.target} if self.target else {}
        return {"code": self.code, **target, "message": self.message}


class Refusal(FootfallError):
    """A direct method that is not carried out. Nothing has changed."""

    def __init__(self, status: int, code: str, message: str, details: Iterable[Detail] = ()) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.details = tuple(details)
        super().__init__("; ".join([message, *(detail.message for detail in self.details)]))

    def body(self) -> dict[str, object]:
        """As the payload of a reply."""
        details = {"details": [detail.body() for detail in self.details]} if self.details else {}
        return {"error": {"code": self.code, "message": self.message, **details}}


def bad_request(message: str = BAD_REQUEST, details: Iterable[Detail] = ()) -> Refusal:
    """The request itself cannot be understood."""
    return Refusal(400, "BadRequest", message, details)


def invalid(flaws: Iterable[Flaw]) -> Refusal:
    """The flaws of a document, all of one check."""
    flaws = tuple(flaws)
    code, message = _CODES.get(flaws[0].check, ("InvalidResource", BAD_RESOURCE))
    return Refusal(400, code, message, [Detail(each.code, each.message, each.target) for each in flaws[:MOST_DETAILS]])


def module_forbids(message: str) -> Refusal:
    """The module's settings or limits do not allow it."""
    return bad_request(details=[Detail(MODULE_VALIDATION, message)])


def unconfigured(missing: Iterable[str]) -> Refusal:
    """The module's twin lacks what no method can do without."""
    message = f"Module desired properties are invalid: {', '.join(missing)}."
    return Refusal(403, "Forbidden", FORBIDDEN, [Detail(UNCONFIGURED, message)])


def no_topology(name: str) -> Refusal:
    """A named topology is missing."""
    return Refusal(404, "NotFound", f"Graph topology '{name[:LONGEST_NAME]}' is not found.")


def no_instance(name: str) -> Refusal:
    """A named instance is missing."""
    return Refusal(404, "NotFound", f"Graph instance '{name[:LONGEST_NAME]}' is not found.")


def in_use(instances: Iterable[str]) -> Refusal:
    """Instances of a topology stand in the way."""
    names = ", ".join(f"'{name}'" for name in tuple(instances)[:MOST_DETAILS])
    message = "Graph topology operation cannot be completed because it is in use by following graph instances: "
    return Refusal(409, "Conflict", CONFLICT, [Detail(IN_USE, message + names)])


def wrong_state(state: str, allowed: Iterable[str]) -> Refusal:
    """An instance is in a state in which the method is not allowed."""
    message = (
        f"The requested operation on the graph instance is not allowed in the {state} state. "
        f"Allowed states are: {', '.join(allowed)}."
    )
    return Refusal(409, "Conflict", CONFLICT, [Detail(WRONG_STATE, message)])


def incompatible(instance: str, flaws: Iterable[Flaw]) -> Refusal:
    """A new version of a topology does not fit one of its instances."""
    told = tuple(flaws)[:MOST_DETAILS]
    details = (Detail(INCOMPATIBLE, f"Graph instance '{instance}': {flaw.message}", flaw.target) for flaw in told)
    return Refusal(409, "Conflict", CONFLICT, details)


def failed(message: str) -> Refusal:
    """Nothing wrong with the request: the module could not do it."""
    return Refusal(500, "InternalServerError", message)


@contextmanager
def refusing() -> Iterator[None]:
    """What goes wrong inside, as a refusal."""
    try:
        yield
    except Refusal:
        raise
    except Invalid as error:
        raise invalid(error.flaws) from error
    except ConfigError as error:
        raise module_forbids("; ".join(f"{each.what}; {each.cure}" for each in error.problems)) from error
    except FootfallError as error:
        raise failed(str(error)) from error


LONGEST_NAME: Final = 64
MOST_DETAILS: Final = 50
"""A reply has to fit into a message."""
