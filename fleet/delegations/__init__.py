"""Delegations (代理): a role given to a deputy while its holder is away."""
