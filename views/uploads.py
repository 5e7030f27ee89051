"""A file from the reader, with the words of the page on Streamlit's uploader, which speaks English only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from views.frame import show
from views.markup import Markup
from views.texts import Texts

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile


_BUTTONS = ("stBaseButton-secondary", "stBaseButton-borderlessIcon")  # before and after a file is chosen


def upload(key: str, label: str, texts: Texts) -> UploadedFile | None:
    """The file that was chosen under ``label``, ``None`` before one is."""
    words = texts.say("upload.choose").replace("\\", "").replace('"', "")
    button = ", ".join(f'.stFileUploader [data-testid="{each}"]::after' for each in _BUTTONS)
    show(Markup(f'<style>{button} {{ content: "{words}"; }}</style>'))
    return st.file_uploader(label, key=key)
