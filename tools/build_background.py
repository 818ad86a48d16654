"""Counts the document frequencies that ranking rests on: `python tools/build_background.py STREAM.jsonl.gz`.

STREAM holds one arXiv record a line with "id", "title" and "abstract". The counts are written beside the code of
rank/; a term of a single paper is left out, for a term that is missing is taken as seen once.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import litwatch.rank
from litwatch.evaluate.records import read_stream
from litwatch.rank.background import Background


def main() -> None:
    parser = argparse.ArgumentParser(description="Count the background of document frequencies.")
    parser.add_argument("stream", type=Path)
    parser.add_argument("--version", default="arxiv-2025.1", help="name of these counts")
    parser.add_argument("--out", type=Path, default=Path(litwatch.rank.__file__).with_name("background.tsv.gz"))
    given = parser.parse_args()
    background = Background.counted(read_stream(given.stream), version=given.version)
    given.out.write_bytes(background.written(at_least=2))
    print(f"{given.out}: {background.papers} papers, {given.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
