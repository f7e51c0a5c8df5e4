"""Taking the network away from a process of ours, as a second line behind the guard of SERVICE and LOAD.

Linux can filter system calls without privileges (seccomp). The filter refuses every new socket but those within the
machine; where it cannot be set (another system, another processor, a sandbox that forbids it), the guard stands alone.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Name of the architecture in audit records, and number of the system call ``socket``."""
_SET_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_CALL, _ARCHITECTURE, _ARGUMENT = 0, 4, 16
_UNIX = 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def drop_network() -> bool:
    """Refuse this process, from now on, all sockets but those within the machine; whether that could be done.

    To be called before the process has other threads.
    """
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None:
        return False
    architecture, call = machine
    steps = (
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _CALL),
        (_EQUAL, 0, 3, call),
        (_LOAD, 0, 0, _ARGUMENT),
        (_EQUAL, 1, 0, _UNIX),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    program = _Program(len(steps), code)
    libc = ctypes.CDLL(None)
    if libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)
