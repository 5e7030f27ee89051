"""Every error this product raises on purpose.

    KnowledgeBaseError
    ├── InputError (ValueError)          bad input from a person: a file, a question, a name
    │   ├── UnreadableFile               empty, not text, unknown type, truncated
    │   ├── UnknownDocument              no such doc_id
    │   └── BadQuery                     empty, control characters only, too long
    ├── TableError (ValueError)          a domain table in corpus/tables is malformed
    ├── StoreError
    │   ├── StoreMissing                 no knowledge base there yet
    │   ├── StoreBusy                    another writer holds the lock
    │   └── StoreDamaged                 the database is not what this program wrote
    ├── VectorIndexError
    │   ├── IndexMissing                 no generation built yet
    │   └── IndexMismatch                the generation belongs to another model, tokenizer or corpus
    ├── ModelError
    │   ├── ModelUnavailable             could not be fetched and is not on disk
    │   ├── ModelDamaged                 hash or layout is not the expected one
    │   └── NoReply                      the optional language model gave no usable reply
    └── PackageError
        ├── PackageUnavailable           a package read as data could not be fetched and is not on disk
        └── PackageDamaged               its hash or its files are not the expected ones

A message says what was found, where, what was expected and what to do, in Chinese.
Only ``app.py``/``views`` and ``__main__`` modules catch these and print them.
"""

from __future__ import annotations


class KnowledgeBaseError(Exception):
    """Root of the tree."""


class InputError(KnowledgeBaseError, ValueError):
    """Bad input from a person."""


class UnreadableFile(InputError):
    """A file that cannot be read as a policy text."""


class UnknownDocument(InputError):
    """No document has this id."""


class BadQuery(InputError):
    """A question that cannot be searched."""


class TableError(KnowledgeBaseError, ValueError):
    """A domain table is malformed."""


class StoreError(KnowledgeBaseError):
    """The database refused."""


class StoreMissing(StoreError):
    """There is no knowledge base in this folder yet, or a writer must first bring it up to date."""


class StoreBusy(StoreError):
    """Another writer holds the lock."""


class StoreDamaged(StoreError):
    """The database is not what this program wrote."""


class VectorIndexError(KnowledgeBaseError):
    """The vector index refused."""


class IndexMissing(VectorIndexError):
    """No generation has been built yet."""


class IndexMismatch(VectorIndexError):
    """The generation belongs to another model, tokenizer or corpus."""


class ModelError(KnowledgeBaseError):
    """The embedding model, or the optional language model, refused."""


class ModelUnavailable(ModelError):
    """The model could not be fetched and is not on disk."""


class ModelDamaged(ModelError):
    """The model's bytes are not the expected ones."""


class NoReply(ModelError):
    """The optional language model gave no usable reply."""


class PackageError(KnowledgeBaseError):
    """A package of the Python package index, read as data, refused."""


class PackageUnavailable(PackageError):
    """The package could not be fetched and is not on disk."""


class PackageDamaged(PackageError):
    """The package's bytes or files are not the expected ones."""
