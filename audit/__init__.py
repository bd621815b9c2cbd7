"""Trips × orders × filings → explained kilometres, findings, reports (监督核查)."""
