"""Rolling operation: what runs late is told before it is late."""
