"""The page over a real store without a model: ``KB_HOME=… streamlit run tests/views/store_app.py``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2])]

from ingest.home import Home, home_from  # noqa: E402
from ingest.records import Clause, Document, Notice  # noqa: E402
from ingest.references import Reference  # noqa: E402
from ingest.storage import Store  # noqa: E402
from ingest.validity import Validity  # noqa: E402
from qa.records import Answer  # noqa: E402
from views.page import show_page  # noqa: E402


class StoreReader:
    """Reads documents; answers nothing."""

    home: Home = home_from()

    def ask(
        self, question: str, *, doc_ids: Sequence[str] = (), language: str = "zh", as_of: str | None = None
    ) -> Answer:
        return Answer(question, False, "这里不回答问题。", "", "refused")

    def documents(self) -> list[Document]:
        with Store.open(self.home) as store:
            return store.documents()

    def document(self, doc_id: str) -> Document:
        with Store.open(self.home) as store:
            return store.document(doc_id)

    def outline(self, doc_id: str) -> list[Clause]:
        with Store.open(self.home) as store:
            return store.clauses(doc_id)

    def source(self, doc_id: str) -> str:
        with Store.open(self.home) as store:
            return store.source(doc_id)

    def notices(self, doc_id: str) -> list[Notice]:
        with Store.open(self.home) as store:
            return store.notices(doc_id)

    def validities(self, as_of: str | None = None) -> Mapping[str, Validity]:
        return {}

    def references(self, doc_id: str) -> tuple[Reference, ...]:
        return ()

    def referrers(self, doc_id: str) -> Mapping[str, tuple[Reference, ...]]:
        return {}


show_page(lambda progress: StoreReader())
