"""How arXiv tells that a paper is withdrawn: by a new version whose comment, or whole abstract, says so."""

from __future__ import annotations

import re

_COMMENT = re.compile(
    r"^\W*withdrawn\b|\b(?:has|have) been withdrawn\b|\b(?:is|was) (?:being )?withdrawn\b|\bwithdrawn by\b", re.I
)
_ABSTRACT = re.compile(r"^\W*(?:this|the) \w+(?: \w+)? (?:has|have) been withdrawn\b", re.I)


def says_withdrawn(comment: str, abstract: str) -> bool:
    """Whether a version with these, each on one line, withdraws its paper. The subject of a study does not."""
    return bool(_COMMENT.search(comment) or _ABSTRACT.search(abstract))
