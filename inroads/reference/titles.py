"""What is called the same in every room: how something was said, and how old people are. Titles by key, in order."""

CHANNELS = {
    "in_person": "In person",
    "phone": "By phone",
    "video": "By video",
    "paper": "On paper",
    "message": "By text message or email",
    "screen": "On their own page",
}
AGES = {
    "0_15": "Under 16",
    "16_24": "16 to 24",
    "25_44": "25 to 44",
    "45_64": "45 to 64",
    "65_74": "65 to 74",
    "75_plus": "75 and over",
}
"""The bands of `inroads.analytics.extract.AGE_BANDS`."""
