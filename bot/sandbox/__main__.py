"""What does `python -m bot.sandbox` start?"""

from __future__ import annotations

import sys

from bot.sandbox import command

if __name__ == "__main__":
    command.main(sys.argv[1:], name="python -m bot.sandbox")
