"""Roads: one OpenStreetMap file becomes a road network, a basemap and places, all offline.

`importing.import_map` writes a map version; `travel_times.load_travel_times` answers from it.
"""
