"""Your account, and the people who sign in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account import views as allauth_views
from allauth.account.internal.stagekit import clear_login
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as mfa_views
from allauth.mfa.webauthn import views as passkey_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from inroads.accounts import actions, audit, drafts, handed_over
from inroads.accounts.forms import AddPersonForm, MembershipForm
from inroads.accounts.models import Membership, User
from inroads.accounts.permissions import Permission, permissions_of, private_roles
from inroads.accounts.presenters import membership_words, permission_words, role_words
from inroads.accounts.queries import highest_where, memberships_visible_to, people_visible_to, shared_organisation
from inroads.accounts.sign_in import half_way
from inroads.accounts.sign_in.second_step import SecondStep, has_second_step, stands_before


def own_account(request: HttpRequest) -> HttpResponse:
    """Who you are here, your roles in plain words, and how your account is secured."""
    memberships = request.user.memberships.select_related("organisation")
    return render(
        request,
        "accounts/own_account.html",
        {
            "memberships": [membership_words(membership) for membership in memberships],
            "roles": role_words(memberships),
            "may": permission_words(permissions_of(request.user)),
        },
    )


def second_step_needed(request: HttpRequest) -> HttpResponse:
    """Why a second step is asked for now, and how to set one up or show it; then on to the page that was wanted."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        wanted = reverse("account")
    has_one = has_second_step(request.user)
    if not stands_before(request, SecondStep.IF_THERE_IS_ONE if has_one else SecondStep.IF_ROLES_ASK):
        return redirect(wanted)
    return render(request, "accounts/second_step_needed.html", {"has_one": has_one, "next": wanted})


@transaction.atomic
def second_step_code(request: HttpRequest) -> HttpResponseBase:
    """The code or passkey after the password. Where there is nobody to ask for one, signing in starts again.

    Looking whether the sign-in may go on, and going on, are one turn: nobody changes the account in between.
    """
    if why := half_way.end_if_stale(request):
        messages.error(request, why)
        return redirect("account_login")
    answer = mfa_views.authenticate(request)
    if answer.status_code == 302 and answer["Location"] == reverse("account_login"):
        # An administrator may just have removed the second step: a sign-in left half done would lead here for ever.
        clear_login(request)
    return answer


def passkey_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in with a passkey alone. Asking for one begins a session, so that is limited as answering is."""
    if request.method == "GET":
        limit = {"app": "allauth.mfa", "action": "webauthn_login", "limit_get": True}
        if (too_many := ratelimit.consume_or_429(request, **limit)) is not None:
            return too_many
        return passkey_views.login_webauthn(request)
    with transaction.atomic():
        audit.hold()
        return passkey_views.login_webauthn(request)


@require_POST
@sensitive_post_parameters()
def keep_typed(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed: 204 where it is kept, 400 where it is not, which the script takes as it is."""
    if drafts.keep(request):
        return HttpResponse(status=204)
    return HttpResponse("Not kept: this form was saved, or stood open for more than a day.", status=400)


@require_POST
def throw_away_typed(request: HttpRequest) -> HttpResponse:
    """What was typed and not saved is not wanted; back to the form."""
    return redirect(drafts.throw_away(request) or reverse("home"))


def take_back(request: HttpRequest) -> HttpResponse:
    """The screen was handed over: whoever takes it back signs in again, and comes back to where it was handed over."""
    if request.method == "POST":
        back = handed_over.back_to(request)
        logout(request)
        return redirect_to_login(back)
    return render(request, "accounts/take_back.html")


def joining(request: HttpRequest) -> HttpResponse:
    """Nobody opens an account alone: by whom one is invited."""
    return render(request, "accounts/joining.html")


def change_password(request: HttpRequest) -> HttpResponseBase:
    """Change your own password; somebody who signs in with a passkey alone may have none."""
    if not request.user.has_usable_password():
        return render(request, "accounts/no_password.html")
    return allauth_views.password_change(request)


def forgotten_password(request: HttpRequest) -> HttpResponseBase:
    """A link by e-mail where e-mail is configured; otherwise whom to ask."""
    if settings.INROADS_EMAIL:
        return allauth_views.password_reset(request)
    return render(request, "accounts/forgotten_password.html")


def people(request: HttpRequest) -> HttpResponse:
    """Everybody this user may see, with the roles this user may see. That they were read is recorded.

    The entry says how many people, not which: who held which role on that day stays on record with the roles.
    """
    seen = memberships_visible_to(request.user).order_by("user__full_name", "user__email", "starts_on")
    rows: dict[UUID, dict[str, Any]] = {}
    for membership in seen:
        row = rows.setdefault(membership.user_id, {"person": membership.user, "memberships": []})
        row["memberships"].append(membership_words(membership))
    hidden = private_roles()
    private = {membership.user_id for membership in seen if membership.role in hidden}
    audit.record_list_read(
        action="people_listed",
        by=request.user,
        organisations=highest_where(request.user, Permission.SEE_PEOPLE_WHO_SIGN_IN),
        details={"people": len(rows), "with_a_private_role": len(private)},
    )
    return render(
        request, "accounts/people.html", {"rows": list(rows.values()), "may_manage": _may_manage(request.user)}
    )


@sensitive_post_parameters()
def add_person(request: HttpRequest) -> HttpResponse:
    """Add somebody; the page that answers shows their one-time link, once."""
    form = AddPersonForm(request.POST or None, by=request.user)
    existing = None
    if request.method == "POST" and form.is_valid():
        try:
            return _show_link(request, actions.add_person(**form.cleaned_data, by=request.user))
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            if isinstance(refusal, actions.AlreadySignsIn):
                existing = people_visible_to(request.user).filter(pk=refusal.person.pk).first()
    if existing is None:
        return render(request, "accounts/add_person.html", {"form": form})
    may_give_link = actions.may_answer_for(request.user, existing)
    context = {"form": form, "existing": existing, "may_give_link": may_give_link}
    return _about(request, existing, "accounts/add_person.html", context)


