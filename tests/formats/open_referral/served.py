"""What tests of the open directory share: its lists, a question put to it, and services as a feed has them."""

from uuid import UUID

ROOT = "/api/open-referral-uk"
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
MANY = 123


def listed(number: int) -> dict:
    """One service of a feed, at a place."""
    return {
        "id": str(UUID(int=number + 1)),
        # Three of each name: the order of a list must not hang on names alone.
        "name": f"Service {number // 3:03d}",
        "status": "active",
        "description": "For people with dementia." if number % 2 else "Debt advice.",
        "organization": {"id": str(UUID(int=1000 + number // 10)), "name": f"Org {number // 10}", "description": "x"},
        "service_at_locations": [
            {
                "location": {
                    "id": str(UUID(int=5000 + number)),
                    "latitude": 51.45 + number / 10_000,
                    "longitude": -2.58,
                    "addresses": [{"address_1": f"{number} Road", "city": "Bristol", "postal_code": "BS5 0HE"}],
                }
            }
        ],
    }


def get(client, path, **parameters):
    """What an address answers, as JSON."""
    return client.get(f"{ROOT}/{path}", parameters).json()
