"""What the transport allowance (公务交通补贴) says of a request."""
