"""The toy project's install and migrate commands; FAIL_AT names the one that fails."""

import sys
from pathlib import Path

step = sys.argv[1]
fail = Path("FAIL_AT")
if fail.exists() and fail.read_text().strip() == step:
    print(f"toy cannot {step}: no network")
    sys.exit(3)
