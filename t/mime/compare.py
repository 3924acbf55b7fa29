#!/usr/bin/python3

# compare.py WRITER [MAILS [SEED]]: mails written by the service's own code
# (WRITER, see write.c) and read back by Python's, which shares nothing with
# it.  Prints TAP.

import datetime
import email
import email.header
import email.policy
import email.utils
import random
import re
import subprocess
import sys

FROM = 'receipts@pay.example.com'
TO = 'anna.b+x@shop.example'

PIECES = ['Coins', ' ', '  ', 'é', 'ß', '€', '字', '😀', '\r\n', '\n', '\r',
          '.', '\n.\n', '=?UTF-8?B?', '?=', '"', '\\', '<a@b.c>', 'Bcc: x@y.z',
          '\t', '\0', '\x7f', 'Reçu n° 7', '12.00 EUR', ',', ';', ':', '_',
          'x' * 30, 'é' * 20, '=', '(', ')', '@']


def words(rng, most):
    return ''.join(rng.choice(PIECES) for _ in range(rng.randint(0, most)))


def cases(mails, seed):
    rng = random.Random(seed)
    yield 'Pay', 'Your receipt', 'Thank you.\n', 0
    yield '', '', '', 1700000000123
    yield 'é' * 100, '😀' * 100, '€' * 5000, 253402300799999
    yield 'x' * 60, 'x' * 61, 'x' * 57, 951782400000
    yield '"\\' * 30, 'x' * 1000, '\n' * 1000, 4102444800000
    for _ in range(mails):
        yield (words(rng, 8), words(rng, 20), words(rng, 100),
               rng.randint(0, 4102444800000))


def canonical(text):
    """As a reader has it: every line end is LF."""
    return re.sub('\r\n|\r', '\n', text)


def shown(text):
    """Names and subjects: control characters are blanks."""
    return re.sub('[\0-\x1f\x7f]', ' ', text)


def display_name(raw):
    """Not the newer parser's, which puts blanks between encoded words."""
    header = email.message_from_bytes(raw)['From'].replace('\r\n', '')
    name, _ = email.utils.parseaddr(header)
    return str(email.header.make_header(
        email.header.decode_header(name))).rstrip(' ')


def complaints(case, raw):
    name, subject, text, time = case
    lines = raw.split(b'\r\n')

    if lines.pop() != b'':
        yield 'does not end with a line end'
    if any(b'\n' in line or b'\r' in line for line in lines):
        yield 'a bare CR or LF'
    if any(line.startswith(b'.') for line in lines):
        yield 'a line begins with a dot'
    if max(map(len, lines)) > 76:
        yield 'a line is too long'
    if any(byte > 126 or byte < 32 for line in lines for byte in line):
        yield 'not ASCII'

    mail = email.message_from_bytes(raw, policy=email.policy.default)

    if mail.defects or any(v.defects for v in mail.values()):
        yield 'defects: %r' % [v.defects for v in mail.values()]
    if sorted(mail.keys()) != sorted([
            'From', 'To', 'Subject', 'Date', 'Message-ID', 'MIME-Version',
            'Content-Type', 'Content-Transfer-Encoding', 'Auto-Submitted']):
        yield 'headers: %r' % mail.keys()
        return

    sender, = mail['From'].addresses
    if sender.addr_spec != FROM:
        yield 'from %r' % sender
    if display_name(raw) != shown(name).rstrip(' '):
        yield 'name %r' % display_name(raw)
    if [a.addr_spec for a in mail['To'].addresses] != [TO]:
        yield 'to %r' % mail['To']
    if mail['Subject'].rstrip(' ') != shown(subject).rstrip(' '):
        yield 'subject %r' % mail['Subject']
    if mail['Date'].datetime != datetime.datetime.fromtimestamp(
            time // 1000, datetime.timezone.utc):
        yield 'date %r' % mail['Date']
    if not re.match('(Mon|Tue|Wed|Thu|Fri|Sat|Sun), ', str(mail['Date'])) \
            or mail['Date'].datetime.strftime('%a') != mail['Date'][:3]:
        yield 'day of the week %r' % mail['Date']
    if mail['Message-ID'] != '<pay_1-x@pay.example.com>':
        yield 'id %r' % mail['Message-ID']
    if mail['Auto-Submitted'] != 'auto-generated':
        yield 'auto-submitted'
    if mail.get_content_type() != 'text/plain':
        yield 'type'
    if canonical(mail.get_payload(decode=True).decode()) != canonical(text):
        yield 'text'


def fields(*values):
    return ''.join(value.encode('utf-8', 'surrogateescape').hex() + ','
                   for value in values) + '\n'


def write(writer, lines):
    answers = subprocess.run([writer], input=''.join(lines), text=True,
                             stdout=subprocess.PIPE, check=True).stdout
    return answers.split('\n')[:-1]


INVALID = [
    ('a line end in the receiver', (FROM, '', TO + '\r\nBcc: a@b.c', '', '',
                                    'x')),
    ('a line end in the sender', ('a@b.c\nX: y', '', TO, '', '', 'x')),
    ('a list of receivers', (FROM, '', TO + ',' + TO, '', '', 'x')),
    ('an id that ends', (FROM, '', TO, '', '', 'x>\r\n')),
    ('no id', (FROM, '', TO, '', '', '')),
    ('a long id', (FROM, '', TO, '', '', 'x' * 65)),
    ('a subject of other bytes', (FROM, '', TO, '\udcff', '', 'x')),
    ('a name of other bytes', (FROM, '\udcc3', TO, '', '', 'x')),
    ('a text of other bytes', (FROM, '', TO, '', '\udce9', 'x')),
]


def main():
    writer = sys.argv[1]
    mails = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1

    all_cases = list(cases(mails, seed))
    answers = write(writer, [
        fields(FROM, name, TO, subject, text, 'pay_1-x', str(time))
        for name, subject, text, time in all_cases])

    found = []
    for case, answer in zip(all_cases, answers, strict=True):
        found += ['%s: %.200r' % (what, case)
                  for what in complaints(case, bytes.fromhex(answer))]

    print('1..%d' % (len(INVALID) + 1))
    for line in found[:10]:
        print('# ' + line)
    print('%s 1 - %d mails read back, seed %d'
          % ('not ok' if found else 'ok', len(all_cases), seed))

    answers = write(writer, [fields(*f, '0') for _, f in INVALID])
    for i, (what, _) in enumerate(INVALID):
        print('%s %d - %s' % ('ok' if answers[i] == 'invalid' else 'not ok',
                              i + 2, what))


if __name__ == '__main__':
    main()
