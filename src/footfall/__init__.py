"""Turns video into events about people; nothing leaves the machine but what its user asks for.

Two libraries below would tell their makers about every start: ONNX Runtime from 1.29 on keeps a file of events and
sends it to Microsoft, OpenVINO's Python package sends one to Google Analytics when it is imported. Both are told to
keep quiet here, because it must be done before they are imported.
"""

import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
