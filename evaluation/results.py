"""Where measurements are kept: ``results/<method>-<commit>.json``, each with the machine that it was made on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def save(record: Mapping[str, Any], folder: Path, method: str) -> Path:
    """Write ``record``, which holds its ``machine``, as ``<method>-<commit>.json`` and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{method}-{record['machine']['commit']}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
