"""A version of the configuration as what is to run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from footfall.config.availability import not_yet
from footfall.config.document import Document as Reader
from footfall.config.environment import Settings, read_settings
from footfall.config.load import Kind, check, load_plan, parse, recognise
from footfall.config.places import check_places
from footfall.config.plan import Plan
from footfall.config.section import Section
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
        text = self._readable(text, secrets)
        plan = load_plan(text, file=FILE, settings=settings)
        if errors := [problem for problem in not_yet(plan, FILE) if not problem.is_warning]:
            raise ConfigError(errors)
        check_places(plan.places, plan.graphs, FILE)
        return Compiled(plan, _service(text))

    def problems(self, text: str, secrets: Mapping[str, str]) -> Sequence[Problem]:
        """Everything that can be said against a text, warnings too."""
        try:
            compiled = self.compile(text, secrets)
        except ConfigError as error:
            return error.problems
        found = check(self._readable(text, secrets), file=FILE, settings=self._with(secrets))
        return (*found, *not_yet(compiled.plan, FILE))

    def _with(self, secrets: Mapping[str, str]) -> Settings:
        return replace(self._settings, environ={**self._environ, **secrets})

    def _readable(self, text: str, secrets: Mapping[str, str]) -> str:
        """Azure's dialects know no `${NAME}`: there the secrets are put in their places first."""
        return text if recognise(text) in (Kind.FOOTFALL, Kind.UNKNOWN) else revealed(text, secrets)


def _service(text: str) -> ServiceSettings:
    if recognise(text) is not Kind.FOOTFALL:
        return ServiceSettings()
    reader = Reader(FILE)
    section = Section.of(parse(text, reader), "$", reader)
    return ServiceSettings() if section is None else read_service(section)
