"""A logistic model as data: weights of named features in a table under ``corpus/tables``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ingest import tables
from ingest.errors import TableError

Model = TypeVar("Model")


def read_weights(
    name: str, features: Sequence[str], command: str, make: Callable[[tuple[float, ...], dict[str, Any]], Model]
) -> Model:
    """What ``make`` builds of the weights, in the order of ``features``, and of the table's other fields.

    Args:
        name: the table.
        features: what the program computes; the table must have a weight for each and no others.
        command: what fits the weights anew.
        make: takes the weights and the table.

    Raises:
        TableError: a feature has no weight, one is unknown, or a field is missing.
    """
    table = tables.read_toml(name)
    weights = table.get("weights", {})
    if set(weights) != set(features):
        odd = "、".join(sorted(set(weights) ^ set(features)))
        raise TableError(f"词表 {name} 的权重与程序不符：{odd}。请重新运行 {command}。")
    try:
        return make(tuple(float(weights[feature]) for feature in features), table)
    except KeyError as error:
        raise TableError(f"词表 {name} 缺少字段 {error}。") from error


def logistic(value: float) -> float:
    """1 / (1 + exp(-value)), without overflow."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, value))))
