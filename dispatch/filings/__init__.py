"""Filings (报备): what is accepted in advance as an explanation."""
