"""Inroads: inclusive digital transformation in mental health, from a conversation to the need of a place."""
