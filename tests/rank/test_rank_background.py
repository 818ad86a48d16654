from __future__ import annotations

from datetime import UTC, datetime

from litwatch.model import Paper
from litwatch.rank.background import Background, bundled
from litwatch.rank.words import stem

AT = datetime(2025, 11, 3, tzinfo=UTC)


def paper(title: str, abstract: str) -> Paper:
    return Paper(arxiv_id="2511.00001", title=title, abstract=abstract, published=AT, updated=AT)


COUNTED = Background.counted(
    [paper("Owls at night", "Owls hear mice."), paper("Mice", "Mice and cheese."), paper("Cheese", "It ripens.")],
    version="barn.1",
)


def test_a_term_counts_once_for_each_paper() -> None:
    assert COUNTED.papers == 3
    assert dict(COUNTED.frequencies) == {"owl": 1, "night": 1, "hear": 1, "mice": 2, "chees": 2, "ripen": 1}
    # Titles doubled: 2·2 + 3, 2·1 + 2 and 2·1 + 1 stems.
    assert COUNTED.mean_length == 14 / 3


def test_rarer_terms_weigh_more_and_an_unknown_one_as_much_as_one_seen_once() -> None:
    assert COUNTED.idf("owl") > COUNTED.idf("mice") > 0
    assert COUNTED.idf("unheard") == COUNTED.idf("owl")
    assert COUNTED.share("mice") == 2 / 3


def test_what_is_written_is_read_again_without_the_rare_terms() -> None:
    data = COUNTED.written(at_least=2)
    assert data == COUNTED.written(at_least=2)
    again = Background.read(data)
    assert dict(again.frequencies) == {"mice": 2, "chees": 2}
    assert (again.version, again.papers, again.mean_length) == ("barn.1", 3, 4.67)


def test_the_bundled_background_knows_what_arxiv_writes_about() -> None:
    background = bundled()
    assert background is bundled()
    assert background.papers > 40_000
    assert background.idf(stem("model")) < background.idf(stem("empathy")) < background.idf(stem("interlocutor"))
