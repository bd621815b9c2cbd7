"""A vehicle's positions as files: GPX, KML, GeoJSON, CSV. Coordinates are WGS-84, and say so.

A file is written as it is read, a page at a time, each page in a transaction of its own: a slow
client holds nothing in the database and nothing in memory. Its last part states how many positions
it holds, so that a broken download shows. Who took it out, when and for what stands at its head.
"""
