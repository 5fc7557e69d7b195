import math

import numpy as np
import pytest
import torch

from footfall.detect.candidates import DecodeSpec
from footfall.detect.grids import ltrb
from footfall.training.loss import Truth, assign, detection_loss, generalised_iou, iou
from footfall.training.network import Detector, flatten, to_xyxy
from footfall.training.recipe import NetworkSpec

SURE = 12.0


def maps(side_px: int, labels: int = 1) -> tuple[torch.Tensor, ...]:
    """A network that sees nobody: boxes of two strides each way."""
    out = []
    for stride in (8, 16, 32):
        output = torch.full((1, labels + 4, side_px // stride, side_px // stride), math.log(2.0))
        output[:, :labels] = -SURE
        out.append(output)
    return tuple(out)


def truth(*rows: tuple[float, float, float, float, int]) -> Truth:
    table = torch.tensor(rows or [(0.0, 0.0, 0.0, 0.0, -1)])
    return Truth(table[None, :, :4].float(), table[None, :, 4].long())


@pytest.mark.parametrize("size", [(256, 416), (64, 64), (640, 384)])
def test_one_network_takes_every_multiple_of_32(size: tuple[int, int]) -> None:
    network = Detector(NetworkSpec(), 2).eval()
    with torch.inference_mode():
        outputs = network(torch.zeros(1, 3, *size))
    assert [tuple(output.shape) for output in outputs] == [(1, 6, size[0] // s, size[1] // s) for s in (8, 16, 32)]


def test_it_has_about_a_million_parameters() -> None:
    count = sum(parameter.numel() for parameter in Detector(NetworkSpec(), 1).parameters())
    assert 0.8e6 < count < 1.2e6


def test_training_and_running_decode_alike() -> None:
    outputs = tuple(torch.randn(1, 6, 96 // stride, 96 // stride) for stride in (8, 16, 32))
    rows, centre, stride = flatten(outputs)
    boxes = to_xyxy(rows[..., 2:], centre, stride)[0].numpy()
    scores = rows[0, :, :2].sigmoid().numpy()
    found = ltrb([output.numpy() for output in outputs], DecodeSpec(96, 96, (0, 1), 0.0))
    order, wanted = np.lexsort(found.xyxy_px.T), np.lexsort(boxes.T)
    np.testing.assert_allclose(found.xyxy_px[order], boxes[wanted], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.score[order], scores.max(axis=1)[wanted], atol=1e-5)


@pytest.mark.parametrize(
    ("box", "cells"),
    [
        pytest.param((0.0, 0.0, 64.0, 64.0, 0), 10, id="a large one: only the ten best cells"),
        pytest.param((26.0, 26.0, 30.0, 30.0, 0), 1, id="a small one between the cells still has one"),
        pytest.param((0.0, 0.0, 0.0, 0.0, -1), 0, id="padding has none"),
        pytest.param((0.0, 0.0, 64.0, 64.0, -2), 0, id="a silent one has none"),
    ],
)
def test_who_answers_for_whom(box: tuple[float, float, float, float, int], cells: int) -> None:
    rows, centre, stride = flatten(maps(64))
    target, owner, weight = assign(rows[..., :1], to_xyxy(rows[..., 1:], centre, stride), centre, truth(box))
    count = int((owner >= 0).sum())
    assert count == cells if cells == 10 else count >= cells
    assert int((target > 0).sum()) == count
    silent = int((weight == 0).sum())
    assert silent == (84 if box[4] == -2 else 0)  # all cells of all three grids lie inside


def test_nobody_there_and_nobody_said_costs_nothing() -> None:
    assert float(detection_loss(maps(64), truth()).total) < 1e-3


def test_shouting_in_a_silent_place_costs_nothing_but_elsewhere_it_does() -> None:
    outputs = maps(64)
    outputs[0][0, 0, 2, 2] = SURE
    silent = float(detection_loss(outputs, truth((10.0, 10.0, 30.0, 30.0, -2))).total)
    loud = float(detection_loss(outputs, truth()).total)
    assert silent < 1e-3 < loud


def test_a_better_box_costs_less() -> None:
    person = truth((8.0, 8.0, 40.0, 56.0, 0))
    losses = []
    for right in (0.5, 1.0, 2.0):
        outputs = maps(64)
        outputs[0][0, :, 3, 3] = torch.tensor([SURE, math.log(2.5), math.log(2.5), math.log(right), math.log(3.5)])
        losses.append(float(detection_loss(outputs, person).box))
    assert losses[0] > losses[1] > losses[2]


def test_overlaps() -> None:
    a = torch.tensor([[0.0, 0.0, 10.0, 10.0]] * 3)
    b = torch.tensor([[0.0, 0.0, 10.0, 10.0], [5.0, 0.0, 15.0, 10.0], [20.0, 0.0, 30.0, 10.0]])
    torch.testing.assert_close(iou(a, b), torch.tensor([1.0, 1 / 3, 0.0]))
    torch.testing.assert_close(generalised_iou(a, b), torch.tensor([1.0, 1 / 3, -1 / 3]))


def test_it_learns_one_picture_by_heart() -> None:
    torch.manual_seed(3)
    network = Detector(NetworkSpec((8, 8, 16, 16, 16), (0, 1, 1, 1), 16), 1)
    picture = torch.full((2, 3, 64, 64), 90.0)
    picture[:, :, 10:50, 20:36] = 220.0
    person = Truth(torch.tensor([[[20.0, 10.0, 36.0, 50.0]]] * 2), torch.zeros(2, 1, dtype=torch.long))
    optimiser = torch.optim.AdamW(network.parameters(), lr=5e-3)
    losses = []
    for _ in range(60):
        loss = detection_loss(network(picture), person)
        optimiser.zero_grad()
        loss.total.backward()
        optimiser.step()
        losses.append(loss.total.item())
    assert losses[-1] < losses[0] / 3
