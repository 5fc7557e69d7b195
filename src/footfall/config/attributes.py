"""Who asks a customer's own classifier about people, and which (spec/operations.md section 3)."""

from __future__ import annotations

from pathlib import PurePath
from typing import Final

from footfall.config.environment import Settings
from footfall.config.plan import AttributesSpec
from footfall.config.references import expand
from footfall.config.section import Section

_SWITCH: Final = "ENABLE_PERSONATTRIBUTESCLASSIFICATION"
_MODEL: Final = ("PERSON_ATTRIBUTES_MODEL_ID", "VISION_MODEL_ID")
_CLOUD: Final = ("VISION_ENDPOINT_URL", "VISION_SUBSCRIPTION_KEY")


def read_attributes(parameters: Section, settings: Settings) -> list[AttributesSpec]:
    """Of a camera of the original's dialects: the model is named by its file, or by the environment's."""
    entry = parameters.get(_SWITCH)
    is_on = parameters.boolean(_SWITCH, default=False)
    named = parameters.text(*_MODEL).strip()
    asked = [found for name in _CLOUD if (found := parameters.get(name)) is not None]
    if not is_on or entry is None:
        return []
    model = named if is_path(named) else settings.attributes_model
    if not model:
        what = "the classifier of people does not start: no model of this machine is named; the rest runs"
        cure = "export it as ONNX and name the zip in VISION_MODEL_ID, or in FOOTFALL_ATTRIBUTES_MODEL"
        parameters.document.warn(entry.path, what, cure)
        return []
    for other in asked:
        what = "is not asked: people are classified on this machine, and their pictures stay here"
        parameters.document.warn(other.path, what, "remove the parameter")
    return [AttributesSpec(model)]


def own_attributes(camera: Section, settings: Settings) -> list[AttributesSpec]:
    """Of a camera of footfall.yaml: `attributes: helmets.zip`, or true for the environment's model."""
    entry = camera.get("attributes")
    if entry is None or entry.value is False or entry.value == "":
        return []
    model = settings.attributes_model if entry.value is True else _named(camera, settings)
    if not model:
        cure = "name the zip of an exported classifier, or set FOOTFALL_ATTRIBUTES_MODEL"
        camera.document.error(entry.path, "names no model", cure)
        return []
    return [AttributesSpec(model)]


def _named(camera: Section, settings: Settings) -> str:
    entry = camera.get("attributes")
    assert entry is not None
    return expand(camera.text("attributes").strip(), entry.path, settings, camera.document)


def is_path(model: str) -> bool:
    """Whether it names a file or a folder; ids of models in a cloud do not."""
    return "/" in model or "\\" in model or PurePath(model).suffix.lower() in {".zip", ".onnx"}
