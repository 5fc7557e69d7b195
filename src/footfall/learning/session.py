"""ONNX Runtime, quiet and on as many cores as it is told."""

from __future__ import annotations

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

_LOAD_ERRORS = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)


def open_session(onnx: bytes, threads: int) -> onnxruntime.InferenceSession:
    """A session on the CPU.

    Args:
        onnx: a whole model.
        threads: cores that one run may use.

    Raises:
        ValueError: these are not the bytes of a model.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    except _LOAD_ERRORS as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise ValueError(f"these bytes are no whole ONNX model: {reason}") from error
