"""Which cell each position lies in."""

import numpy as np
from numpy.typing import NDArray

from tracking.cells import cell_of
from tracking.path.columns import UNKNOWN
from tracking.path.positions import PLACE_REASONS


def cells_of(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64], reasons: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Return the fine cells; UNKNOWN for positions that say no place."""
    said = np.flatnonzero(reasons & int(PLACE_REASONS) == 0)
    places = zip(latitude[said].tolist(), longitude[said].tolist(), strict=True)
    cells = np.full(len(latitude), UNKNOWN)
    cells[said] = [cell_of(lat, lon) for lat, lon in places]
    return cells
