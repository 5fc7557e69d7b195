from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.detect.imaging import InputSpec, place, to_tensor


def picture(width: int, height: int, bgr: tuple[int, int, int] = (10, 20, 30)) -> np.ndarray:
    return np.full((height, width, 3), bgr, np.uint8)


@pytest.mark.parametrize(
    ("size", "spec", "filled"),
    [
        pytest.param((80, 40), InputSpec(40, 40), (40, 20), id="a wide picture leaves the lower half to the pad"),
        pytest.param((40, 80), InputSpec(40, 40), (20, 40), id="a tall picture leaves the right half to the pad"),
        pytest.param((10, 10), InputSpec(40, 20), (20, 20), id="a small picture grows"),
        pytest.param((80, 40), InputSpec(40, 40, fit="stretch"), (40, 40), id="stretching fills the input"),
        pytest.param((4000, 10), InputSpec(32, 32), (32, 1), id="an extreme picture keeps one pixel"),
    ],
)
def test_where_a_picture_lies(size: tuple[int, int], spec: InputSpec, filled: tuple[int, int]) -> None:
    tensor, _ = to_tensor(picture(*size), spec)
    inside = (tensor == np.array([10, 20, 30], np.float32)[:, None, None]).all(axis=0)
    assert tensor.shape == (3, spec.height_px, spec.width_px)
    assert inside[: filled[1], : filled[0]].all()
    assert inside.sum() == filled[0] * filled[1]
    assert (tensor[:, ~inside] == spec.pad).all()


def test_colour_and_normalisation_act_in_the_networks_channel_order() -> None:
    spec = InputSpec(4, 4, colour="rgb", mean=(30.0, 10.0, 0.0), std=(2.0, 5.0, 10.0))
    tensor, _ = to_tensor(picture(4, 4), spec)
    assert tensor.dtype == np.float32
    assert tensor.flags.c_contiguous
    assert tensor[:, 0, 0].tolist() == [0.0, 2.0, 1.0]


def test_boxes_come_back_clipped_to_the_picture() -> None:
    placement = place((200, 100), InputSpec(100, 100))
    boxes = placement.to_picture(np.array([[-5, 10, 60, 80]], np.float32))
    assert boxes.tolist() == [[0, 20, 120, 100]]


@given(
    width=st.integers(1, 3000),
    height=st.integers(1, 3000),
    side=st.tuples(st.integers(8, 700), st.integers(8, 700)),
    fit=st.sampled_from(["letterbox", "stretch"]),
    corners=st.tuples(*[st.floats(0, 1)] * 4),
)
def test_there_and_back_again(
    width: int, height: int, side: tuple[int, int], fit: str, corners: tuple[float, float, float, float]
) -> None:
    placement = place((width, height), InputSpec(*side, fit=fit))
    box = (np.array([corners]) * [width, height, width, height]).astype(np.float32)
    there = placement.to_input(box)
    assert (there <= np.array([*side, *side]) + 1e-2).all()
    assert np.allclose(placement.to_picture(there), box, atol=1e-2)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(np.zeros((0, 4, 3), np.uint8), id="empty"),
        pytest.param(np.zeros((4, 4), np.uint8), id="grey"),
        pytest.param(np.zeros((4, 4, 3), np.float32), id="not bytes"),
    ],
)
def test_no_picture_is_refused(image: np.ndarray) -> None:
    with pytest.raises(ValueError, match="picture"):
        to_tensor(image, InputSpec(8, 8))


@pytest.mark.parametrize("wrong", [{"width_px": 0}, {"pad": 300}, {"std": (1.0, 0.0, 1.0)}])
def test_impossible_inputs_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"at least|pad|std"):
        InputSpec(**{"width_px": 8, "height_px": 8, **wrong})
