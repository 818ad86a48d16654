"""One daemon on one SQLite file."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from litwatch.errors import StoreError
from litwatch.store.alone import alone
from litwatch.store.store import open_store

HOLDING = """
import sys
from litwatch.store.alone import alone
from litwatch.store.store import open_store
with alone(open_store(sys.argv[1])):
    print("alone", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_refused_until_the_first_is_gone_however_it_ended(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDING, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout
    assert first.stdin
    assert first.stdout.readline() == "alone\n"
    with (
        pytest.raises(StoreError, match=rf"already runs on the store .*process {first.pid}\): stop it first"),
        alone(store),
    ):
        pass
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    first.stdin.close()
    with alone(store):
        assert (tmp_path / "store.db.lock").stat().st_mode & 0o777 == 0o600
    store.close()
