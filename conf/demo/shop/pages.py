"""The pages: HTML of what the other files know. All text is escaped here."""
import json
import re
import time
from html import escape

from merchant import ITEMS
from phone import SHORT_CODE

LANGUAGES = {'en': 'English', 'fr': 'Français'}
FINAL = ('succeeded', 'failed', 'canceled', 'expired')
TURNS = 20
OPERATORS = {'demo_fr': 'Demo France', 'demo_cm': 'Demo Cameroun'}

TEXTS = {
    'en': {
        'shop': 'Demo shop',
        'phone': 'Phone',
        'mail': 'Mail',
        'messages': 'Messages',
        'lead': 'Small things, paid on your phone bill.',
        'buy': 'Buy',
        'email': 'E-mail for the receipt (optional)',
        'on': 'You are on the mobile network of {}: one tap pays.',
        'off': 'You are on Wi-Fi: nobody knows your number. You may type one, '
               'or come by the operator’s network.',
        'wifi': 'On Wi-Fi',
        'wifi_1': 'Buy something and type a number of the demo, such as '
                  '<b>06 00 00 00 01</b> or <b>+237 600 000 001</b> for '
                  'Cameroon.',
        'wifi_2': 'Read the SMS on the <a href="/phone">phone page</a> and '
                  'type the code.',
        'network': 'On the operator’s network',
        'network_1': 'Give your browser the proxy <code>{}</code> for HTTP '
                     'and HTTPS, and for loopback addresses, too:',
        'network_2': 'The operator’s gateway adds the number 33600000001; '
                     'the payment page knows it.',
        'certificate': 'The demo made its own certificate, so the browser '
                       'asks once whether it may go on.',
        'ends': 'What a number does',
        'order': 'Your order',
        'amount': 'Price',
        'status': 'Status',
        'reference': 'Order',
        'payment': 'Payment',
        'operator': 'Operator',
        'subscriber': 'Subscriber',
        'event': 'What the webhook said',
        'no_event': 'No webhook yet.',
        'type': 'Event',
        'signature': 'Signature',
        'signed': 'right',
        'forged': 'wrong',
        'at': 'Time (UTC)',
        'answer': 'What <code>GET /v1/payments/{}</code> says',
        'go_on': 'Go on paying',
        'back': 'Back to the shop',
        'succeeded': 'Paid. Enjoy it!',
        'pending': 'Not paid yet',
        'processing': 'The operator is charging you',
        'failed': 'Not paid',
        'canceled': 'Canceled',
        'expired': 'Too late: the payment has expired',
        'write': 'Text to {}',
        'send': 'Send',
        'empty': 'No messages yet.',
        'no_mails': 'No mails yet.',
        'closed': 'Mails are not shown: Debian’s python3-aiosmtpd is not '
                  'installed, or port {} is taken.',
        'to': 'to',
        'not_sent': 'not sent',
        'by_kannel': 'Messages come through Kannel and its fake SMSC.',
        'by_sandbox': 'Messages come through the sandbox SMS gateway of the '
                      'module. With the Debian package kannel they would come '
                      'through Kannel.',
        'by_sandbox_now': 'Kannel does not answer: the sandbox SMS gateway '
                          'of the module takes its place.',
        'reload': 'Look again',
        'other': 'seen here',
        'terms': 'Terms',
        'terms_1': 'This shop sells nothing: it shows how carrierpay works. '
                   'The operators are a sandbox and charge nobody.',
        'terms_2': 'What you buy here is yours at once, and you may tell '
                   'everybody.',
        'not_found': 'There is no such page.',
        'refused': 'This came from another place, and is not taken.',
        'broken': 'The demo has a fault; run/shop/shop.out tells more.',
        'no_payment': 'No payment could be made.',
        'charged': 'charged',
        'no_funds': 'has no funds',
        'declines': 'declines',
        'blocked': 'is blocked',
        'slow': 'charged, slowly',
        'silent': 'charged, no answer',
        'lost': 'not charged, no answer',
        'approves': 'approves on the handset',
        'approves_not': 'refuses on the handset',
        'refund_not': 'refund refused',
        'refund_silent': 'refunded, no answer',
        'capture_not': 'capture refused',
        'capture_silent': 'captured, no answer',
        'release_not': 'release refused',
        'release_silent': 'released, no answer',
        'virtual': 'of an MVNO',
        'barred': 'barred by an MVNO',
        'cameroon': 'Cameroon',
    },
    'fr': {
        'shop': 'Boutique démo',
        'phone': 'Téléphone',
        'mail': 'E-mail',
        'messages': 'Messages',
        'lead': 'De petites choses, sur votre facture mobile.',
        'buy': 'Acheter',
        'email': 'E-mail pour le reçu (facultatif)',
        'on': 'Vous êtes sur le réseau mobile de {} : un geste suffit pour '
              'payer.',
        'off': 'Vous êtes en Wi-Fi : personne ne connaît votre numéro. '
               'Saisissez-en un, ou venez par le réseau de l’opérateur.',
        'wifi': 'En Wi-Fi',
        'wifi_1': 'Achetez quelque chose et saisissez un numéro de la démo, '
                  'comme <b>06 00 00 00 01</b>, ou <b>+237 600 000 001</b> '
                  'pour le Cameroun.',
        'wifi_2': 'Lisez le SMS sur la <a href="/phone">page du téléphone</a> '
                  'et saisissez le code.',
        'network': 'Sur le réseau de l’opérateur',
        'network_1': 'Donnez à votre navigateur le proxy <code>{}</code> pour '
                     'HTTP et HTTPS, même pour les adresses locales :',
        'network_2': 'La passerelle de l’opérateur ajoute le numéro '
                     '33600000001 ; la page de paiement le connaît.',
        'certificate': 'La démo a fait son propre certificat : le navigateur '
                       'demande une fois s’il peut continuer.',
        'ends': 'Ce que fait un numéro',
        'order': 'Votre commande',
        'amount': 'Prix',
        'status': 'État',
        'reference': 'Commande',
        'payment': 'Paiement',
        'operator': 'Opérateur',
        'subscriber': 'Abonné',
        'event': 'Ce que le webhook a dit',
        'no_event': 'Pas encore de webhook.',
        'type': 'Événement',
        'signature': 'Signature',
        'signed': 'juste',
        'forged': 'fausse',
        'at': 'Heure (UTC)',
        'answer': 'Ce que dit <code>GET /v1/payments/{}</code>',
        'go_on': 'Continuer le paiement',
        'back': 'Retour à la boutique',
        'succeeded': 'C’est payé. Profitez-en !',
        'pending': 'Pas encore payé',
        'processing': 'L’opérateur débite votre compte',
        'failed': 'Non payé',
        'canceled': 'Annulé',
        'expired': 'Trop tard : le paiement a expiré',
        'write': 'SMS au {}',
        'send': 'Envoyer',
        'empty': 'Pas encore de message.',
        'no_mails': 'Pas encore d’e-mail.',
        'closed': 'Les e-mails ne sont pas montrés : python3-aiosmtpd de '
                  'Debian n’est pas installé, ou le port {} est pris.',
        'to': 'à',
        'not_sent': 'non envoyé',
        'by_kannel': 'Les messages passent par Kannel et son faux SMSC.',
        'by_sandbox': 'Les messages passent par la passerelle SMS d’essai du '
                      'module. Avec le paquet Debian kannel, ils passeraient '
                      'par Kannel.',
        'by_sandbox_now': 'Kannel ne répond pas : la passerelle SMS d’essai '
                          'du module le remplace.',
        'reload': 'Regarder encore',
        'other': 'vu ici',
        'terms': 'Conditions',
        'terms_1': 'Cette boutique ne vend rien : elle montre comment '
                   'carrierpay fonctionne. Les opérateurs sont des bacs à '
                   'sable et ne débitent personne.',
        'terms_2': 'Ce que vous achetez ici est à vous aussitôt, et vous '
                   'pouvez en parler à tout le monde.',
        'not_found': 'Cette page n’existe pas.',
        'refused': 'Ceci vient d’ailleurs et n’est pas accepté.',
        'broken': 'La démo a un défaut ; run/shop/shop.out en dit plus.',
        'no_payment': 'Le paiement n’a pas pu être créé.',
        'charged': 'débité',
        'no_funds': 'sans crédit',
        'declines': 'refuse',
        'blocked': 'bloqué',
        'slow': 'débité, lentement',
        'silent': 'débité, sans réponse',
        'lost': 'non débité, sans réponse',
        'approves': 'valide sur le téléphone',
        'approves_not': 'refuse sur le téléphone',
        'refund_not': 'remboursement refusé',
        'refund_silent': 'remboursé, sans réponse',
        'capture_not': 'encaissement refusé',
        'capture_silent': 'encaissé, sans réponse',
        'release_not': 'libération refusée',
        'release_silent': 'libéré, sans réponse',
        'virtual': 'd’un MVNO',
        'barred': 'exclu par un MVNO',
        'cameroon': 'Cameroun',
    },
}

