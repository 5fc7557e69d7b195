"""A learner that is quick and simple, run as a training's child: `python stand_in.py [MODE [FILE]]`.

It tells classes by the mean colour of a picture, and boxes by where they were on average. Modes misbehave on purpose;
the patient one waits until there is FILE.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from footfall.customvision.training import job_child
from footfall.learning.lesson import HeldOut, Kind, Learned, Lesson, Report


def learn(lesson: Lesson, report: Report) -> Learned:
    mode = sys.argv[1] if len(sys.argv) > 1 else "quick"
    report(0.1, "looking at pictures")
    misbehave(mode, lesson, report)
    colours = np.array([lesson.read(example.id).mean((0, 1)) for example in lesson.examples], np.float32)
    report(0.9, "fitting")
    notes = {
        "base": "yes" if lesson.base else "no",
        "advanced": str(lesson.is_advanced),
        "threads": str(lesson.threads),
    }
    if lesson.kind is Kind.DETECTION:
        boxes = np.array([mean_box(lesson, tag) for tag in range(len(lesson.tags))], np.float32)
        return Learned(detector(boxes, lesson.input_px), held_out_boxes(lesson, boxes), notes)
    means = np.array(
        [colours[[tag in example.labels for example in lesson.examples]].mean(0) for tag in range(len(lesson.tags))]
    )
    is_soft = lesson.kind is Kind.MULTICLASS
    return Learned(
        classifier(means, lesson.input_px, is_soft=is_soft), held_out(lesson, colours, is_soft=is_soft), notes
    )


def misbehave(mode: str, lesson: Lesson, report: Report) -> None:
    match mode:
        case "slow":
            for step in range(10_000):
                report(0.1 + step / 20_000, f"step {step}")
                time.sleep(0.05)
        case "silent":
            time.sleep(600)
        case "crash":
            os.kill(os.getpid(), signal.SIGKILL)
        case "break":
            raise RuntimeError("nobody knows why")
        case "hungry":
            np.ones(2**36, np.uint8)
        case "noisy":
            sys.stdout.write("a library has something to say")
            sys.stdout.flush()
            os.write(1, b"and so has its C part")
        case "patient":
            lesson.read(lesson.examples[0].id)
            wait_for(Path(sys.argv[2]))
        case "writer":
            attempts = (
                write_down,
                reach_out,
                lambda: os.environ["SECRET"],
            )
            report(0.2, ", ".join(outcome(attempt) for attempt in attempts))
            time.sleep(600)


def wait_for(file: Path) -> None:
    while not file.exists():
        time.sleep(0.02)


def write_down() -> None:
    file = Path(f"of-a-training-{os.getpid()}")
    try:
        file.write_bytes(b"pixels")
    finally:
        file.unlink(missing_ok=True)


def reach_out() -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1.0)


def outcome(attempt: object) -> str:
    try:
        attempt()
    except (OSError, KeyError) as error:
        return type(error).__name__ + (f" {error.errno}" if isinstance(error, OSError) else "")
    return "done"


def scores(colours: np.ndarray, means: np.ndarray, *, is_soft: bool) -> np.ndarray:
    near = -np.abs(colours[:, None] - means).mean(-1) / 8.0
    return np.exp(near) / np.exp(near).sum(1, keepdims=True) if is_soft else np.exp(near)


def held_out(lesson: Lesson, colours: np.ndarray, *, is_soft: bool) -> HeldOut:
    """Odd pictures told by the means of even ones, and the other way round."""
    fold = np.arange(len(lesson.examples), dtype=np.int16) % 2
    told = np.zeros((len(fold), len(lesson.tags)), np.float32)
    for side in (0, 1):
        means = []
        for tag in range(len(lesson.tags)):
            ours = np.array([tag in example.labels for example in lesson.examples]) & (fold != side)
            means.append(colours[ours].mean(0) if ours.any() else np.full(3, 1e3))
        told[fold == side] = scores(colours[fold == side], np.array(means), is_soft=is_soft)
    none = np.zeros(0, np.int32)
    return HeldOut(fold, told, none, none, np.zeros(0, np.float32), np.zeros((0, 4), np.float32))


def mean_box(lesson: Lesson, tag: int) -> np.ndarray:
    return np.mean(
        [
            box
            for one in lesson.examples
            for label, box in zip(one.labels, one.boxes_xyxy_n, strict=True)
            if label == tag
        ],
        0,
    )


def held_out_boxes(lesson: Lesson, boxes: np.ndarray) -> HeldOut:
    """Every tag's box in every picture: half of it right."""
    count, tags = len(lesson.examples), len(lesson.tags)
    return HeldOut(
        np.arange(count, dtype=np.int16) % 2,
        np.zeros((0, tags), np.float32),
        np.repeat(np.arange(count, dtype=np.int32), tags),
        np.tile(np.arange(tags, dtype=np.int32), count),
        np.tile(np.linspace(0.9, 0.6, tags, dtype=np.float32), count),
        np.tile(boxes, (count, 1)).astype(np.float32),
    )


