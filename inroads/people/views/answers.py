"""Answers without an account: a touchpoint says yes or no, a person says whether it helped. A code is all it takes."""

from datetime import date, datetime, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters

from inroads.accounts import audit
from inroads.accounts.actions import Refused
from inroads.accounts.models import AuditEntry
from inroads.directory.actions.services import set_capacity
from inroads.directory.forms.services import CapacityForm
from inroads.directory.permissions import ByLink
from inroads.directory.queries.links import touchpoint_by_token
from inroads.people.actions import referrals as actions
from inroads.people.actions.referral_messages import place_of
from inroads.people.actions.referral_moves import was_taken_up
from inroads.people.forms.referrals import AnswerCodeForm, OwnWordsForm
from inroads.people.models import AnswerValue, Channel, Referral, ReferralEvent
from inroads.people.models import ReferralState as State
from inroads.people.presenters import referrals as presenters
from inroads.people.queries.reachable import how_to_reach
from inroads.people.queries.referrals import ENDED, REASONS, referral_by_code

LINK = ReferralEvent.Through.LINK
WRONG = "This link does not work. Check each letter of the code, or ring whoever sent it."
SIMPLE = {"later": State.RECEIVED, "yes": State.ACCEPTED, "seen": State.SEEN, "helped": State.HELPED}
SIMPLE |= {"not_helped": State.NOT_HELPED}


@sensitive_post_parameters()
def enter(request: HttpRequest) -> HttpResponse:
    """From the code on a letter to its page."""
    form = AnswerCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        for whose in ("receiver", "person"):
            if referral_by_code(code, whose) is not None:
                return redirect(f"answers:{whose}", code=code)
        if touchpoint_by_token(code) is not None:
            return redirect("directory:linked_touchpoint", token=code)
        form.add_error("code", "We do not know this code. Check each letter, or ring whoever sent the letter")
    return _unkept(render(request, "people/answer_enter.html", {"form": form}))


@sensitive_post_parameters()
def receiver(request: HttpRequest, code: str) -> HttpResponse:
    """What is asked, and one button for each answer. A name is shown only after yes."""
    kept = referral_by_code(code, "receiver")
    if kept is None:
        raise Http404(WRONG)
    refused, form = "", CapacityForm(None)
    if request.method == "POST":
        try:
            form = _receiver_answers(request, kept) or form
        except Refused as refusal:
            refused = str(refusal)
        else:
            if not form.errors:
                messages.success(request, "Saved. Thank you.")
                return _unkept(redirect("answers:receiver", code=code))
        kept = referral_by_code(code, "receiver") or kept
    knows = kept.state in (State.ACCEPTED, State.SEEN, State.HELPED, State.NOT_HELPED)
    if knows and not _read_today(kept):
        audit.record(
            action="referral_read_through_link",
            by=None,
            about=kept.person,
            organisation=kept.organisation,
            details={"referral": str(kept.pk)},
        )
    context = {
        "referral": kept,
        "state": kept.state,
        "facts": presenters.after_yes(kept) if knows else presenters.before_yes(kept),
        "knows": knows,
        "over": (kept.state in ENDED and kept.state != State.NO_ANSWER) or kept.state == State.DRAFTED,
        "reasons": REASONS,
        "days": presenters.days_to_choose() if kept.state == State.ACCEPTED else [],
        "refused": refused,
        "room": form,
        "code": code,
    }
    return _unkept(render(request, "people/answer_receiver.html", context))


def _receiver_answers(request: HttpRequest, kept: Referral) -> CapacityForm | None:
    """Does what the button said. Gives back the form where a number of people could not be read."""
    said = request.POST.get("answer", "")
    through = {"referral": kept, "through": LINK}
    if said in SIMPLE:
        actions.answer_referral(state=SIMPLE[said], **through)
    elif said in REASONS:
        actions.answer_referral(state=State.DECLINED, reason=said, **through)
    elif said == "room":
        if kept.state in (State.DRAFTED, State.WITHDRAWN, State.NO_ANSWER):
            raise Refused("This question is over")
        form = CapacityForm(request.POST)
        if not form.is_valid():
            return form
        set_capacity(service=kept.service, by=ByLink(kept.service.touchpoint), **form.cleaned_data)
    else:
        try:
            day = date.fromisoformat(said)
        except ValueError:
            raise Refused("Choose one of the answers") from None
        actions.answer_referral(state=State.ACCEPTED, meets_on=day, **through)
    return None


@sensitive_post_parameters()
def person(request: HttpRequest, code: str) -> HttpResponse:
    """Has it helped? Five answers, words if they like, and a thank you."""
    kept = referral_by_code(code, "person")
    if kept is None:
        raise Http404(WRONG)
    refused = ""
    if request.method == "POST":
        form = OwnWordsForm(request.POST)
        if not form.is_valid():
            refused = "Choose one of the answers"
        else:
            try:
                actions.tell_back(
                    referral=kept,
                    answer=form.cleaned_data["answer"],
                    words=form.cleaned_data["words"],
                    channel=Channel.MESSAGE,
                    through=LINK,
                )
            except Refused as refusal:
                refused = str(refusal)
            else:
                return _unkept(redirect("answers:person", code=code))
    last = kept.events.order_by("pk").last()
    context = {
        "referral": kept,
        "told": kept.state == State.TOLD_BACK,
        # Before anybody took it up there is nothing to ask about.
        "early": not was_taken_up(kept) or kept.state in (State.DECLINED, State.WITHDRAWN),
        "where": place_of(kept.service),
        "answered": AnswerValue(last.answer).label if last and last.answer else "",
        "no_help": bool(last) and last.answer == AnswerValue.NO,
        "reach": how_to_reach(kept.organisation),
        "refused": refused,
        "words": request.POST.get("words", ""),
        "code": code,
    }
    return _unkept(render(request, "people/answer_person.html", context))


def _read_today(kept: Referral) -> bool:
    """Whether the trail says already that it was read through its link today."""
    begun = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    read = AuditEntry.objects.filter(action="referral_read_through_link", about_kind=kept.person._meta.label_lower)
    return read.filter(about_id=str(kept.person_id), at__gte=begun, details__referral=str(kept.pk)).exists()


def _unkept(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
