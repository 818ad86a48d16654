"""Computes src/litwatch/lines/category_words.json from arXiv records: in which categories a word stands.

    python tools/build_category_words.py RECORDS.jsonl.gz

RECORDS: one JSON object a line with "title", "abstract" and "categories" (arXiv's metadata, CC0).
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from litwatch.lines.claims import content_words

TARGET = Path(__file__).parents[1] / "src/litwatch/lines/category_words.json"
FEWEST_PAPERS = 80
"""Of a category or with a word; below, a share says little."""
SMALLEST_SHARE = 2
"""Percent of a word's papers that a category must hold to be listed with it."""
MOST_COMMON = 0.5
"""Share of all papers; a more frequent word belongs to no field."""


def main(records: Path) -> None:
    papers = 0
    by_category: Counter[str] = Counter()
    by_word: Counter[str] = Counter()
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(records, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            papers += 1
            categories = set(record["categories"])
            words = {word for word in content_words(f"{record['title']} {record['abstract']}") if word[0].isalpha()}
            by_category.update(categories)
            by_word.update(words)
            for word in words:
                together[word].update(categories)
    kept = sorted(name for name, count in by_category.items() if count >= FEWEST_PAPERS)
    table: dict[str, list[object]] = {}
    for word, count in sorted(by_word.items()):
        if not FEWEST_PAPERS <= count <= MOST_COMMON * papers or not word.isascii():
            continue
        shares = (
            (kept.index(name), round(100 * number / count)) for name, number in together[word].items() if name in kept
        )
        flat = [
            value for pair in sorted(shares, key=lambda pair: -pair[1]) if pair[1] >= SMALLEST_SHARE for value in pair
        ]
        table[word] = [count, *flat]
    rows = ",\n".join(f"{json.dumps(word)}:{json.dumps(row, separators=(',', ':'))}" for word, row in table.items())
    head = json.dumps({"papers": papers, "categories": {name: by_category[name] for name in kept}})
    TARGET.write_text(f'{head[:-1]},\n"words": {{\n{rows}\n}}}}\n', encoding="ascii")
    print(f"{TARGET.name}: {len(table)} words, {len(kept)} categories, {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
