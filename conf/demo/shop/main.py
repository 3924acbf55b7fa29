"""The demo's shop and phone: pages behind the edge's plain listener.

main.py SETTINGS: serves on a unix socket until it is ended. SETTINGS is a
file of JSON, written by conf/demo/run:

  socket     where to listen
  shop       our own address, as shoppers have it: http://127.0.0.1:8080
  gateway    the operator's proxy: 127.0.0.1:8081
  api, ca, key         carrierpay's API, its certificate, the merchant's key
  webhooks   the log of the webhook receiver
  phone      the folder in which the phones keep their messages
  sandbox    the file into which the sandbox SMS gateway writes
  callback   what that gateway calls, below it "dlr" and "mo"
  kannel     the port of Kannel's fake SMSC, or null
  mail       the port at which mails are received

Numbers and texts of messages stand on pages and in the phones' folder alone,
never in a URL: what a URL names is the position of a phone.
"""
import http.cookies
import json
import os
import secrets
import socketserver
import sys
import traceback
import urllib.parse
from http.server import BaseHTTPRequestHandler

import pages
from mail import Mailbox
from merchant import Merchant, Refused
from phone import Phone

BODY_MAX = 4096
STATIC = {
    '/style.css': 'text/css; charset=utf-8',
    '/phone.js': 'text/javascript; charset=utf-8',
    '/logo.png': 'image/png',
}
HOSTS = ('127.0.0.1', 'localhost')


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Threads, each for one request; those left when it ends are cut off."""

    daemon_threads = True
    request_queue_size = 64


class Page(BaseHTTPRequestHandler):
    """One request."""

    timeout = 15
    settings = merchant = phone = mailbox = policy = None

    def do_GET(self):
        self.answer({
            '/': self.shop,
            '/order': self.order,
            '/terms': self.terms,
            '/phone': self.messages,
            '/phone/thread': self.thread,
            '/phone/mail': self.mail,
        })

    do_HEAD = do_GET

    def do_POST(self):
        self.answer({'/buy': self.buy, '/phone/send': self.send})

    def answer(self, routes):
        url = urllib.parse.urlsplit(self.path)
        self.query = fields(url.query)
        try:
            if not self.welcome():
                self.reply(403, pages.message(self.language(), 'refused'))
            elif url.path in routes:
                routes[url.path]()
            elif url.path in STATIC and self.command != 'POST':
                self.static(url.path)
            else:
                self.reply(404, pages.message(self.language(), 'not_found'))
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        except Exception:
            # the page is for visitors, the traceback for run/shop/shop.out
            traceback.print_exc()
            self.reply(500, pages.message(self.language(), 'broken'))

    def welcome(self):
        """No page from elsewhere reads or posts here, by whatever name."""
        host = self.headers.get('host', '')
        if host.rsplit(':', 1)[0] not in HOSTS:
            return False
        if self.command != 'POST':
            return True
        origin = self.headers.get('origin')
        return (origin in (None, 'http://' + host)
                and self.headers.get('sec-fetch-site')
                in (None, 'same-origin'))

    def language(self):
        """Chosen, kept from before, or the browser's: en or fr."""
        jar = http.cookies.SimpleCookie()
        try:
            jar.load(self.headers.get('cookie', ''))
        except http.cookies.CookieError:
            pass
        kept = jar['lang'].value if 'lang' in jar else None
        asked = self.headers.get('accept-language', '')
        first = asked.split(',')[0].strip().lower()[:2]
        for one in (self.query.get('lang'), kept, first):
            if one in pages.LANGUAGES:
                return one
        return 'en'

    def form(self):
        length = self.headers.get('content-length', '')
        if not length.isdigit() or int(length) > BODY_MAX:
            return {}
        return fields(self.rfile.read(int(length)).decode('utf-8', 'replace'))

    # the shop

    def shop(self):
        visitor = {
            'identity': self.headers.get('x-carrierpay-identity', ''),
            'operator': self.headers.get('x-carrierpay-operator', ''),
        }
        self.reply(200, pages.shop(self.language(), visitor,
                                   self.settings['gateway'],
                                   'order-' + secrets.token_hex(5)))

    def terms(self):
        self.reply(200, pages.terms(self.language()))

    def buy(self):
        form = self.form()
        language = self.language()
        try:
            url = self.merchant.create(form.get('item'), form.get('order'),
                                       language, form.get('email', ''))
        except Refused as problem:
            self.reply(502, pages.message(language, 'no_payment',
                                          str(problem)))
            return
        self.redirect(url)

    def order(self):
        """What the API says of a payment, to clients that know its order."""
        language = self.language()
        try:
            payment = self.merchant.payment(self.query.get('payment'))
        except Refused as problem:
            self.reply(502, pages.message(language, 'no_payment',
                                          str(problem)))
            return
        if not payment or payment['reference'] != self.query.get('order'):
            self.reply(404, pages.message(language, 'not_found'))
            return
        event = self.merchant.event(payment['id'])
        turn = self.query.get('turn', '')
        self.reply(200, pages.order(language, payment, event,
                                    int(turn) if turn.isdigit() else 0))

    # the phone

    def handset(self):
        chosen = self.query.get('phone', '')
        handsets = self.phone.handsets()
        position = int(chosen) if chosen.isdigit() else 0
        return min(position, len(handsets) - 1), handsets

    def messages(self):
        self.reply(200, pages.phone(self.language(), *self.handset(),
                                    self.phone, self.mailbox))

    def thread(self):
        """What the page's script puts in place of the messages."""
        if self.query.get('version') == self.phone.version():
            self.reply(204, '')
            return
        position, handsets = self.handset()
        self.reply(200, pages.thread(self.language(), self.phone,
                                     handsets[position].number))

    def mail(self):
        self.reply(200, pages.mail(self.language(), self.mailbox, self.phone))

    def send(self):
        form = self.form()
        self.query['phone'] = form.get('phone', '')
        position, handsets = self.handset()
        self.phone.send(handsets[position].number, form.get('text', ''))
        self.redirect('/phone?phone=%d' % position)

    # answers

    def static(self, path):
        folder = os.path.dirname(os.path.abspath(__file__))
        with open(folder + path, 'rb') as file:
            self.reply(200, file.read(), STATIC[path])

    def redirect(self, url):
        self.send_response(303)
        self.send_header('location', url)
        self.send_header('content-length', '0')
        self.end_headers()

    def reply(self, status, body, kind='text/html; charset=utf-8'):
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        self.send_header('content-type', kind)
        self.send_header('content-length', str(len(body)))
        self.send_header('cache-control', 'no-store')
        self.send_header('content-security-policy', self.policy)
        self.send_header('referrer-policy', 'same-origin')
        self.send_header('x-content-type-options', 'nosniff')
        if self.query.get('lang') in pages.LANGUAGES:
            self.send_header('set-cookie', 'lang=%s; Path=/; SameSite=Lax'
                             % self.query['lang'])
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def log_message(self, format, *args):
        """nginx has an access log."""


def fields(text):
    """The last value of each field of a query or form."""
    try:
        return dict(urllib.parse.parse_qsl(text, max_num_fields=20))
    except ValueError:
        return {}


def main(settings_file):
    with open(settings_file, encoding='utf-8') as file:
        settings = json.load(file)
    os.umask(0o077)
    Page.settings = settings
    Page.merchant = Merchant(settings)
    Page.phone = Phone(settings)
    Page.mailbox = Mailbox(settings)
    # a form's answer may lead on to the payment page
    Page.policy = ("default-src 'none'; style-src 'self'; script-src 'self';"
                   " img-src 'self'; connect-src 'self'; base-uri 'none';"
                   " frame-ancestors 'none'; form-action 'self' "
                   + settings['api'])
    server = Server(settings['socket'], Page)
    Page.phone.start()
    Page.mailbox.start()
    print('ready', flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main(*sys.argv[1:])