ART = {
    'story': '<path d="M38 70l5-38h10l5 38M40 32h16M42 32V22l6-6 6 6v10M41 '
             '46h14M40 58h16M12 74c6-4 12-4 18 0s12 4 18 0 12-4 18 0 12 4 18 '
             '0"/><path class="ray" d="M62 24l22-8M62 28l22 6M34 24l-22-8M34 '
             '28l-22 6"/>',
    'coins': '<path d="M10 44l76-30-30 68-14-28zM42 54l44-40M42 54l-4 22 '
             '11-11"/><path class="ray" d="M8 66h14M12 78h18"/>',
    'concert': '<path d="M36 66V22l40-8v42"/><circle cx="27" cy="66" r="9"/>'
               '<circle cx="67" cy="56" r="9"/><path class="ray" '
               'd="M8 18c8 0 8 8 16 8M8 34c8 0 8 8 16 8"/>',
}

SIGNS = {
    'good': '<path d="M14 25l7 7 13-15"/>',
    'bad': '<path d="M24 13v14M24 34v.5"/>',
    'wait': '<path d="M24 13v12l7 5"/>',
}


def page(language, title, body, head='', nav=''):
    text = TEXTS[language]
    other = 'fr' if language == 'en' else 'en'
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<title>{escape(title)}</title>
<link rel="icon" href="/logo.png">
<link rel="stylesheet" href="/style.css">
{head}</head>
<body>
<header>
<a class="name" href="/"><img src="/logo.png" alt="" width="40" height="40">
{text['shop']}</a>
<nav><a href="/phone">{text['phone']}</a>
<a href="?lang={other}{nav}" lang="{other}" hreflang="{other}">\
{LANGUAGES[other]}</a></nav>
</header>
{body}
</body>
</html>
"""


def price(language, amount, currency):
    if currency == 'XAF':
        if language == 'fr':
            return f'{amount:,} FCFA'.replace(',', '\u202f').replace(
                ' ', '\u00a0')
        return f'FCFA\u00a0{amount:,}'
    number = f'{amount // 100:,}.{amount % 100:02}'
    if language == 'fr':
        return number.replace(',', '\u202f').replace('.', ',') + '\u00a0€'
    return '€' + number


def links(text):
    """Escaped, its addresses as links."""
    return re.sub(r'https?://[^\s<>"]+[^\s<>".,]',
                  lambda url: f'<a href="{url[0]}" rel="noreferrer">{url[0]}'
                              '</a>', escape(text))


def sign(mood):
    return (f'<svg class="sign {mood}" viewBox="0 0 48 48" aria-hidden="true">'
            f'<circle cx="24" cy="24" r="22"/>{SIGNS[mood]}</svg>')


def message(language, name, detail=''):
    text = TEXTS[language]
    more = f'<p class="small">{escape(detail)}</p>' if detail else ''
    return page(language, text['shop'], f"""<main class="card">
{sign('bad')}
<h1>{text[name]}</h1>
{more}
<p><a class="button" href="/">{text['back']}</a></p>
</main>""")


def terms(language):
    text = TEXTS[language]
    return page(language, text['terms'], f"""<main class="card">
