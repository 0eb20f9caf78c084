"""Columns out of a Parquet file; pyarrow is spoken to here alone."""

# Pyarrow ships no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyarrow import ArrowException, array, parquet

type Floats = NDArray[np.float64]


def read_columns(
    path: Path, names: Sequence[str], *, only: tuple[str, str] | None = None
) -> dict[str, Floats]:
    """Return columns as numbers, times as seconds since 1970.

    `only` keeps the rows whose column holds that text. Raises OSError where the file is none, KeyError
    with the name of a column that is not there.
    """
    try:
        table = parquet.read_table(path)
    except ArrowException as error:
        raise OSError(str(error)) from error
    for name in (*names, *(() if only is None else only[:1])):
        if name not in table.column_names:
            raise KeyError(name)
    if only is not None:
        column, text = only
        kept = [str(value) == text for value in table.column(column).to_pylist()]
        table = table.filter(array(kept))
    found: dict[str, Floats] = {}
    for name in names:
        values = table.column(name).to_numpy(zero_copy_only=False)
        if np.issubdtype(values.dtype, np.datetime64):
            values = values.astype("datetime64[ms]").astype(np.float64) / 1000.0
        found[name] = values.astype(np.float64)
    return found
