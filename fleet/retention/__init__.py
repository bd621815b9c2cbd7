"""Retention (留存): how long each kind of data is kept, and what a legal hold keeps longer."""
