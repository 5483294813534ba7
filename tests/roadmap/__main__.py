"""``python -m tests.roadmap``: print the page of the road map, or write it into ``docs/learn.md``."""

from __future__ import annotations

import argparse

from tests.roadmap.page import PAGE, page


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.roadmap", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/learn.md instead of printing")
    if parser.parse_args().write:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page(), end="")


if __name__ == "__main__":
    main()
