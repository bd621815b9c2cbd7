"""The register's lists as spreadsheets."""
