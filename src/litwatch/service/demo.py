"""The demo: one line and sixty invented papers, through the same ranking, judging and composing as the real ones."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from litwatch.config import FILE_NAME, TEMPLATE, load_config
from litwatch.digest.payload import Fitted
from litwatch.errors import ConfigError
from litwatch.evaluate.records import read_stream
from litwatch.lines.categories import propose_categories
from litwatch.lines.edits import add_line
from litwatch.lines.page import read_page
from litwatch.model import HarvestState, Paper
from litwatch.service.digests import Settings, preview
from litwatch.service.meaning import make_meaning
from litwatch.service.poll import Bench, catch_up, judge_of, make_ranker
from litwatch.store.harvests import HarvestRecord, begin_harvest, finish_harvest, last_harvest
from litwatch.store.papers import save_papers
from litwatch.store.store import open_store

NOW = datetime(2025, 11, 17, 9, tzinfo=UTC)
"""The samples are of the two weeks before."""


def sample_papers() -> list[Paper]:
    """The bundled sample papers; every one is invented and says so in its comment."""
    with resources.as_file(resources.files("litwatch.demo").joinpath("papers.jsonl")) as path:
        return list(read_stream(path))


def make_demo(folder: Path) -> Fitted:
    """Sets up a litwatch in `folder` on the sample data and gives its digest; again in the same folder: the same.

    Raises ConfigError when the folder holds another litwatch or cannot be written.
    """
    from dataclasses import replace

    marker = folder / ".litwatch-demo"
    try:
        if (folder / FILE_NAME).exists() and not marker.exists():
            raise ConfigError(f"{folder} holds a litwatch of yours; name another folder for the demo")
        folder.mkdir(parents=True, exist_ok=True)
        marker.touch()
        (folder / FILE_NAME).write_text(TEMPLATE, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written ({error.strerror}); name a folder of yours") from error
    config = load_config(folder / FILE_NAME, {}, folder)
    page = resources.files("litwatch.demo").joinpath("page.txt").read_bytes()
    line = read_page(page, name="page.txt").line
    line = add_line(replace(line, categories=propose_categories(line)), config.watchlist_folder).line
    store = open_store(config.store_url)
    papers = sample_papers()
    with store.write() as db:
        if last_harvest(db) is None:
            saved = save_papers(db, papers, now=NOW)
            record = HarvestRecord(
                id=begin_harvest(db, at=NOW),
                at=NOW,
                source="samples",
                state=HarvestState.FRESH,
                declared=len(papers),
                received=len(papers),
                new=saved.new,
            )
            finish_harvest(db, record)
    threshold = config.judge.threshold
    bench = Bench(
        ranker=make_ranker(config.rank.floor, make_meaning(store, semantic=config.rank.semantic)),
        judge=judge_of(config, store),
        threshold=threshold,
    )
    catch_up(store, [line], bench, now=NOW)
    fitted = preview(store, [line], None, Settings(top=config.rank.top, threshold=threshold), now=NOW)
    store.close()
    return fitted
