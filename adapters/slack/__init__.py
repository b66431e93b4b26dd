"""Slack: over Socket Mode, or over HTTP behind a load balancer."""
