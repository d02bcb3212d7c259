"""Which program do `warroom` and `python -m bot` start: the bot's, or the sandbox alone?"""

from __future__ import annotations

import gc
import importlib
import sys
from pathlib import Path
from types import ModuleType

_MANIFEST = Path(__file__).resolve().parents[1] / "manifest.yaml"


def main() -> None:
    """Run the command line; the sandbox does not wait for the imports of a bot it does not run."""
    if sys.argv[1:2] == ["sandbox"]:
        command = imported("bot.sandbox.command")
        command.main(sys.argv[2:], _MANIFEST, name="warroom sandbox")
    else:
        imported("bot.command_line").main()


def imported(name: str) -> ModuleType:
    """The module. What it and all it imports make is there to stay: looking for garbage is idle."""
    gc.disable()  # a sixth of the time that the imports take
    try:
        return importlib.import_module(name)
    finally:
        gc.enable()


if __name__ == "__main__":
    main()
