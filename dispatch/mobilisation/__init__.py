"""Mobilisations (应急调用): vehicles of any holding called up by response level."""
