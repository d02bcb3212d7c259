"""Which program does `warroom` start: the bot's, or the sandbox alone?"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

_MANIFEST = Path(__file__).resolve().parents[1] / "manifest.yaml"


def main() -> None:
    """Run the command line; the sandbox does not wait for the imports of a bot it does not run."""
    if sys.argv[1:2] == ["sandbox"]:
        command = importlib.import_module("bot.sandbox.command")
        command.main(sys.argv[2:], _MANIFEST, name="warroom sandbox")
    else:
        importlib.import_module("bot.__main__").main()


if __name__ == "__main__":
    main()
