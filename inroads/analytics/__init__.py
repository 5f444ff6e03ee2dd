"""Neighbourhood tables: published figures as immutable generations of Parquet. Knows no web framework."""
