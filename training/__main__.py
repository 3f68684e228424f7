"""As `slotline`, the commands of training alone: `python -m training fit`."""

import sys

from training.commands import run

if __name__ == "__main__":
    sys.exit(run())
