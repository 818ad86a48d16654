"""Runs a command within the restrictions of a systemd unit, on a machine where systemd itself does not run.

    unshare --mount --ipc --propagation=private python sandbox.py UNIT STATE COMMAND...

As root, on Linux. It reads from the unit what it may do: the file system is made read-only but STATE; homes, devices
and other users' processes are hidden, all capabilities are dropped, and the system calls are filtered by libseccomp
with the sets that systemd-analyze names. Then it becomes a user of no name and runs COMMAND.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

USER = 61_184
"""A number that systemd gives to users of no name."""
_HOMES = ("/home", "/root", "/run/user")
_STASHES = Path("/mnt"), Path("/media"), Path("/srv")
"""Folders that the unit makes inaccessible: one of them holds what has to be seen again."""
_OPEN_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

_libc = ctypes.CDLL(None, use_errno=True)


def settings(unit: Path) -> dict[str, list[str]]:
    """Every value of each key of a unit file, in order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith(("#", ";")):
            found.setdefault(key.strip(), []).append(value.strip())
    return found


# --- the file system -----------------------------------------------------------------------------------------

_RDONLY, _REMOUNT, _BIND, _REC = 1, 32, 4096, 16384
_NOSUID_NODEV, _NOSUID_NODEV_NOEXEC = 6, 14


def _mount(source: str, place: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    if _libc.mount(source.encode(), place.encode(), kind.encode(), flags, data.encode()):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), place)


def enclose(unit: Mapping[str, list[str]], state: Path, kept: Iterable[str]) -> None:
    """Hides and closes what the unit hides and closes. kept: folders that the command itself consists of."""
    shown = [str(state), *kept]
    stash = next(place for place in _STASHES if place.is_dir() and not _holds(str(place), shown))
    _mount("tmpfs", str(stash), "tmpfs")
    for number, path in enumerate(shown):
        (stash / str(number)).mkdir()
        _mount(path, str(stash / str(number)), flags=_BIND | _REC)
    assert unit["ProtectHome"] == unit["PrivateTmp"] == ["yes"]
    for place in (*filter(os.path.isdir, _HOMES), "/tmp", "/var/tmp"):
        _mount("tmpfs", place, "tmpfs", _NOSUID_NODEV if place.endswith("tmp") else 0, "mode=755")
    assert unit["PrivateDevices"] == ["yes"]
    _devices(stash / "devices")
    for place in (path.lstrip("-") for path in " ".join(unit["InaccessiblePaths"]).split()):
        if Path(place).is_dir() and place != str(stash):
            _mount("tmpfs", place, "tmpfs", data="mode=000" if not _holds(place, shown) else "mode=755")
    for number, path in enumerate(shown):
        Path(path).mkdir(parents=True, exist_ok=True)
        _mount(str(stash / str(number)), path, flags=_BIND | _REC)
    _mount("tmpfs", str(stash), "tmpfs", data="mode=000")
    assert (unit["ProcSubset"], unit["ProtectProc"]) == (["pid"], ["invisible"])
    _mount("proc", "/proc", "proc", _NOSUID_NODEV_NOEXEC, "hidepid=invisible,subset=pid")
    assert unit["ProtectSystem"] == ["strict"]
    _close(writable={str(state), "/tmp", "/var/tmp", "/dev", "/dev/shm", "/proc"})
    for place in ("/tmp", "/var/tmp"):
        Path(place).chmod(0o1777)


def _holds(place: str, shown: Iterable[str]) -> bool:
    return any(Path(place) in Path(one).parents for one in shown)


def _devices(stash: Path) -> None:
    stash.mkdir()
    _mount("/dev", str(stash), flags=_BIND | _REC)
    _mount("tmpfs", "/dev", "tmpfs", data="mode=755")
    for name in filter(lambda name: (stash / name).exists(), _OPEN_DEVICES):
        (Path("/dev") / name).touch()
        _mount(str(stash / name), f"/dev/{name}", flags=_BIND)
    Path("/dev/shm").mkdir()
    _mount("tmpfs", "/dev/shm", "tmpfs", data="mode=1777")
    Path("/dev/fd").symlink_to("/proc/self/fd")


def _close(writable: set[str]) -> None:
    # Field 5 of proc(5)'s mountinfo is where it is mounted; blanks are written as \040.
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    for place in dict.fromkeys(line.split()[4].replace("\\040", " ") for line in lines):
        if place not in writable and not place.startswith(("/dev/", "/proc/")):
            try:
                _mount("", place, flags=_REMOUNT | _BIND | _RDONLY)
            except OSError as error:
                if error.errno not in (errno.ENOENT, errno.EINVAL):  # hidden beneath another mount
                    raise


# --- rights --------------------------------------------------------------------------------------------------

_SET_NO_NEW_PRIVS, _CAPBSET_DROP, _SET_MDWE = 38, 24, 65


