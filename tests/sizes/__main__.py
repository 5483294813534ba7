"""``python -m tests.sizes``: print the sizes of generated projects, or write them into ``docs/sizes.md``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from generator.catalog import Catalog
from tests.sizes.count import size
from tests.sizes.page import PAGE, page
from tests.templates.conftest import Rendered, combinations


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sizes", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/sizes.md instead of printing")
    write = parser.parse_args().write
    with tempfile.TemporaryDirectory() as folder:
        rendered = Rendered(Catalog.load(), Path(folder))
        sizes = {name: size(rendered.plan(name), rendered.files(name)) for name in combinations()}
    text = page(sizes.__getitem__, {name: counted.readme for name, counted in sizes.items()})
    if write:
        PAGE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
