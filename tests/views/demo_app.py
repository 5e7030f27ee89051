"""The page over the demo knowledge base: ``streamlit run tests/views/demo_app.py`` for the browser tests."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

from demo import DemoReader  # noqa: E402

from views.page import show_page  # noqa: E402

show_page(lambda progress: DemoReader())
