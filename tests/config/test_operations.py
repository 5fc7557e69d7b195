import pytest

from footfall.config.operations import (
    NAMES,
    PREFIX,
    RECORDER,
    Operation,
    UnavailableOperation,
    UnknownOperation,
    parse_operation,
)
from footfall.core.options import InferenceForm

SUFFIXES = {
    "": (False, None),
    ".debug": (True, None),
    ".livevideoanalytics": (False, InferenceForm.LVA),
    ".livevideoanalytics.debug": (True, InferenceForm.LVA),
    ".azurevideoanalyzer": (False, InferenceForm.AVA),
    ".azurevideoanalytics": (False, InferenceForm.AVA),
    ".azurevideoanalyzer.debug": (True, InferenceForm.AVA),
}


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["", *NAMES])
def test_every_id_with_every_suffix_in_any_case(name: str, suffix: str) -> None:
    operation_id = PREFIX + (f"-{name}" if name else "") + suffix
    expected = Operation(name, *SUFFIXES[suffix])
    assert parse_operation(operation_id) == expected
    assert parse_operation(operation_id.upper()) == expected


@pytest.mark.parametrize(
    ("operation_id", "expected"),
    [
        pytest.param("Microsoft.ComputerVision.PersonCount", Operation("personcount"), id="private preview"),
        pytest.param(
            "Microsoft.ComputerVision.PersonCrossingLine.Debug",
            Operation("personcrossingline", debug=True),
            id="private preview with window",
        ),
        pytest.param(
            "Microsoft.ComputerVision.PersonCrossingPolygon", Operation("personcrossingpolygon"), id="polygon"
        ),
        pytest.param("Microsoft.ComputerVision.PersonDistance", Operation("persondistance"), id="distance"),
        pytest.param("personcount", Operation("personcount"), id="short name"),
    ],
)
def test_other_spellings(operation_id: str, expected: Operation) -> None:
    assert parse_operation(operation_id) == expected


@pytest.mark.parametrize(
    ("operation_id", "kind"),
    [
        ("cognitiveservices.vision.vehicleanalysis-vehiclecount-preview", "vehicle"),
        ("cognitiveservices.vision.vehicleanalysis-vehiclecount.cpu-preview", "vehicle"),
        ("cognitiveservices.vision.vehicleanalysis-vehicleinpolygon-preview", "vehicle"),
        ("cognitiveservices.vision.vehicleanalysis-vehicleingpolygon.cpu-preview", "vehicle"),
        ("cognitiveservices.vision.spatialanalysis-personnexttomovingvehicle-preview", "vehicle"),
        ("cognitiveservices.vision.spatialanalysis- personnexttomovingvehicle", "vehicle"),
        ("cognitiveservices.vision.vehicleanalysis-personnexttomovingvehicle.cpu-preview", "vehicle"),
    ],
)
def test_known_but_not_here(operation_id: str, kind: str) -> None:
    with pytest.raises(UnavailableOperation, match=f"is a {kind} operation"):
        parse_operation(operation_id)


@pytest.mark.parametrize(
    ("operation_id", "right"),
    [
        (f"{PREFIX}-personzonecount", f"{PREFIX}-personcount"),
        (f"{PREFIX}-personzonedwelltime", f"{PREFIX}-personcrossingpolygon"),
        (f"{PREFIX}-personcrossinglines", f"{PREFIX}-personcrossingline"),
        (f"{PREFIX}-linecrossing", f"{PREFIX}-personcrossingline"),
        ("Microsoft.ComputerVision.PersonCrossingZone", f"{PREFIX}-personcrossingpolygon"),
        ("cognitiveservices.vision.personcount.v2", f"{PREFIX}-personcount"),
    ],
)
def test_invented_id_is_refused_with_the_right_one(operation_id: str, right: str) -> None:
    with pytest.raises(UnknownOperation) as caught:
        parse_operation(operation_id)
    assert caught.value.cure == f"did you mean '{right}'?"


def test_hopeless_id_lists_all() -> None:
    with pytest.raises(UnknownOperation) as caught:
        parse_operation("xyz")
    assert all(name in caught.value.cure for name in NAMES)


@pytest.mark.parametrize(
    "operation_id",
    [
        "cognitiveservices.vision.spatialanalysis-videorecorder",
        "CognitiveServices.Vision.SpatialAnalysis-VideoRecorder",
        "Microsoft.ComputerVision.VideoRecorder",
    ],
)
def test_the_recorder_by_both_its_names(operation_id: str) -> None:
    assert parse_operation(operation_id) == Operation(RECORDER)


@pytest.mark.parametrize(
    "operation_id",
    [
        "videorecorder",
        "Microsoft.ComputerVision.VideoRecorder.Debug",
        "cognitiveservices.vision.spatialanalysis-videorecorder.livevideoanalytics",
        "cognitiveservices.vision.spatialanalysis-videorecoder",
    ],
)
def test_the_recorder_has_no_other_form(operation_id: str) -> None:
    with pytest.raises(UnknownOperation, match=r"did you mean '.*-videorecorder'"):
        parse_operation(operation_id)
