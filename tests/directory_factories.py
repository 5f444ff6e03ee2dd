"""Touchpoints and services for tests, made by the actions that pages use."""

import itertools

from people_factories import make_place, make_worker

from inroads.accounts.models import User
from inroads.directory.actions import services, touchpoints
from inroads.directory.actions.services import Details
from inroads.directory.models import Location, Service, ServiceAtLocation, Touchpoint
from inroads.reference.models import Kind, Organisation
from inroads.reference.organisations import add_organisation

_number = itertools.count(1)


def make_charity(place: Organisation, name: str = "") -> Organisation:
    """A community organisation of a place."""
    return add_organisation(kind=Kind.VOLUNTARY, name=name or f"Charity {next(_number)}", parent=place)


def make_lead(place: Organisation) -> User:
    """Somebody who keeps the directory of a place."""
    return make_worker(place, "place_lead")


def make_touchpoint(place: Organisation | None = None, *, by: User | None = None, **options) -> Touchpoint:
    """A touchpoint in the directory of a place."""
    place = place or make_place()
    named = {"name": f"Touchpoint {next(_number)}"} | options
    return touchpoints.add_touchpoint(area=place, by=by or make_lead(place), **named)


def make_service(touchpoint: Touchpoint, *, by: User | None = None, at: tuple | None = None, **details) -> Service:
    """A service of a touchpoint; `at` is its place as easting and northing."""
    capacity = details.pop("capacity", None)
    named = {"name": f"Service {next(_number)}", "helps": ("data_sim",)} | details
    by = by or make_lead(touchpoint.area)
    made = services.add_service(touchpoint=touchpoint, details=Details(**named), by=by, capacity=capacity)
    if at is not None:
        place = Location.objects.create(touchpoint=touchpoint, easting=at[0], northing=at[1], address="1 High Street")
        ServiceAtLocation.objects.create(service=made, location=place)
    return made
