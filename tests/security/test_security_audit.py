"""The audit of what litwatch is installed with: a known vulnerability fails it, silence does not, and is told."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-0000-1", "fix_versions": ["3"], "aliases": []}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    path = Path(__file__).parents[2] / "tools" / "audit.py"
    spec = importlib.util.spec_from_file_location("audit", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "says"),
    [
        ([GOOD], 0, "none of 1 packages is known"),
        ([GOOD, BAD], 1, "b 2: PYSEC-0000-1, mended in 3"),
        ([GOOD, SKIPPED], 0, "of 2 packages 1 could be looked up"),
        ([SKIPPED], 0, "not done"),
        ([BAD, SKIPPED], 1, "PYSEC-0000-1"),
    ],
)
def test_a_report_is_told_in_words(audit: ModuleType, packages: list[object], code: int, says: str) -> None:
    found, said = audit.verdict(json.dumps({"dependencies": packages, "fixes": []}))
    assert found == code
    assert says in said


@pytest.mark.parametrize("report", ["", "no JSON", "[]", "{}"])
def test_where_nobody_answers_that_is_said(audit: ModuleType, report: str) -> None:
    code, said = audit.verdict(report)
    assert code == 0
    assert "not done" in said
    assert "\n" not in said