<h1>{text['terms']}</h1>
<p>{text['terms_1']}</p>
<p>{text['terms_2']}</p>
<p class="more"><a href="/">{text['back']}</a></p>
</main>""")


def shop(language, visitor, gateway, order):
    text = TEXTS[language]
    operator = visitor['operator']
    known = visitor['identity'] == 'accepted'
    where = (text['on'].format(escape(OPERATORS.get(operator, operator)))
             if known else text['off'])
    return page(language, text['shop'], f"""<main>
<h1>{text['lead']}</h1>
<p class="where{' good' if known else ''}">{where}</p>
<form method="post" action="/buy">
<input type="hidden" name="order" value="{order}">
<ul class="items">
{''.join(item(language, one) for one in ITEMS)}</ul>
<p class="email"><label for="email">{text['email']}</label>
<input id="email" name="email" type="email" autocomplete="email"
 maxlength="254"></p>
</form>
<section class="help">
<div><h2>{text['wifi']}</h2>
<ol><li>{text['wifi_1']}</li><li>{text['wifi_2']}</li></ol></div>
<div><h2>{text['network']}</h2>
<p>{text['network_1'].format(escape(gateway))}</p>
<pre>chromium --user-data-dir=/tmp/carrierpay-demo \\
  --proxy-server={escape(gateway)} \\
  --proxy-bypass-list='&lt;-loopback&gt;' \\
  http://127.0.0.1:8080/</pre>
