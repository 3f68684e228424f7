"""`python -m app`: as `slotline`, for where no script is installed; by itself it serves."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["serve"]))
