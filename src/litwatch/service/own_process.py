"""This process in Prometheus' standard figures: memory, threads, open files, seconds of the processor.

The library's own collector of these wants /proc/stat, which a unit with ProcSubset=pid does not see, and then tells
nothing. What is read here lies in /proc/self alone; where that is missing, nothing is told.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from math import inf
from pathlib import Path

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_SELF = Path("/proc/self")
_UTIME, _STIME, _THREADS, _VSIZE, _RSS = (number - 3 for number in (14, 15, 20, 23, 24))
"""Fields of /proc/PID/stat as proc(5) counts them from 1, of those that follow the name in brackets."""


class OwnProcess(Collector):
    """proc: the folder of this process."""

    def __init__(self, proc: Path = _SELF) -> None:
        self._proc = proc
        self._ticks = os.sysconf("SC_CLK_TCK")
        self._page = resource.getpagesize()

    def describe(self) -> Iterator[Metric]:
        """Nothing: else the registry would read it all when this is registered."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        try:
            # The name may hold blanks and brackets: the last bracket ends it.
            said = (self._proc / "stat").read_bytes().rpartition(b")")[2].split()
            open_files = sum(1 for _ in (self._proc / "fd").iterdir())
        except OSError:
            return
        seconds = (int(said[_UTIME]) + int(said[_STIME])) / self._ticks
        most_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        yield CounterMetricFamily("process_cpu_seconds", "Seconds of the processor, user and system.", value=seconds)
        for name, says, value in (
            ("resident_memory_bytes", "Resident memory.", int(said[_RSS]) * self._page),
            ("virtual_memory_bytes", "Virtual memory.", int(said[_VSIZE])),
            ("threads", "Threads.", int(said[_THREADS])),
            ("open_fds", "Open file descriptors.", open_files),
            (
                "max_fds",
                "File descriptors that may be open.",
                inf if most_files == resource.RLIM_INFINITY else most_files,
            ),
        ):
            yield GaugeMetricFamily(f"process_{name}", says, value=value)
