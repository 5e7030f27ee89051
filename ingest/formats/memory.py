"""Memory of large blocks: how much this process has held, and the C library's habit of keeping what was freed."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from pathlib import Path

_M_MMAP_THRESHOLD = -3  # of <malloc.h>
_BLOCK = 4 * 1024 * 1024  # bytes; a smaller bound saves little and costs more page faults


def give_back_large_blocks() -> bool:
    """Have blocks over 4 MB go back to the system when they are freed; whether the C library can be told so.

    glibc raises its own bound to 32 MB once such blocks are freed, and then keeps them: the layers of a recognition
    model, each of another size, pile up to twice what one run needs. Other systems give large blocks back anyway.
    """
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):  # no glibc: musl gives back by itself
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _BLOCK))
    return False


def peak_memory() -> float | None:
    """The most memory that this process has held, in MB; ``None`` where the system does not tell (Windows).

    Linux's ``ru_maxrss`` counts what the parent held when it started this process, ``VmHWM`` does not.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
