"""Where a text writes an arXiv id, in whatever form people and language models write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from litwatch.text import split_arxiv_id

_ARCHIVES = frozenset({
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph", "cmp-lg",
    "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math",
    "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "quant-ph",
    "solv-int", "supr-con",
})  # fmt: skip
"""Those that gave out ids of the old kind, until March 2007."""

_SLASH = r"(?:/|%2F|\\/)"
_SITES = r"(?:arxiv\.org|alphaxiv\.org|ar5iv\.org|arxiv-vanity\.com|scirate\.com|huggingface\.co|hf\.co)"
_HOST = r"(?:[\w-]{1,40}\.){0,3}" + _SITES
_PATH = r"(?:abs|pdf|html|format|ps|src|e-print|papers?|overview|arxiv|audio|resources)"
_SIGN = "|".join([
    rf"(?P<link>(?:https?(?::|%3A){_SLASH}{{2}})?{_HOST}{_SLASH}(?:{_PATH}{_SLASH})?)",
    rf"(?:(?:https?(?::|%3A){_SLASH}{{2}})?(?:dx\.)?doi\.org{_SLASH}|\bdoi:\s*)?10\.48550{_SLASH}arxiv\.",
    r"(?<![a-z])arxiv(?:\.org)?(?:[ _-]?(?:id|identifier|no\.?|number|preprint|e-?print))?s?[\"'`*_\])]*\s*"
    r"(?::|%3A|=|\#)[\s\"'`*_\[({<]*(?:abs/|arxiv:\s*)?",
    r"(?<![a-z])e-?print[\"']?\s*[=:]\s*[\"'{]+\s*(?:arxiv:\s*)?",
])  # fmt: skip
"""What says that an arXiv id follows."""
_OLD = r"(?P<archive>[a-z]{1,10}(?:[-\u2013][a-z]{1,10})?)(?P<class>\.[a-z]{2}(?:-?[a-z]{1,10})?)?"
_VERSION = r"(?:v(?P<version>[0-9]{1,5}))?(?![0-9])"
_SIGNED = re.compile(
    rf"(?P<sign>{_SIGN})"
    rf"(?:(?P<new>[0-9x]{{3,6}}\.[0-9x?]{{3,8}})|{_OLD}{_SLASH}(?P<number>[0-9]{{5,9}}))(?!\.[0-9]){_VERSION}",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?P<sign>(?<![a-z])arxiv(?:\s+(?:preprint|id|e-?print|papers?|number|no\.?))?[\s_.\-/(\[`]*)?"
    rf"(?:(?P<new>[0-9]{{4}}\.[0-9]{{4,5}})|(?<![\w.]){_OLD}/(?P<number>[0-9]{{7}})){_VERSION}",
    re.IGNORECASE,
)
_REST_OF_LINK = re.compile(r"[^\s()\[\]<>\"'{}|,;]*")
_AMOUNT = re.compile(
    r"\s?(?:%|\u00b0|[\u00b5\u03bcmnk]?(?:s|m|g|l|w|v|a|hz|b)\b|(?:k|c|m)m\b|[kmgt]i?b\b|[kmg]hz\b|[kmg]w\b|usd\b|eur\b"
    r"|dollars?\b|euros?\b|points?\b|seconds?\b|minutes?\b|hours?\b|days?\b|tokens?\b|units?\b|times\b|per\b|kg\b|ev\b"
    r"|[kmg]ev\b|[*/^\u00d7+=<>]\s?[0-9])",
    re.IGNORECASE,
)
_ID_BEFORE = re.compile(r"(?<![\w.])(?P<id>[0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,5})?[,/]$")
_ID_AFTER = re.compile(r"[,/](?P<id>[0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,5})?(?![\w%]|\.[0-9])")
_FIELD_BEFORE = re.compile(r"(?:^|[\n,;])[0-9]{1,4},$")
_FIELD_AFTER = re.compile(r",[0-9]{1,6}(?=,|\s*\n|$)")
_SAME_SIZE = str.maketrans(
    "\u2010\u2011\u2012\u2212\uff0d\uff0e\u2024\uff1a\uff0f\u2044\u2215"
    + "".join(chr(0xFF10 + digit) for digit in range(10)),
    "-----..:///0123456789",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """One id at one place of a text."""

    start: int
    """Where what belongs to it begins: the link, or the word arXiv."""
    end: int
    arxiv_id: str
    """Without version; as it is written, its case mended."""
    version: int | None = None
    possible: bool = True
    """False where it is written as an arXiv id and can be none: no such month, too many digits."""


def evened(text: str) -> str:
    """The text with the hyphens, stops and figures of other scripts as ASCII has them; of the same length."""
    return text.translate(_SAME_SIZE)


def places(text: str) -> tuple[Place, ...]:
    """Every id of an evened text, in order. A bare number counts where it can be an id and is no amount of something;
    with a sign before it (arXiv:, a link, a DOI, eprint =) also what can be none."""
    found: list[Place] = []
    for match in _SIGNED.finditer(text):
        place = _place(match)
        if match["link"]:
            end = match.end() + len(_REST_OF_LINK.match(text, match.end())[0].rstrip(".:"))  # type: ignore[index]
            place = Place(**{**place.__dict__, "end": end})
        found.append(place)
    taken = [(place.start, place.end) for place in found]
    found += _bare(text, taken)
    return tuple(sorted(found, key=lambda place: place.start))


def canonical(arxiv_id: str) -> str:
    """The name under which arXiv keeps it: math.GT/0309136 is math/0309136."""
    return re.sub(r"\.[A-Za-z-]+/", "/", arxiv_id)


def is_possible(arxiv_id: str) -> bool:
    """Whether arXiv can ever have given out this id."""
    try:
        name, _ = split_arxiv_id(arxiv_id)
    except ValueError:
        return False
    if "/" in name:
        archive, number = canonical(name).split("/")
        return archive in _ARCHIVES and (number[:4] >= "9107" or number[:4] <= "0703") and number[4:] != "000"
    month, number = name.split(".")
    return month >= "0704" and number.strip("0") != ""


def archive_named(text: str) -> str:
    """The archive of old ids that a text names, as "hep-th" or "math.GT"; "" where it names none."""
    name = text.strip().lower().split(".")[0]
    return name if name in _ARCHIVES else ""


def _bare(text: str, taken: list[tuple[int, int]]) -> Iterator[Place]:
    spans = iter([*taken, (len(text) + 1, len(text) + 1)])
    start, end = next(spans)
    for match in _BARE.finditer(text):
        while end <= match.start():
            start, end = next(spans)
        place = _place(match)
        if match.end() <= start and place.possible and (match["sign"] or _stands_alone(text, match)):
            yield place


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether a number, by what is around it, may be meant as an id."""
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 12]
    if before[-1:].isalnum() or before[-1:] in {"$", "\u20ac", "\u00a3", "~", "\u2248", "<", ">", "\u00b1", "\u00d7"}:
        # A tag of HTML ends in ">", and an amount stands behind a blank then.
        return before[-1:] == ">" and len(before) > 1 and not before[0].isspace()
    if re.search(r"[0-9][.,/:]$", before) and not _is_row_before(text, match.start()):
        return False
    if re.search(r"(?:^|[\s(])[-+\u2212]$|^\.$|[=<>~\u2248$\u20ac\u00a3+^] $", before):
        return before == "\n-"
    ends = after.lower().startswith((".pdf", ".html")) or _is_row_after(text, match.end())
    if not ends and re.match(r"[.,]?[0-9]|[a-z](?!\w*\s)|/[0-9]", after, re.I):
        return False
    return ends or not _AMOUNT.match(after) if match["new"] and match["version"] is None else True


def _is_row_before(text: str, at: int) -> bool:
    """Whether another id and a comma or slash stand before, or a plain field of a row."""
    before = text[max(0, at - 20) : at]
    found = _ID_BEFORE.search(before)
    return is_possible(found["id"]) if found else _FIELD_BEFORE.search(before) is not None


def _is_row_after(text: str, at: int) -> bool:
    found = _ID_AFTER.match(text, at)
    return is_possible(found["id"]) if found else _FIELD_AFTER.match(text, at) is not None


def _place(match: re.Match[str]) -> Place:
    if match["new"]:
        name = match["new"].upper() if not match["new"][0].isdigit() else match["new"]
        # A question that ends behind an id is no part of it.
        name, end = name.rstrip("?"), match.end() - (len(name) - len(name.rstrip("?")) if not match["version"] else 0)
    else:
        archive, group = match["archive"].lower().replace("\u2013", "-"), match["class"] or ""
        group = group.upper() if len(group) == 3 else ""
        name, end = f"{archive}{group}/{match['number']}", match.end()
    version = int(match["version"]) if match["version"] else None
    return Place(start=match.start(), end=end, arxiv_id=name, version=version, possible=is_possible(name))
