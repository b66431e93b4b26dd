"""Moments, deadlines and what comes again, as people say them."""
