"""One settings module per way of running: demonstration, production, test. All start from `base`."""
