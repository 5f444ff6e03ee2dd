"""The directory: touchpoints, what they help with, where and when. Open to all, except what is private."""
