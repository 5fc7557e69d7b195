"""A version of the configuration as what is to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from footfall.access.sign_on_spec import SignOnSpec, spec_of
from footfall.config.availability import not_yet
from footfall.config.document import Document as Reader
from footfall.config.environment import Settings, read_settings
from footfall.config.home_assistant import HomeAssistant, read_home_assistant
from footfall.config.load import Kind, Parsed, compile_plan, read
from footfall.config.plan import Plan
from footfall.config.section import Entry, Section
from footfall.config.service import ServiceSettings, read_service
from footfall.core.errors import ConfigError, Problem
from footfall.serve.sealing import revealed

FILE = "configuration"
"""What problems call it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """What runs."""

    plan: Plan
    service: ServiceSettings = field(default_factory=ServiceSettings)
    home_assistant: HomeAssistant | None = None
    sign_on: SignOnSpec | None = None
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    """What is worth a look, though it runs."""


class Compiler:
    """Knows the environment and the kept secrets.

    Args:
        environ: of the process.

    Raises:
        ConfigError: a variable is wrong.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = dict(environ)
        self._settings = replace(read_settings(environ), may_be_empty=True)

    def compile(self, text: str, secrets: Mapping[str, str]) -> Compiled:
        """What a text asks for.

        Args:
            text: the configuration, without secrets.
            secrets: name -> secret; they go before variables of the environment.

        Raises:
            ConfigError: with every problem.
        """
        settings = self._with(secrets)
        parsed = _read(text, secrets)
        plan, warnings = compile_plan(parsed, settings)
        missing = not_yet(plan, FILE)
        if errors := [problem for problem in missing if not problem.is_warning]:
            raise ConfigError(errors)
        compiled = _with_service(plan, parsed, settings) if parsed.kind is Kind.FOOTFALL else Compiled(plan)
        return replace(compiled, warnings=(*warnings, *missing))

    def _with(self, secrets: Mapping[str, str]) -> Settings:
        return replace(self._settings, environ={**self._environ, **secrets})


def _read(text: str, secrets: Mapping[str, str]) -> Parsed:
    """Azure's dialects know no `${NAME}`: there the secrets are put in their places first."""
    parsed = read(text, file=FILE)
    return parsed if parsed.kind in (Kind.FOOTFALL, Kind.UNKNOWN) else read(revealed(text, secrets), file=FILE)


def _with_service(plan: Plan, parsed: Parsed, settings: Settings) -> Compiled:
    """The plan with what `service` says beside it."""
    reader = Reader(FILE)
    root = Section.of(parsed.value, "$", reader)
    service = root.section("service") if root is not None else None
    if root is None or service is None:
        return Compiled(plan)
    kept, home = read_service(root), read_home_assistant(service, settings)
    sign_on = service.get("sign_on")
    reader.raise_errors()
    return Compiled(plan, kept, home, spec_of(_object(sign_on), FILE) if sign_on else None)


def _object(entry: Entry) -> Mapping[str, Any]:
    if not isinstance(entry.value, dict):
        raise ConfigError([Problem(FILE, entry.path, "is not an object", "write {issuer: ..., client_id: ...}")])
    return entry.value
