"""Outages (停用): when a vehicle may not be used, for maintenance or for a defect."""
