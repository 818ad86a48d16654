"""The design's table of rooms: imports run down it only, and who may use what."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import litwatch

HOUSE = Path(litwatch.__file__).parent

ROOMS: dict[str, set[str]] = {
    "model": set(),
    "errors": {"model"},
    "text": {"model"},
    "schedule": {"model"},
    "config": {"model", "errors", "schedule"},
    "lines": {"model", "text", "errors"},
    "harvest": {"model", "text", "errors"},
    "bert": set(),
    "rank": {"model", "text", "bert"},
    "judge": {"model", "text", "bert"},
    "ledger": {"model"},
    "digest": {"model", "text", "ledger"},
    "retest": {"model", "text", "ledger", "digest"},
    "grounding": {"model", "text"},
    "deliver": {"model", "errors"},
    "store": {"model", "errors"},
    "evaluate": {"rank", "judge", "model", "text", "errors"},
    "training": {"bert", "judge", "evaluate", "model", "text", "errors"},
}
EVERYTHING = {*ROOMS, "service", "demo"}
ROOMS |= {
    "service": EVERYTHING,
    "web": {"service", "model", "errors"},
    "demo": set(),
    "cli": {*EVERYTHING, "web", "cli"},
    "__main__": {"cli"},
    "__init__": set(),
}

ONLY_USERS = {
    "arxiv": {"harvest"},
    "requests": {"harvest"},
    "apprise": {"deliver"},
    "sqlalchemy": {"store"},
    "alembic": {"store"},
    "typer": {"cli"},
    "torch": {"training"},
}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])
    return found


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_room_imports_only_the_rooms_before_it(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0].removesuffix(".py")
    used = {name.split(".")[1] for name in imports(path) if name.startswith("litwatch.")}
    assert used - {room, "__version__"} <= ROOMS[room]


@pytest.mark.parametrize("path", sorted(HOUSE.rglob("*.py")), ids=lambda path: str(path.relative_to(HOUSE)))
def test_the_outside_is_reached_only_at_its_edge(path: Path) -> None:
    room = path.relative_to(HOUSE).parts[0].removesuffix(".py")
    for name in {name.split(".")[0] for name in imports(path)} & set(ONLY_USERS):
        assert room in ONLY_USERS[name], f"{room} uses {name}"


def test_no_room_is_missing_from_the_table() -> None:
    rooms = {path.name.removesuffix(".py") for path in HOUSE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert rooms - {"__pycache__", "py.typed"} <= set(ROOMS)
