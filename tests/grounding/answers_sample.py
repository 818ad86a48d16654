"""Answers as language models and people write them, about invented papers, and how each is to be judged."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from litwatch.model import Paper


def paper(arxiv_id: str, title: str, abstract: str, day: str, *, version: int = 1, updated: str = "") -> Paper:
    published = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=UTC)
    changed = datetime.fromisoformat(f"{updated or day}T10:00:00").replace(tzinfo=UTC)
    return Paper(
        arxiv_id=arxiv_id,
        version=version,
        title=title,
        abstract=abstract,
        authors=("Ada Invented", "Ben Madeup"),
        categories=("cs.CL",),
        primary_category="cs.CL",
        published=published,
        updated=changed,
        comment="an invented sample paper",
    )


WARM = paper(
    "2507.21919",
    "Warm Lanterns Dim Sooner: A Study of Harbour Lights",
    "This invented paper is about lanterns in a harbour. We find that warm lanterns dim 30% sooner than cold ones, "
    "even where the oil is the same. Keepers who trim them often lose less light.",
    "2025-07-29",
    version=2,
    updated="2025-09-02",
)
COLD = paper(
    "2507.21920",
    "Cold lanterns keep their light through the longest nights",
    "An invented paper. Lanterns that are kept cold burn through the night. We measured forty of them.",
    "2025-07-29",
)
TIDE = paper(
    "2510.07364", "Tides Know How to Rise, Harbours Learn When", "Invented: tides rise by themselves.", "2025-10-08"
)
OLD = paper(
    "hep-th/9901001",
    "Strings of lanterns in ten harbours",
    "An invented old paper on strings of lanterns.",
    "1999-01-04",
)
GROUPED = paper("math/0309136", "Knots in mooring lines", "An invented paper on knots that hold.", "2003-09-08")
GONE = paper("2508.01234", "Lanterns that never dim", "Invented claims that did not stand.", "2025-08-04")
PAPERS = (WARM, COLD, TIDE, OLD, GROUPED)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A text and what is to be said of it."""

    says: str
    """What it is, as the name of a test."""
    text: str
    states: dict[str, str]
    """By id, in order."""
    problems: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By id, a piece of each problem in order; none of the others."""
    impossible: frozenset[str] = frozenset()
    """Ids that are missing without being looked up."""


ANSWERS = (
    Answer(
        says="a list of ids with year and title",
        text='Anchor papers:\n• arXiv:2507.21919 (2025): "Warm Lanterns Dim Sooner: A Study of Harbour Lights"\n'
        '• arXiv:2510.07364 (2025): "Tides Know How to Rise, Harbours Learn When"\n',
        states={"2507.21919": "found", "2510.07364": "found"},
    ),
    Answer(
        says="an invented id",
        text="Newer work shows the contrary (arXiv:2511.98765), and nobody has refuted it.",
        states={"2511.98765": "missing"},
        problems={"2511.98765": ("arXiv has no such paper",)},
    ),
    Answer(
        says="a real id with another paper's title",
        text='1. arXiv:2507.21919 (2025): "Why do moths circle every lamp in sight"\n'
        "2. **Tides Know How to Rise, Harbours Learn When** (arXiv:2507.21920) settles the matter.",
        states={"2507.21919": "title differs", "2507.21920": "title differs"},
        problems={"2507.21919": ("cited as",), "2507.21920": ("cited as",)},
    ),
    Answer(
        says="off by one: the next paper's id under this one's title",
        text='As "Warm Lanterns Dim Sooner: A Study of Harbour Lights" (arXiv:2507.21920) reports, light is lost; '
        'see also "Cold lanterns keep their light through the longest nights" (arXiv:2507.21921).',
        states={"2507.21920": "title differs", "2507.21921": "missing"},
        problems={"2507.21920": ("cited as",), "2507.21921": ("no such paper",)},
    ),
    Answer(
        says="ids of the old kind",
        text="Strings were treated in hep-th/9901001 and in arXiv:hep-th/9901001v1, knots in math.GT/0309136; "
        "hep-th/9901999 has neither.",
        states={"hep-th/9901001": "found", "math/0309136": "found", "hep-th/9901999": "missing"},
        problems={"hep-th/9901999": ("no such paper",)},
    ),
    Answer(
        says="versions that exist and one that does not",
        text="First in arXiv:2507.21919v1, revised as 2507.21919v2; its companion is at arXiv:2507.21920v9.",
        states={"2507.21919": "found", "2507.21920": "found"},
        problems={"2507.21920": ("version 9 is cited, the newest is 1",)},
    ),
    Answer(
        says="links of several sites",
        text="https://arxiv.org/abs/2507.21919v2#S3 or http://export.arxiv.org/pdf/2507.21920.pdf, "
        "https://huggingface.co/papers/2510.07364?tab=1 and <https://ar5iv.labs.arxiv.org/html/hep-th/9901001>.",
        states={"2507.21919": "found", "2507.21920": "found", "2510.07364": "found", "hep-th/9901001": "found"},
    ),
    Answer(
        says="DOIs of arXiv in any case",
        text="doi:10.48550/arXiv.2507.21919, https://doi.org/10.48550/ARXIV.2507.21920 and 10.48550/arxiv.2511.98765.",
        states={"2507.21919": "found", "2507.21920": "found", "2511.98765": "missing"},
        problems={"2511.98765": ("no such paper",)},
    ),
    Answer(
        says="Markdown links whose text is the title or is none",
        text="Read [Warm Lanterns Dim Sooner](https://arxiv.org/abs/2507.21919), [this study of cold ones]"
        "(https://arxiv.org/abs/2507.21920) and [arXiv:2510.07364](https://arxiv.org/abs/2510.07364).",
        states={"2507.21919": "found", "2507.21920": "found", "2510.07364": "found"},
    ),
    Answer(
        says="an entry of BibTeX with braces, and one whose title is another's",
        text="@misc{invented2025warm,\n  title = {{Warm} Lanterns Dim Sooner: {A} Study of Harbour Lights},\n"
        "  author = {Invented, Ada and Madeup, Ben},\n  year = {2025},\n  eprint = {2507.21919},\n"
        "  archivePrefix = {arXiv},\n  primaryClass = {cs.CL}\n}\n\n"
        '@article{x,\n  title = "Moths that circle lamps",\n  eprint = "2507.21920",\n  archiveprefix = "arXiv"\n}\n',
        states={"2507.21919": "found", "2507.21920": "title differs"},
        problems={"2507.21920": ("cited as",)},
    ),
    Answer(
        says="BibTeX of an old paper whose archive is a field of its own",
        text="@article{old,\n title={Strings of lanterns in ten harbours},\n eprint={9901001},\n"
        " archivePrefix={hep-th},\n year={1999}\n}",
        states={"hep-th/9901001": "found"},
    ),
    Answer(
        says="ids that can be none",
        text="See arXiv:2513.01234, https://arxiv.org/abs/2507.219199, arXiv:1304.12345 and arXiv:2507.XXXXX.",
        states={"2513.01234": "missing", "2507.219199": "missing", "1304.12345": "missing", "2507.XXXXX": "missing"},
        problems=dict.fromkeys(("2513.01234", "2507.219199", "1304.12345", "2507.XXXXX"), ("no arXiv id can be this",)),
        impossible=frozenset({"2513.01234", "2507.219199", "1304.12345", "2507.XXXXX"}),
    ),
    Answer(
        says="numbers that only look like ids",
        text="It took 1104.5678 ms on 2025-07-29, cost $2507.21919 and needs library 3.11.4 (build 2024.12345.6); "
        "x = 2507.21920 holds for 1234.56789 of them.",
        states={},
    ),
    Answer(
        says="bare ids in brackets and in running text",
        text="Warm ones dim [2507.21919], cold ones do not (2507.21920; 2510.07364). As 2507.21919 says, trim them.",
        states={"2507.21919": "found", "2507.21920": "found", "2510.07364": "found"},
    ),
    Answer(
        says="hyphens, dots and blanks that are not ASCII",
        text="arXiv:\u200b2507.21919, arXiv\uff1a2507\uff0e21920 and hep\u2011th/9901001, all \u201cfine\u201d.",
        states={"2507.21919": "found", "2507.21920": "found", "hep-th/9901001": "found"},
    ),
    Answer(
        says="quotations that the abstract has, and one that it has not",
        text="They \u201cfind that warm lanterns dim 30% sooner than cold ones\u201d (arXiv:2507.21919). Elsewhere "
        'it says "Lanterns that are kept cold [...] burn through the night" (arXiv:2507.21920). It is even held that '
        '"tides rise only when the moon is full" (arXiv:2510.07364).',
        states={"2507.21919": "found", "2507.21920": "found", "2510.07364": "found"},
        problems={"2510.07364": ("quotation not in title or abstract",)},
    ),
    Answer(
        says="quotations set off from their source",
        text="- arXiv:2507.21919 on lanterns:\n\n  > Keepers who trim them often lose less light.\n\n"
        "> We measured a hundred and forty of them.\n\n\u2014 Invented et al., arXiv:2507.21920 (2025)\n",
        states={"2507.21919": "found", "2507.21920": "found"},
        problems={"2507.21920": ("quotation not in title or abstract",)},
    ),
    Answer(
        says="a year that is the paper's, one of its print and a wrong one",
        text="- Warm Lanterns Dim Sooner (Invented et al., 2026; arXiv:2507.21919)\n"
        "- arXiv:2507.21920 (2025) holds.\n- Tides were first told of in 2022 (arXiv:2510.07364, 2022).\n",
        states={"2507.21919": "found", "2507.21920": "found", "2510.07364": "found"},
        problems={"2510.07364": ("cited as of 2022, submitted 2025-10-08",)},
    ),
    Answer(
        says="a list of references",
        text="[1] Invented, A., and Madeup, B. Warm lanterns dim sooner: a study of harbour lights. arXiv preprint "
        "arXiv:2507.21919, 2025.\n[2] Invented, A. (2025). Moths that circle every lamp in sight. arXiv:2507.21920.\n"
        '[3] A. Invented, "Tides know how to rise, harbours learn when," arXiv:2510.07364 [cs.CL], 2025.\n',
        states={"2507.21919": "found", "2507.21920": "title differs", "2510.07364": "found"},
        problems={"2507.21920": ("cited as",)},
    ),
    Answer(
        says="JSON with titles, years and evidence",
        text=json.dumps(
            {
                "papers": [
                    {
                        "arxiv_id": "2507.21919",
                        "title": "Warm Lanterns Dim Sooner",
                        "year": 2025,
                        "evidence": "warm lanterns dim 30% sooner",
                        "why": "It bears on the claim that lanterns of any kind dim at one rate.",
                    },
                    {"arxiv_id": "2511.98765", "title": "An answer to everything", "year": 2025},
                ]
            },
            indent=1,
        ),
        states={"2507.21919": "found", "2511.98765": "missing"},
        problems={"2511.98765": ("no such paper",)},
    ),
    Answer(
        says="a saved page of HTML",
        text='<html><body><p>See <a href="https://arxiv.org/abs/2507.21919">Warm Lanterns Dim Sooner</a> (2025) and '
        '<em>Moths That Circle Every Lamp</em> (<a href="https://arxiv.org/pdf/2507.21920">PDF</a>).</p>\n'
        "<ul><li>2510.07364</li></ul></body></html>",
        states={"2507.21919": "found", "2507.21920": "title differs", "2510.07364": "found"},
        problems={"2507.21920": ("cited as",)},
    ),
    Answer(
        says="words in bold and quotation marks that are no titles",
        text='**Strongest contradicting work:** arXiv:2507.21919 (2025).\n\nThe claim "all lanterns dim at the same '
        'rate" is contradicted by arXiv:2507.21920, a "cold start" study. Lanterns lose their light (Invented et al., '
        "2025; arXiv:2510.07364).",
        states={"2507.21919": "found", "2507.21920": "found", "2510.07364": "found"},
    ),
    Answer(
        says="a table",
        text="| Paper | arXiv | Year |\n|---|---|---|\n| Warm Lanterns Dim Sooner | 2507.21919 | 2025 |\n"
        "| Moths That Circle Every Lamp | [2507.21920](https://arxiv.org/abs/2507.21920) | 2025 |\n",
        states={"2507.21919": "found", "2507.21920": "title differs"},
        problems={"2507.21920": ("cited as",)},
    ),
    Answer(
        says="labelled lines",
        text="**Title:** Tides know how to rise, harbours learn when\n**arXiv ID:** 2510.07364\n**Year:** 2025\n\n"
        "Title: Moths that circle every lamp\narXiv: 2507.21919\n",
        states={"2510.07364": "found", "2507.21919": "title differs"},
        problems={"2507.21919": ("cited as",)},
    ),
)


def write_corpus(path: Path, papers: tuple[Paper, ...] = (*PAPERS, GONE)) -> None:
    """The papers as the simulator of arXiv reads them."""
    rows = [
        {
            "id": each.arxiv_id,
            "version": each.version,
            "title": each.title,
            "abstract": each.abstract,
            "authors": list(each.authors),
            "categories": list(each.categories),
            "primary_category": each.primary_category,
            "published": each.published.isoformat(),
            "updated": each.updated.isoformat(),
            "comment": each.comment,
        }
        for each in papers
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
