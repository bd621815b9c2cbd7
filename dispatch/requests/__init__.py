"""Requests (用车申请): asked, approved, sent back, withdrawn."""
