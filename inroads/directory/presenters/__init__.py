"""How touchpoints and services are said on pages."""
