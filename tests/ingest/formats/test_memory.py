from __future__ import annotations

import subprocess
import sys

import pytest

from ingest.formats.memory import give_back_large_blocks, peak_memory

# Blocks that come and go with a small one in between that stays: a hole in the heap that glibc keeps.
_HOLES = """
import sys
from ingest.formats.memory import give_back_large_blocks
if sys.argv[1] == "yes":
    assert give_back_large_blocks()
block = b"x" * (24 << 20)
del block
blocks, kept = [], []
for _ in range(4):
    blocks.append(bytearray(b"x") * (20 << 20))
    kept.append(b"y" * 500_000)
del blocks
print(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
"""


@pytest.mark.skipif(not give_back_large_blocks(), reason="the C library is not glibc")
def test_freed_blocks_go_back_to_the_system() -> None:
    def held(give_back: str) -> int:
        command = [sys.executable, "-c", _HOLES, give_back]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) // 1024

    assert held("yes") + 40 < held("no")


def test_the_peak_is_at_least_what_is_held_now() -> None:
    before = peak_memory()
    if before is None:
        pytest.skip("this system does not tell")
    block = b"x" * (64 << 20)
    after = peak_memory()
    assert after is not None and after >= 64 and after >= before
    del block
