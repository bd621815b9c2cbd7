"""Quotas (编制) and standards (配备标准): how many vehicles, and of what kind, a unit may have."""
