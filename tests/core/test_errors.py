from __future__ import annotations

from footfall.core.errors import ConfigError, Problem


def test_config_errors_list_every_problem() -> None:
    error = ConfigError([Problem("a.json", "$.x", "is wrong", "mend it"), Problem("a.json", "$.y", "too", "mend")])
    assert str(error) == "a.json: $.x: is wrong; mend it\na.json: $.y: too; mend"
