"""Sharing (合乘): who may, where it fits, who sees what."""
