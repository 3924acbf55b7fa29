"""The merchant's side: what is sold, and the calls of carrierpay's API."""
import json
import re
import ssl
import urllib.error
import urllib.request

ITEMS = {
    'story': {
        'amount': 499, 'currency': 'EUR',
        'en': ('The Lighthouse at Low Tide',
               'An audiobook for one long evening. 3 h 10 min.'),
        'fr': ('Le phare à marée basse',
               'Un livre audio pour une longue soirée. 3 h 10.'),
    },
    'coins': {
        'amount': 199, 'currency': 'EUR',
        'en': ('500 paper planes',
               'Coins for the game Paper Planes. They never expire.'),
        'fr': ('500 avions en papier',
               'Des pièces pour le jeu Paper Planes. Sans date limite.'),
    },
    'concert': {
        'amount': 1500, 'currency': 'XAF',
        'en': ('Sunday in Douala',
               'A concert, recorded live. For subscribers in Cameroon.'),
        'fr': ('Dimanche à Douala',
               'Un concert, enregistré en public. Pour les abonnés du'
               ' Cameroun.'),
    },
}

TIMEOUT_S = 35
LOG_MAX = 4 << 20


class Refused(Exception):
    """The API did not do as asked; its text is for people."""


class Merchant:
    """Calls the API with the demo's key."""

    def __init__(self, settings):
        self.settings = settings
        self.tls = ssl.create_default_context(cafile=settings['ca'])

    def create(self, item, order, language, email):
        """Makes the payment of an order; the URL to send the shopper to.

        The order's name is the Idempotency-Key, so that a form that is sent
        twice makes one payment.
        """
        if item not in ITEMS or not re.fullmatch(r'order-[0-9a-f]{10}',
                                                 order or ''):
            raise Refused('no such item or order')
        thing = ITEMS[item]
        order += '-' + item
        request = {
            'amount': thing['amount'],
            'currency': thing['currency'],
            'description': thing[language][0],
            'reference': order,
            'return_url': '%s/order?order=%s' % (self.settings['shop'],
                                                 order),
            'locale': language,
            'metadata': {'item': item},
        }
        if email:
            request['receipt_email'] = email
        payment = self.call('POST', '/v1/payments', request, order)
        if not payment.get('next_action'):
            return '%s&payment=%s' % (request['return_url'], payment['id'])
        return payment['next_action']['url']

    def payment(self, ident):
        """The payment as it is now, or None."""
        if not re.fullmatch(r'pay_[0-9a-z]{13}', ident or ''):
            return None
        return self.call('GET', '/v1/payments/' + ident)

    def event(self, ident):
        """The last webhook about a payment, as its receiver logged it."""
        found = None
        try:
            with open(self.settings['webhooks'], 'rb') as log:
                log.seek(0, 2)
                log.seek(max(0, log.tell() - LOG_MAX))
                lines = log.readlines()
        except FileNotFoundError:
            return None
        for line in lines:
            if ident.encode() in line and line.startswith(b'{'):
                entry = json.loads(line)
                body = json.loads(entry['body'])
                if body['data']['id'] == ident:
                    found = {'at': entry['at'], 'type': body['type'],
                             'verified': entry['verified'],
                             'id': entry['id']}
        return found

    def call(self, method, path, body=None, key=None):
        headers = {'Authorization': 'Bearer ' + self.settings['key']}
        if body is not None:
            headers['Content-Type'] = 'application/json'
            headers['Idempotency-Key'] = key
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.settings['api'] + path, body,
                                         headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S,
                                        context=self.tls) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise Refused(problem(error)) from None
        except (OSError, ValueError) as error:
            raise Refused('the API does not answer: %s' % error) from None


def problem(error):
    """What a problem+json says."""
    try:
        told = json.load(error)
        return '%s: %s' % (told['code'], told['detail'])
    except (KeyError, TypeError, ValueError):
        return 'HTTP %d' % error.code
