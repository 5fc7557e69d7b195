from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from footfall.core.errors import ConfigError
from footfall.serve.folder import DataFolder
from footfall.store.folder_lock import FolderLock


def test_a_folder_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "deep" / "data")
    folder.prepare()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder.root, *folder.root.iterdir())}
    assert modes == {0o700}
    folder.root.chmod(0o755)
    folder.prepare()
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700


def test_one_process_at_a_time(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    lock = FolderLock(folder.root)
    with pytest.raises(ConfigError, match=f"in use by process {os.getpid()}"):
        FolderLock(folder.root)
    lock.release()
    lock.release()
    FolderLock(folder.root).release()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(ConfigError, match="--data"):
        DataFolder(tmp_path / "data").prepare()
