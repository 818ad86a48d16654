"""What the fields of a record say: of an entry in BibTeX, or of an object in JSON or like it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from litwatch.grounding.ids import Place, archive_named, is_possible
from litwatch.text import squeeze

_FIELD = re.compile(
    r"[\"']?\b(?P<name>[a-z][a-z_ -]{1,24})[\"']?\s*[=:]\s*"
    r"(?:(?P<braces>\{)|\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>[^']*)'|(?P<bare>[\w.-]+))",
    re.IGNORECASE,
)
_TITLES = ("title", "paper_title", "paper title", "papertitle")
_YEARS = ("year", "date", "published", "publication_year")
QUOTES = (
    "quote", "quotes", "quotation", "quotations", "key_quote", "key_quotes", "verbatim_quote", "evidence_sentence",
    "excerpt", "verbatim", "quoted_text",
)  # fmt: skip
_QUOTES_IF_MARKED = ("evidence", "sentence")
"""What may as well be told in other words: a quotation where it stands in quotation marks."""
_READERS = ("claim", "text")
"""What has one of these is no record of a paper: its title may be a line's."""
_KINDS = ("archiveprefix", "eprinttype", "archive")
_OLD_NUMBER = re.compile(r"(?P<number>[0-9]{7})(?:v(?P<version>[0-9]{1,5}))?")


@dataclass(frozen=True, kw_only=True)
class Record:
    title: str = ""
    year: int | None = None
    quotes: tuple[str, ...] = ()
    eprint: Place | None = None
    """An id of the old kind whose archive another field names; its place within the record."""
    elsewhere: bool = False
    """Whether its eprint is another archive's."""


def read_record(text: str) -> Record:
    """text: of one record."""
    fields: dict[str, tuple[str, int]] = {}
    at = 0
    while field := _FIELD.search(text, at):
        name = field["name"].strip().lower()
        if field["braces"]:
            value, at = _braced(text, field.start("braces"))
            start = field.start("braces") + 1
        else:
            kind = next(kind for kind in ("double", "single", "bare") if field[kind] is not None)
            value, start, at = field[kind], field.start(kind), field.end()
        fields.setdefault(name, (value, start))
    said = spoken_of({name: _spoken(value) for name, (value, _) in fields.items()})
    kind = next((fields[name][0].strip() for name in _KINDS if name in fields), "")
    return replace(
        said,
        eprint=_old_eprint(fields, kind),
        elsewhere=bool(kind) and kind.lower() != "arxiv" and not archive_named(kind),
    )


def spoken_of(fields: Mapping[str, str]) -> Record:
    """What fields say of a paper. fields: their text by name in lower case."""
    titles = () if any(name in fields for name in _READERS) else _TITLES
    quotes = [fields[name] for name in QUOTES if name in fields]
    marked = (squeeze(fields[name]) for name in _QUOTES_IF_MARKED if name in fields)
    quotes += [said[1:-1] for said in marked if re.fullmatch(r"([\"']).+\1", said)]
    return Record(
        title=next((squeeze(fields[name]) for name in titles if name in fields), ""),
        year=next((found for name in _YEARS if name in fields and (found := _year(fields[name]))), None),
        quotes=tuple(squeeze(quote) for quote in quotes if len(quote.split()) >= 3),
    )


def _old_eprint(fields: dict[str, tuple[str, int]], kind: str) -> Place | None:
    value, start = fields.get("eprint", ("", 0))
    written = _OLD_NUMBER.fullmatch(value.strip())
    archive = archive_named(kind) or archive_named(fields.get("primaryclass", ("", 0))[0])
    if not written or not archive:
        return None
    name = f"{archive}/{written['number']}"
    version = int(written["version"]) if written["version"] else None
    end = start + len(value)
    return Place(start=start, end=end, arxiv_id=name, version=version, possible=is_possible(name))


def _braced(text: str, brace: int) -> tuple[str, int]:
    """What stands in the braces, and where they end."""
    depth = 0
    for found in re.compile(r"[{}]").finditer(text, brace):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return text[brace + 1 : found.start()], found.end()
    return text[brace + 1 :], len(text)


def _spoken(value: str) -> str:
    """Without the escapes of JSON and the braces of TeX."""
    value = re.sub(r"\\u((?!d[89a-f])[0-9a-f]{4})", lambda found: chr(int(found[1], 16)), value, flags=re.IGNORECASE)
    value = re.sub(r"\\[nrt]", " ", value) if '\\"' in value or "{" not in value else value
    return squeeze(value.replace('\\"', '"').replace("{", "").replace("}", ""))


def _year(value: str) -> int | None:
    found = re.search(r"\b(?:19|20)[0-9]{2}\b", value)
    return int(found[0]) if found else None
