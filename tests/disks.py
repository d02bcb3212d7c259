"""How does a disk really run full, or stop taking anything?"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PIECE = b"x" * 65_536


@dataclass(frozen=True)
class Disk:
    """A small disk of its own for root; for anybody else a folder with a limit on its files."""

    folder: Path
    is_real: bool

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Not one more byte fits meanwhile."""
        if not self.is_real:
            with _no_file_grows():
                yield
            return
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            size = len(_PIECE)
            while size:
                try:
                    file.write(_PIECE[:size])
                except OSError as error:
                    assert error.errno == errno.ENOSPC  # noqa: PT017 (the disk is full, as wanted)
                    size //= 2
        yield
        ballast.unlink()

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """Nothing can be written meanwhile; nobody may have a file open for writing."""
        if self.is_real:
            _mount("-o", "remount,ro", str(self.folder))
            yield
            _mount("-o", "remount,rw", str(self.folder))
            return
        paths = [*self.folder.rglob("*"), self.folder]
        modes = {path: path.stat().st_mode for path in paths}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield
        for path, mode in modes.items():
            path.chmod(mode)


@contextlib.contextmanager
def small_disk(megabytes: int) -> Iterator[Disk]:
    """An empty disk of this size, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="warroom-disk-") as name:
        folder = Path(name)
        is_real = _is_mounted(folder, megabytes)
        folder.chmod(0o755)
        try:
            yield Disk(folder, is_real)
        finally:
            if is_real:
                subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _is_mounted(folder: Path, megabytes: int) -> bool:
    if os.geteuid() != 0:
        return False
    try:
        _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder))
    except subprocess.CalledProcessError:  # a container may not be allowed to
        return False
    return True


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


@contextlib.contextmanager
def _no_file_grows() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
