"""ONNX Runtime, quiet and on as many cores as it is told."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

FAULTS: Final = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NoModel,
    ort_errors.NoSuchFile,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
    RuntimeError,
    ValueError,
)
"""What ONNX Runtime raises where a model does not load or run."""
_ERRORS_ONLY: Final = 3


def open_session(model: bytes | Path, threads: int) -> onnxruntime.InferenceSession:
    """A session on the CPU.

    Args:
        model: a whole model, or its file.
        threads: cores that one run may use.

    Raises:
        ValueError: it is no whole model; the message says so, and why, in a line.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    source = model if isinstance(model, bytes) else str(model)
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except FAULTS as error:
        raise ValueError(f"is not a whole ONNX model ({first_line(error)})") from error


def first_line(error: BaseException) -> str:
    """Of what ONNX Runtime says."""
    return (str(error).splitlines() or ["no reason given"])[0]