<p>{text['network_2']}</p></div>
</section>
<p class="small">{text['certificate']}</p>
</main>""")


def item(language, name):
    thing = ITEMS[name]
    title, about = thing[language]
    cost = price(language, thing['amount'], thing['currency'])
    return f"""<li class="card">
<svg class="art" viewBox="0 0 96 96" aria-hidden="true">{ART[name]}</svg>
<h2>{escape(title)}</h2>
<p>{escape(about)}</p>
<p class="price">{cost}</p>
<button name="item" value="{name}">{TEXTS[language]['buy']}
<span class="hidden">: {escape(title)}</span></button>
</li>
"""


def order(language, payment, event, turn):
    text = TEXTS[language]
    status = payment['status']
    mood = ('good' if status == 'succeeded' else
            'bad' if status in FINAL else 'wait')
    waits = status == 'processing' or status in FINAL and not event
    here = f'order={escape(payment["reference"])}&payment={payment["id"]}'
    head = ''
    if waits and turn < TURNS:
        head = ('<meta http-equiv="refresh" content="1;url=/order?'
                f'{here}&turn={turn + 1}">\n')
    failure = payment['failure']
    reason = f'<p>{escape(failure["message"])}</p>' if failure else ''
    action = payment['next_action'] if status == 'pending' else None
    more = (f'<p><a class="button" href="{escape(action["url"])}">'
            f'{text["go_on"]}</a></p>' if action else '')
    rows = [(text['amount'], price(language, payment['amount'],
                                   payment['currency'])),
            (text['status'], status)]
    rows += [(text[name], payment[field]) for name, field in (
        ('operator', 'operator'), ('subscriber', 'subscriber'),
        ('reference', 'reference'), ('payment', 'id')) if payment[field]]
    return page(language, text['order'], f"""<main class="card">
{sign(mood)}
<h1>{text.get(status, escape(status))}</h1>
<p class="description">{escape(payment['description'])}</p>
{reason}
{table(rows)}
<h2>{text['event']}</h2>
{webhook(text, event)}
{more}
<details><summary>{text['answer'].format('…')}</summary>
<pre>{escape(json.dumps(payment, indent=2, ensure_ascii=False))}</pre>
</details>
<p class="more"><a href="/">{text['back']}</a></p>
</main>""", head, '&' + here)


def table(rows):
    return '<dl>' + ''.join(
        f'<div><dt>{name}</dt><dd>{escape(value)}</dd></div>'
        for name, value in rows) + '</dl>'


def webhook(text, event):
    if not event:
        return f'<p>{text["no_event"]}</p>'
    proof = text['signed' if event['verified'] else 'forged']
    return table([(text['type'], event['type']), (text['signature'], proof),
                  (text['at'], event['at'].replace('T', ' ')[:19])])


def tabs(language, here):
    text = TEXTS[language]
    return f'<nav class="tabs" aria-label="{text["phone"]}">' + ''.join(
        f'<a href="{href}"{" aria-current=page" if name == here else ""}>'
        f'{text[name]}</a>' for name, href in (
            ('messages', '/phone'), ('mail', '/phone/mail'))) + '</nav>'


def phone(language, position, handsets, phones, mailbox):
    text = TEXTS[language]
    listed = ''.join(
        f'<li><a href="/phone?phone={one}"'
        f'{" aria-current=page" if one == position else ""}>'
        f'<b>+{escape(handset.number)}</b> '
        f'<span>{text[handset.name or "other"]}</span></a></li>\n'
        for one, handset in enumerate(handsets))
    if not phones.kannel:
        by = 'by_sandbox'
    else:
        by = 'by_kannel' if phones.kannel.line else 'by_sandbox_now'
    number = handsets[position].number
    quick = ''.join(f'<button class="chip" name="text" value="{word}">{word}'
                    '</button>' for word in
                    (('OUI', 'INFO', 'AIDE', 'STOP') if language == 'fr' else
                     ('YES', 'INFO', 'HELP', 'STOP')))
    write = text['write'].format(SHORT_CODE)
    return page(language, text['phone'], f"""<main class="desk">
