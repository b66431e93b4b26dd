"""Votes in words: which options somebody chooses, and how sure that is."""
