"""Open Referral UK: reading feeds as they are out there, and serving the directory as HSDS-UK 3.0."""
