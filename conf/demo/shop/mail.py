"""The one mailbox of all shoppers: a small SMTP server of the demo's.

It needs Debian's python3-aiosmtpd. Without it there is no server, and the page
says so. Mails are kept as the messages of phones are.
"""
import email
import email.policy

from phone import Store

try:
    from aiosmtpd.controller import Controller
except ImportError:
    Controller = None

KEPT = 200
SIZE_MAX = 1 << 20


class Mailbox:
    """Every mail that was received, to whichever address."""

    def __init__(self, settings):
        self.port = settings['mail']
        self.store = Store(settings['phone'] + '/mails', KEPT)
        self.controller = None

    def start(self):
        if Controller is None:
            return
        controller = Controller(self, hostname='127.0.0.1', port=self.port,
                                data_size_limit=SIZE_MAX)
        try:
            controller.start()
        except OSError as error:
            print('no mails: port %d: %s' % (self.port, error), flush=True)
            return
        self.controller = controller

    def open(self):
        return self.controller is not None

    def mails(self):
        return self.store.all()

    async def handle_DATA(self, server, session, envelope):
        """Called by aiosmtpd with a whole mail."""
        mail = email.message_from_bytes(envelope.content,
                                        policy=email.policy.default)
        body = mail.get_body(('plain',))
        self.store.add({
            'from': str(mail['from'] or envelope.mail_from),
            'to': ', '.join(envelope.rcpt_tos),
            'subject': str(mail['subject'] or ''),
            'text': (body.get_content().replace('\r\n', '\n')
                     if body else ''),
        })
        return '250 Message accepted for delivery'