<section class="phones">
<h1>{text['phone']}</h1>
<ul id="phones">
{listed}</ul>
<p class="small">{text[by]}</p>
</section>
<section class="handset" aria-label="+{escape(number)}">
{tabs(language, 'messages')}
<p class="line">+{escape(number)}</p>
<div id="thread" data-phone="{position}" aria-live="polite" tabindex="0">
{thread(language, phones, number)}</div>
<form method="post" action="/phone/send" class="quick">
<input type="hidden" name="phone" value="{position}">
{quick}</form>
<form method="post" action="/phone/send" class="write">
<input type="hidden" name="phone" value="{position}">
<input name="text" aria-label="{write}" placeholder="{write}" maxlength="160"
 required autocomplete="off">
<button>{text['send']}</button>
</form>
<noscript><p class="more"><a href="/phone?phone={position}">{text['reload']}\
</a></p></noscript>
</section>
</main>""", '<script src="/phone.js" defer></script>\n',
                f'&phone={position}')


def thread(language, phones, number):
    text = TEXTS[language]
    version = phones.version()
    found = phones.messages(number)
    if not found:
        inner = f'<p class="empty">{text["empty"]}</p>'
    else:
        inner = '<ol>' + ''.join(bubble(text, one) for one in found) + '</ol>'
    return f'<div data-version="{version}">{inner}</div>'


def bubble(text, entry):
    at = time.strftime('%H:%M:%S', time.localtime(entry['at'] / 1000))
    outgoing = entry['way'] == 'out'
    who = f'{text["to"]} {entry["peer"]}' if outgoing else entry['peer']
    note = '' if entry.get('sent', True) else f' · {text["not_sent"]}'
    return (f'<li class="{"out" if outgoing else "in"}">'
            f'<p>{links(entry["text"])}</p>'
            f'<small>{escape(who)} · {at} · {escape(entry["via"])}{note}'
            '</small></li>\n')


def mail(language, mailbox, phones):
    text = TEXTS[language]
    mails = mailbox.mails()
    note = ('' if mailbox.open() else
            f'<p class="small">{text["closed"].format(mailbox.port)}</p>')
    if mails:
        inner = ''.join(letter(text, one) for one in reversed(mails))
    else:
        inner = f'<p class="empty">{text["no_mails"]}</p>' if not note else ''
    return page(language, text['mail'], f"""<main class="desk">
<section class="handset mail">
<h1 class="hidden">{text['mail']}</h1>
{tabs(language, 'mail')}
{note}
{inner}
</section>
</main>""")


def letter(text, entry):
    at = time.strftime('%Y-%m-%d %H:%M:%S',
                       time.localtime(entry['at'] / 1000))
    return (f'<article><h2>{escape(entry["subject"])}</h2>'
            f'<p class="small">{escape(entry["from"])} {text["to"]} '
            f'{escape(entry["to"])} · {at}</p>'
            f'<pre>{links(entry["text"])}</pre></article>\n')
