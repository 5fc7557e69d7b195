from importlib import resources

import pytest

from footfall.core.errors import ConfigError
from footfall.training.recipe import parse_recipe

GOOD = 'name = "x"\nlabels = ["person"]\n[[sets]]\nfolder = "a"\nlicence = "CC0"\n'


@pytest.mark.parametrize("name", ["person", "mask"])
def test_the_recipes_of_the_package_are_whole_and_name_every_licence(name: str) -> None:
    text = (resources.files("footfall.training") / "recipes" / f"{name}.toml").read_text("utf-8")
    recipe = parse_recipe(text, name)
    assert recipe.labels
    assert all(spec.licence and spec.source for spec in recipe.sets)
    assert any(spec.hold_out for spec in recipe.sets)


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        pytest.param("name = ", "$", "is not TOML", id="broken line"),
        pytest.param('name = "x"\nlabels = []\n', "$", "missing required field `sets`", id="no data"),
        pytest.param(GOOD + "weigth = 2\n", "$.sets[0]", "unknown field `weigth`", id="a key is misspelt"),
        pytest.param('steps = "many"\n' + GOOD, "$.steps", "Expected `int`, got `str`", id="a word for a number"),
        pytest.param('precision = "fp8"\n' + GOOD, "$.precision", "Invalid enum value", id="a precision unknown here"),
        pytest.param(GOOD + "[network]\nwidths = [1, 2]\n", "$.network.widths", "length 5", id="too few stages"),
    ],
)
def test_a_wrong_recipe_is_told_by_file_and_path(text: str, path: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_recipe(text, "mine.toml")
    (problem,) = caught.value.problems
    assert (problem.file, problem.path) == ("mine.toml", path)
    assert what in problem.what
