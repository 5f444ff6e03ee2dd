"""What is done in the background: reminders, checks and forecasts, each with a lease, so that nothing is left lying."""
