"""Organisations (机构): the tree, its regions, and the mandates over its parts."""