def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """One person's roles."""
    found = _visible_person(request, person)
    memberships = _memberships(request.user, found)
    manages = _may_manage(request.user)
    return _about(
        request,
        found,
        "accounts/person.html",
        {
            "memberships": [membership_words(membership) for membership in memberships],
            "may_manage": manages,
            "may_answer_for": manages and actions.may_answer_for(request.user, found),
            "is_self": found.pk == request.user.pk,
            "has_second_step": has_second_step(found),
        },
    )


def add_membership(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give somebody another role."""
    found = _visible_person(request, person)
    form = MembershipForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_membership(person=found, **form.cleaned_data, by=request.user)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{found.full_name} has a new role.")
            return redirect("accounts:person", person=found.pk)
    return _about(request, found, "accounts/add_membership.html", {"form": form})


def end_membership(request: HttpRequest, person: UUID, membership: UUID) -> HttpResponse:
    """End a role today."""
    found = _visible_person(request, person)
    ending = get_object_or_404(_memberships(request.user, found), pk=membership)
    said = membership_words(ending)
    return _confirm(
        request,
        found,
        title=f"End this role of {found.full_name}",
        words=(
            f"{said['title']}, {said['organisation']}, {said['when']}. The role ends at once and stays on record. "
            + (
                "Somebody else has to give it to you again."
                if found == request.user
                else "It can be given again at any time."
            )
        ),
        button="End this role",
        change=lambda: actions.end_membership(membership=ending, by=request.user),
        done=f"The role of {found.full_name} has ended.",
    )


def remove_second_step(request: HttpRequest, person: UUID) -> HttpResponse:
    """Remove the second step of somebody who has lost their device."""
    found = _visible_person(request, person)
    return _confirm(
        request,
        found,
        title=f"Remove the second step of {found.full_name}",
        words=(
            "Somebody who wants to get into another person's account may ask you for this. Make sure that it is really "
            f"{found.full_name} who asks: call back on a number you already know, or see them in person. Their app, "
            "passkeys and recovery codes stop working at once, and their password alone lets them in until they set up "
            "a new second step. If a device was stolen, give a new link as well: it signs them out everywhere."
        ),
        button="Remove their second step",
        change=lambda: actions.remove_second_step(person=found, by=request.user),
        done=f"The second step of {found.full_name} is removed. Tell them to set up a new one.",
    )


def stop(request: HttpRequest, person: UUID) -> HttpResponse:
    """Stop somebody's account."""
    found = _visible_person(request, person)
    return _confirm(
        request,
        found,
        title=f"Stop the account of {found.full_name}",
        words="They are signed out everywhere at once and cannot sign in until you restart the account.",
        button="Stop this account",
        change=lambda: actions.deactivate_person(person=found, by=request.user),
        done=f"The account of {found.full_name} is stopped.",
    )


def restart(request: HttpRequest, person: UUID) -> HttpResponse:
    """Restart a stopped account."""
    found = _visible_person(request, person)
    return _confirm(
        request,
        found,
        title=f"Restart the account of {found.full_name}",
        words="They can sign in again, with the roles that have not ended.",
        button="Restart this account",
        change=lambda: actions.reactivate_person(person=found, by=request.user),
        done=f"The account of {found.full_name} is restarted.",
    )


def new_link(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give somebody who cannot sign in a new one-time link."""
    found = _visible_person(request, person)
    return _confirm(
        request,
        found,
        title=f"Give {found.full_name} a new link",
        words="With it they set a new password. Their old password and earlier links stop working at once.",
        button="Give a new link",
        change=lambda: actions.give_new_link(person=found, by=request.user),
        answer=lambda invitation: _show_link(request, invitation),
    )


def _confirm(
    request: HttpRequest,
    found: User,
    *,
    title: str,
    words: str,
    button: str,
    change: Callable[[], Any],
    done: str = "",
    answer: Callable[[Any], HttpResponse] | None = None,
) -> HttpResponse:
    """Ask once, do it, say that it is done or `answer` with what came of it; a refusal is said on the same page."""
    refused = ""
    if request.method == "POST":
        try:
            outcome = change()
        except actions.Refused as refusal:
            refused = str(refusal)
        else:
            if answer is not None:
                return answer(outcome)
            messages.success(request, done)
            return redirect("accounts:people")
    context = {"title": title, "words": words, "button": button, "refused": refused}
    return _about(request, found, "accounts/confirm.html", context)


def _about(request: HttpRequest, found: User, template: str, context: dict[str, Any]) -> HttpResponse:
    """Every page about one person is made here: that somebody read it is recorded, or it is not shown."""
    audit.record_read(by=request.user, about=found, organisation=shared_organisation(found))
    return render(request, template, {"person": found, **context})


def _show_link(request: HttpRequest, invitation: actions.Invitation) -> HttpResponse:
    address = reverse("account_reset_password_from_key", kwargs={"uidb36": invitation.uid, "key": invitation.key})
    return render(
        request,
        "accounts/one_time_link.html",
        {
            "person": invitation.person,
            "link": request.build_absolute_uri(address),
            "until": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        },
    )


def _visible_person(request: HttpRequest, identifier: UUID) -> User:
    return get_object_or_404(people_visible_to(request.user), pk=identifier)


def _memberships(user: User, found: User) -> QuerySet[Membership]:
    return memberships_visible_to(user).filter(user=found)


def _may_manage(user: User) -> bool:
    return Permission.MANAGE_MEMBERSHIPS in permissions_of(user)
