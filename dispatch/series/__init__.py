"""Rides that return (周期用车): one approval, and each ride a request and a promise of its own."""
