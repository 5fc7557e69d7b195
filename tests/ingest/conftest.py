"""Fixtures of the ingest tests."""

from servers.rtsp import camera_clip, rtsp_ready

__all__ = ["camera_clip", "rtsp_ready"]