def classifier(means: np.ndarray, side: int, *, is_soft: bool) -> bytes:
    """`data` [1, 3, side, side] BGR -> `model_output` [1, tags]: as `scores`."""
    weights = {
        "means": means[:, ::-1].reshape(1, len(means), 3).astype(np.float32),
        "eighth": np.array(-1 / 8.0, np.float32),
        "axes": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("ReduceMean", ["data"], ["colour"], axes=[2, 3], keepdims=0),
        helper.make_node("Unsqueeze", ["colour", "axes"], ["one"]),
        helper.make_node("Sub", ["one", "means"], ["apart"]),
        helper.make_node("Abs", ["apart"], ["far"]),
        helper.make_node("ReduceMean", ["far"], ["distance"], axes=[2], keepdims=0),
        helper.make_node("Mul", ["distance", "eighth"], ["near"]),
        helper.make_node("Softmax" if is_soft else "Exp", ["near"], ["model_output"]),
    ]
    source = helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, side, side])
    out = helper.make_tensor_value_info("model_output", TensorProto.FLOAT, [1, len(means)])
    return model(nodes, [source], [out], weights, "Bgr8")


def detector(boxes: np.ndarray, side: int) -> bytes:
    """`image_tensor` -> each tag's box, wherever one looks."""
    count = len(boxes)
    weights = {
        "boxes": boxes.reshape(1, count, 4),
        "classes": np.arange(count, dtype=np.int64).reshape(1, count),
        "scores": np.linspace(0.9, 0.6, count, dtype=np.float32).reshape(1, count),
        "nothing": np.array(0.0, np.float32),
    }
    nodes = [
        helper.make_node("ReduceMean", ["image_tensor"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "nothing"], ["zero"]),
        helper.make_node("Add", ["scores", "zero"], ["detected_scores"]),
        helper.make_node("Identity", ["boxes"], ["detected_boxes"]),
        helper.make_node("Identity", ["classes"], ["detected_classes"]),
    ]
    source = helper.make_tensor_value_info("image_tensor", TensorProto.FLOAT, [1, 3, side, side])
    outs = [
        helper.make_tensor_value_info("detected_boxes", TensorProto.FLOAT, [1, count, 4]),
        helper.make_tensor_value_info("detected_classes", TensorProto.INT64, [1, count]),
        helper.make_tensor_value_info("detected_scores", TensorProto.FLOAT, [1, count]),
    ]
    return model(nodes, [source], outs, weights, "Rgb8")


def model(nodes: list, inputs: list, outputs: list, weights: dict[str, np.ndarray], order: str) -> bytes:
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "stand-in", inputs, outputs, tensors)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    image = {"BitmapPixelFormat": order, "NominalPixelRange": "NominalRange_0_255", "ColorSpaceGamma": "SRGB"}
    helper.set_model_props(made, {f"Image.{name}": value for name, value in image.items()})
    onnx.checker.check_model(made)
    return made.SerializeToString()


if __name__ == "__main__":
    sys.exit(job_child.main(learn))
