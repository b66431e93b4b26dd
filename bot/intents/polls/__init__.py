"""Polls in words: asked for, described, made in several messages, changed."""
