"""Who draws the transport allowance (公务交通补贴), by date."""
