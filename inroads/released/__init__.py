"""What left the people loop through the one door: counts that hide small numbers, kept release by release."""
