"""Where things lie on disk: the paths under ``KB_HOME``, and the folder of shipped texts and tables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
CORPUS_DIR = PROJECT_DIR / "corpus"
TABLES_DIR = CORPUS_DIR / "tables"
DEFAULT_HOME = PROJECT_DIR / ".kb"


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one knowledge base."""

    root: Path

    @property
    def database(self) -> Path:
        """SQLite: documents, clauses, requirements, versions. The source of truth."""
        return self.root / "kb.sqlite"

    @property
    def embeddings(self) -> Path:
        """SQLite: vectors by text hash and model fingerprint. Derived, may be deleted."""
        return self.root / "embeddings.sqlite"

    @property
    def generations(self) -> Path:
        """One folder per index generation, and the file ``current`` that names the one in use."""
        return self.root / "generations"

    @property
    def models(self) -> Path:
        """sentence-transformers folders."""
        return self.root / "models"

    @property
    def lock(self) -> Path:
        """The lock file that one writer holds."""
        return self.root / "write.lock"


def home_from(environ: Mapping[str, str] | None = None) -> Home:
    """The knowledge base that ``KB_HOME`` names, ``.kb/`` beside the code where it is unset or empty."""
    value = (os.environ if environ is None else environ).get("KB_HOME", "").strip()
    return Home(Path(value).expanduser().resolve() if value else DEFAULT_HOME)
