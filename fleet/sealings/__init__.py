"""Sealing windows (封存): when which vehicles stand still unless an exemption says otherwise."""
