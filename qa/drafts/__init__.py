"""Checking a draft: every citation and quotation in it is held against the knowledge base."""
