"""What can be typed about touchpoints and services."""
