"""Writes invented digests as HTML, text and Slack blocks, to be looked at: preview_digest.py FOLDER."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "digest"))

import compared_sample
import digest_sample

from litwatch.model import Finish, HarvestState

STALLED = Finish(state=HarvestState.STALLED, at=digest_sample.NOW, reason="no announcement since 21 Nov")
DIGESTS = {
    "sample": digest_sample.sample(),
    "stalled": digest_sample.sample(STALLED),
    "explored": digest_sample.explored(),
    "compared": compared_sample.compared(),
    "quiet": digest_sample.quiet(),
    "full": digest_sample.full(),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, digest in DIGESTS.items():
        message = digest_sample.every_form(digest)
        (folder / f"{name}.html").write_text(message.html, encoding="utf-8")
        (folder / f"{name}.txt").write_text(f"Subject: {message.subject}\n\n{message.text}", encoding="utf-8")
        # Slack's Block Kit Builder takes this form.
        blocks = json.dumps({"blocks": message.slack}, indent=1, ensure_ascii=False)
        (folder / f"{name}.slack.json").write_text(blocks, encoding="utf-8")
        print(f"{folder / name}: {len(message.html.encode()):,} bytes of HTML, {len(message.slack)} blocks")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"{__doc__}")
    main(Path(sys.argv[1]))
