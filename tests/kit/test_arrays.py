"""Arrays as PostgreSQL reads them."""

import numpy as np
import psycopg
import pytest

from kit.arrays import take_arrays
from kit.database import plain_url


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("int8", np.array([3, -(2**63), 2**63 - 1, 0])),
        ("int8", np.array([], np.int64)),
        ("float8", np.array([1.5, -0.0, 1e300, 0.1])),
        ("float8", np.array([], np.float64)),
    ],
)
async def test_an_array_arrives_as_it_was(
    database_url: str, kind: str, values: np.ndarray[tuple[int], np.dtype[np.generic]]
) -> None:
    async with await psycopg.AsyncConnection.connect(plain_url(database_url)) as connection:
        take_arrays(connection)
        cursor = await connection.execute(
            f"SELECT pg_typeof(%s::{kind}[])::text, %s::{kind}[]".encode(), (values, values)
        )
        row = await cursor.fetchone()
    assert row is not None
    assert row[1] == values.tolist()
