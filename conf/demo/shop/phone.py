"""The phones of the demo: what their SMS inboxes hold, and what they send.

Two gateways bring messages. Kannel has a fake SMSC, whose one client we are:
it writes us a line for each part of a message, takes lines that a phone has
sent, and reports each message as delivered when it has been written. The
sandbox gateway of the module only writes a file, so reports and answers come
from here.

A phone keeps what it got in "messages", a line of JSON each, mode 0600.
"""
import json
import os
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import deque, namedtuple

SHORT_CODE = '38888'
TEXT_MAX = 300
KEPT = 1000

# what the demo's operator makes of them: see "The sandbox" of the README

Handset = namedtuple('Handset', 'number name')
HANDSETS = (
    Handset('33600000001', 'charged'),
    Handset('33600000002', 'no_funds'),
    Handset('33600000003', 'declines'),
    Handset('33600000004', 'blocked'),
    Handset('33600000005', 'slow'),
    Handset('33600000006', 'silent'),
    Handset('33600000007', 'lost'),
    Handset('33600000008', 'approves'),
    Handset('33600000009', 'approves_not'),
    Handset('33600000021', 'refund_not'),
    Handset('33600000022', 'refund_silent'),
    Handset('33600000023', 'capture_not'),
    Handset('33600000024', 'capture_silent'),
    Handset('33600000025', 'release_not'),
    Handset('33600000026', 'release_silent'),
    Handset('33700000001', 'virtual'),
    Handset('33690000001', 'barred'),
    Handset('237600000001', 'cameroon'),
)

# sender, receiver and kind, in front of each message of the fake SMSC

HEAD = re.compile(rb'^([^\n ]*) (\+?\d+) (text|data|ucs-2|udh) ', re.M)


class Store:
    """The last messages, in memory and in a file that outlives us."""

    def __init__(self, file, kept=KEPT):
        self.file = file
        self.lock = threading.Lock()
        self.entries = deque(maxlen=kept)
        self.count = 0
        try:
            with open(file, encoding='utf-8') as lines:
                for line in lines:
                    self.remember(line)
        except FileNotFoundError:
            pass
        with open(file + '.new', 'w', encoding='utf-8') as new:
            for entry in self.entries:
                new.write(json.dumps(entry) + '\n')
        os.chmod(file + '.new', 0o600)
        os.replace(file + '.new', file)

    def remember(self, line):
        # a line may have been cut off by a kill
        try:
            self.entries.append(json.loads(line))
        except ValueError:
            pass

    def add(self, entry):
        """False when an entry with the same reference is there already."""
        with self.lock:
            reference = entry.get('reference')
            if reference and any(reference == one.get('reference')
                                 for one in self.entries):
                return False
            entry = dict(at=int(time.time() * 1000), **entry)
            self.entries.append(entry)
            self.count += 1
            with open(self.file, 'a', encoding='utf-8') as out:
                out.write(json.dumps(entry) + '\n')
            return True

    def all(self):
        with self.lock:
            return list(self.entries)


class Phone:
    """All handsets."""

    def __init__(self, settings):
        self.store = Store(settings['phone'] + '/messages')
        self.started = '%x' % time.time_ns()
        self.sandbox = Sandbox(settings, self.store)
        self.kannel = (Kannel(settings['kannel'], self.store)
                       if settings['kannel'] else None)

    def start(self):
        for gateway in (self.sandbox, self.kannel):
            if gateway:
                threading.Thread(target=gateway.run, daemon=True).start()

    def gateway(self):
        """The one that an answer takes."""
        if self.kannel and self.kannel.line:
            return self.kannel
        return self.sandbox

    def handsets(self):
        """Those of the demo, then all other numbers that got a message."""
        known = {one.number: one for one in HANDSETS}
        for entry in self.store.all():
            known.setdefault(entry['number'], Handset(entry['number'], None))
        return list(known.values())

    def messages(self, number):
        return [one for one in self.store.all() if one['number'] == number]

    def version(self):
        return '%s-%d' % (self.started, self.store.count)

    def send(self, number, text):
        """Sends what a person wrote, in one line; nothing when it is empty."""
        text = ' '.join(''.join(c if c.isprintable() else ' '
                                for c in text).split())[:TEXT_MAX]
        if not text:
            return
        gateway = self.gateway()
        sent = gateway.send(number, SHORT_CODE, text)
        self.store.add({'number': number, 'peer': SHORT_CODE, 'way': 'out',
                        'text': text, 'via': gateway.name, 'sent': sent})


