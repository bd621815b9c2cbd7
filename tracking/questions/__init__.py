"""Questions to months of history: where a vehicle was, who was near, who was nearest. All exact.

Only positions that count are asked: of the primary terminal of their time, once each, none
doubtful. Nothing between two positions is invented: an answer tells how old a position is.
"""
