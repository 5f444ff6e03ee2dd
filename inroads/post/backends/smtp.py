"""Emails through a mail server. It cannot be asked what it took, so what a crash cut short is unsure."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from inroads.post.backends import Found, NotNow, Rejected, Unsure
from inroads.post.models import Message

logger = logging.getLogger("inroads.post")


class Backend:
    """Hands each email to the mail server of the settings, under a Message-ID that never changes."""

    can_ask = False
    follows = False

    def find(self, message: Message) -> Found | None:
        """Never known."""
        return None

    def hand_over(self, message: Message) -> str:
        """Sends it. Before the mail server is reached nothing can have left; after that, only its answer counts."""
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("The mail server cannot be reached: %s", type(error).__name__)
            raise NotNow("The mail server cannot be reached", all=True) from None
        sender = settings.INROADS_EMAIL or settings.DEFAULT_FROM_EMAIL
        reference = f"<{message.pk}@{sender.rpartition('@')[2].strip('> ')}>"
        mail = EmailMessage(
            message.subject,
            message.body,
            sender,
            [message.to],
            headers={"Message-ID": reference, "Auto-Submitted": "auto-generated"},
            connection=connection,
        )
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refused:
            _answered(max((code for code, _ in refused.recipients.values()), default=550))
        except smtplib.SMTPResponseException as refused:
            _answered(refused.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            logger.warning("Email %s: %s", message.pk, type(error).__name__)
            raise Unsure("The mail server went away while it took the email") from None
        finally:
            connection.close()
        return reference


def _answered(code: int) -> None:
    """The server said no: for now (4xx), or for good."""
    if 400 <= code < 500:
        raise NotNow(f"The mail server does not take it now ({code})")
    raise Rejected(f"The mail server does not take email for this address ({code})")