class Kannel:
    """The handsets behind Kannel's fake SMSC."""

    name = 'kannel'

    def __init__(self, port, store):
        self.port = port
        self.store = store
        self.line = None
        self.parts = {}

    def run(self):
        while True:
            try:
                with socket.create_connection(('127.0.0.1', self.port)) as s:
                    self.line = s
                    self.read(s)
            except OSError:
                pass
            self.line = None
            time.sleep(0.5)

    def read(self, line):
        """A text may have lines of its own: the last is whole when no more
        follows."""
        data = b''
        while True:
            line.settimeout(0.2 if data else None)
            try:
                more = line.recv(65536)
            except TimeoutError:
                self.take(data)
                data = b''
                continue
            if not more:
                self.take(data)
                return
            data += more

    def take(self, data):
        heads = list(HEAD.finditer(data))
        for head, following in zip(heads, heads[1:] + [None]):
            end = following.start() if following else len(data)
            rest = data[head.end():end].removesuffix(b'\n')
            kind = head[3]
            text = self.join(rest) if kind == b'udh' else (
                rest if kind == b'text' else unescape(rest))
            if text is not None:
                self.store.add({
                    'number': head[2].decode().lstrip('+'),
                    'peer': head[1].decode('utf-8', 'replace'), 'way': 'in',
                    'text': text_of(text), 'via': self.name})

    def join(self, rest):
        """The whole text when the last of its parts has come, else None."""
        header, _, part = rest.split(b' ', 2)
        header = unescape(header)
        if len(header) != 6 or header[1] != 0:
            return unescape(part)
        _, _, _, reference, total, number = header
        known = self.parts.setdefault(reference, {})
        known[number] = unescape(part)
        if len(known) < total:
            return None
        del self.parts[reference]
        return b''.join(known[one] for one in sorted(known))

    def send(self, number, to, text):
        line = self.line
        if not line:
            return False
        try:
            line.sendall(f'{number} {to} text {text}\n'.encode())
        except OSError:
            return False
        return True


class Sandbox:
    """The module's own gateway: its file is read, its callbacks are made."""

    name = 'sandbox'

    def __init__(self, settings, store):
        self.file = settings['sandbox']
        self.callback = settings['callback']
        self.store = store

    def run(self):
        offset = 0
        while True:
            try:
                if os.stat(self.file).st_size < offset:
                    offset = 0
                with open(self.file, 'rb') as lines:
                    lines.seek(offset)
                    for line in lines:
                        if not line.endswith(b'\n'):
                            break
                        offset += len(line)
                        self.take(line)
            except FileNotFoundError:
                offset = 0
            time.sleep(0.3)

    def take(self, line):
        try:
            message = json.loads(line)
        except ValueError:
            return
        new = self.store.add({
            'number': message['to'], 'peer': message['from'], 'way': 'in',
            'text': message['text'], 'via': self.name,
            'reference': message['reference']})
        if new and message['report'].startswith(self.callback):
            threading.Thread(target=self.report, args=(message,),
                             daemon=True).start()

    def report(self, message):
        """In Kannel's numbers: 1 delivered, 2 not, which a line's end says."""
        url = message['report']
        url += ('&' if '?' in url else '?') + 'd='
        url += '2' if message['to'].endswith('0024') else '1'
        for wait in (1, 4, 0):
            if self.call(url):
                return
            time.sleep(wait)

    def send(self, number, to, text):
        body = json.dumps({'id': str(uuid.uuid4()), 'from': number, 'to': to,
                           'text': text}).encode()
        return self.call(self.callback + 'mo', body)

    def call(self, url, body=None):
        request = urllib.request.Request(
            url, body, {'Content-Type': 'application/json'} if body else {})
        try:
            with urllib.request.urlopen(request, timeout=10):
                return True
        except (OSError, ValueError):
            return False


def unescape(text):
    return urllib.parse.unquote_to_bytes(text.replace(b'+', b' '))


def text_of(data):
    """UCS-2 has a zero byte in every text of the demo; all else is UTF-8."""
    if b'\0' in data:
        return data.decode('utf-16-be', 'replace')
    return data.decode('utf-8', 'replace')
