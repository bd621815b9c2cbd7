"""What the product is measured beside: a server in C that keeps nothing, one that inserts rows."""
