"""Clauses to ranked hits: the embedding model, the lexical and the vector index, search and look-up."""
