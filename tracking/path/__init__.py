"""The position path in arrays: judged, placed and encoded a batch at a time."""
