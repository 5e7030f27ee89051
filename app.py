"""The page of the knowledge base: ``streamlit run app.py``."""

from __future__ import annotations

from ingest.home import home_from
from ingest.progress import Progress
from views.loading import Reader
from views.page import show_page


def _open(progress: Progress) -> Reader:
    # Imported here, in the thread that opens: the page is drawn before the model is loaded.
    from qa.engine import Engine

    return Engine.open(home_from(), progress=progress)


show_page(_open)
