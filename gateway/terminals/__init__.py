"""The terminals' door: sockets, identity of links, acknowledgement after the commit."""
