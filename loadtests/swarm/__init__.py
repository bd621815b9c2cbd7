"""A swarm of terminals: bytes made beforehand, several processes, every answer checked."""