def become_nobody(unit: Mapping[str, list[str]]) -> None:
    assert unit["CapabilityBoundingSet"] == unit["AmbientCapabilities"] == [""]
    for capability in range(64):
        _libc.prctl(_CAPBSET_DROP, capability, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (int(unit["LimitCORE"][0]),) * 2)
    os.umask(int(unit["UMask"][0], 8))
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    assert unit["NoNewPrivileges"] == ["yes"]
    if _libc.prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("no_new_privs")
    if unit["MemoryDenyWriteExecute"] == ["yes"]:
        _libc.prctl(_SET_MDWE, 1, 0, 0, 0)  # where the kernel has it (6.3); the filter below says the same


# --- system calls --------------------------------------------------------------------------------------------

_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NE, _EQ, _GT, _MASKED = 1, 4, 6, 7
_WRITE, _EXEC = 2, 4
_NAMESPACES = (0x20000000, 0x40000000, 0x00020000, 0x08000000, 0x04000000, 0x02000000, 0x10000000, 0x00000080)
_FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}


class _Comparison(ctypes.Structure):
    _fields_ = (("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64))


class _Filter:
    """A seccomp filter; `default` is what becomes of a call that no rule names."""

    def __init__(self, default: int) -> None:
        self._lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
        self._lib.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action: int, call: str, *comparisons: tuple[int, int, int, int]) -> None:
        """comparisons: (argument, operator, operands) that must all hold. A call this machine does not have is none."""
        number = self._lib.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return
        held = (_Comparison * max(1, len(comparisons)))(*(_Comparison(*one) for one in comparisons))
        code = self._lib.seccomp_rule_add_array(
            self._context, ctypes.c_uint32(action), number, len(comparisons), ctypes.byref(held)
        )
        if code:
            raise OSError(-code, f"{call}: {os.strerror(-code)}")

    def load(self) -> None:
        if code := self._lib.seccomp_load(self._context):
            raise OSError(-code, os.strerror(-code))


@cache
def calls(name: str) -> frozenset[str]:
    """The system calls of a name or of one of systemd's sets."""
    if not name.startswith("@"):
        return frozenset({name})
    said = subprocess.run(["systemd-analyze", "syscall-filter", name], capture_output=True, text=True, check=True)
    names = [line.strip() for line in said.stdout.splitlines()[1:]]
    return frozenset().union(*(calls(one) for one in names if one and not one.startswith("#")))


def allowed_calls(lists: Iterable[str]) -> frozenset[str]:
    """What SystemCallFilter= leaves, given each of its values."""
    left: frozenset[str] = frozenset()
    for text in lists:
        named = frozenset().union(*(calls(name) for name in text.lstrip("~").split()))
        left = left - named if text.startswith("~") else left | named
    return left


def filter_calls(unit: Mapping[str, list[str]], allowed: Iterable[str]) -> None:
    refused = _ERRNO | errno.EPERM
    rules = _Filter(_ALLOW)
    if unit["MemoryDenyWriteExecute"] == ["yes"]:
        rules.rule(refused, "mmap", (2, _MASKED, _WRITE | _EXEC, _WRITE | _EXEC))
        rules.rule(refused, "mprotect", (2, _MASKED, _EXEC, _EXEC))
        rules.rule(refused, "pkey_mprotect", (2, _MASKED, _EXEC, _EXEC))
    if unit["RestrictNamespaces"] == ["yes"]:
        for flag in _NAMESPACES:
            rules.rule(refused, "clone", (0, _MASKED, flag, flag))
            rules.rule(refused, "unshare", (0, _MASKED, flag, flag))
        rules.rule(_ERRNO | errno.ENOSYS, "clone3")  # its flags are out of sight: libc falls back to clone
        rules.rule(refused, "setns")
    if unit["RestrictSUIDSGID"] == ["yes"]:
        for call, argument in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2)):
            for bit in (0o4000, 0o2000):
                rules.rule(refused, call, (argument, _MASKED, bit, bit))
    families = {_FAMILIES[name] for name in " ".join(unit["RestrictAddressFamilies"]).split()}
    for family in range(64):
        if family not in families:
            rules.rule(_ERRNO | errno.EAFNOSUPPORT, "socket", (0, _EQ, family, 0))
    rules.rule(_ERRNO | errno.EAFNOSUPPORT, "socket", (0, _GT, 63, 0))
    if unit["LockPersonality"] == ["yes"]:
        rules.rule(refused, "personality", (0, _NE, 0, 0))
    rules.load()
    assert unit["SystemCallErrorNumber"] == ["EPERM"]
    only = _Filter(refused)
    for call in sorted(allowed):
        only.rule(_ALLOW, call)
    only.load()


def main(unit_path: str, state: str, *command: str) -> None:
    unit = settings(Path(unit_path))
    os.chown(state, USER, USER)
    allowed = allowed_calls(unit["SystemCallFilter"])
    kept = {sys.base_prefix, sys.prefix, str(Path(__file__).resolve().parents[1])}
    enclose(unit, Path(state), sorted(kept, key=len))
    become_nobody(unit)
    os.chdir(state)
    environment = {"HOME": state, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    carried = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "LITWATCH_CONFIG", "LITWATCH_NOW")
    environment |= {name: os.environ[name] for name in carried if name in os.environ}
    for one in unit["Environment"]:
        name, _, value = one.partition("=")
        environment[name] = value
    filter_calls(unit, allowed)
    os.execve(command[0], list(command), environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
