"""People: accounts, dated roles, drivers."""
