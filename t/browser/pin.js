// On Wi-Fi: a number is typed, and the code that an SMS brings pays.

import { setTimeout as sleep } from 'node:timers/promises';
import { charged, create, payment, pin, sms } from './lib/service.js';
import { finish, is, like, ok, shop } from './lib/shopper.js';

const LOCKED = /Too many wrong codes were entered for this number/;

let lines = 33600001100;

function line() {
    return String(++lines);
}

// as people write it: 06 00 00 11 01

function national(number) {
    return `0${number.slice(2)}`.replace(/(..)(?=.)/g, '$1 ');
}

// as the page shows a number that was typed: +33 6 00 00 11 01

function shown(number) {
    return `+33 ${national(number).slice(1)}`;
}

async function ask(shopper, order, number) {
    await shopper.open(order);
    await shopper.type('input[name="number"]', national(number));
    is(await shopper.tap('form[action$="/number"] button'), 200,
       'the number is taken');
}

async function enter(shopper, digits) {
    await shopper.type('input[name="pin"]', digits);

    return shopper.tap('form[action$="/pin"] button');
}

function alert(shopper) {
    return shopper.find('[role="alert"]').innerText();
}

function wrong(digits) {
    return String((Number(digits) + 1) % 1000000).padStart(6, '0');
}

const languages = {
    en: { locale: 'en-GB', title: 'Enter your code', thanks: /^Paid/,
          sms: /^Demo shop: your code is \d{6} to pay €4\.99/ },
    fr: { locale: 'fr-FR', title: 'Saisissez votre code',
          thanks: /^C’est payé/,
          sms: /^Demo shop : votre code est \d{6} pour payer 4,99 €/ },
};

async function buy(shopper, language) {
    const words = languages[language];
    const order = await create();
    const number = line();

    await ask(shopper, order, number);
    await shopper.speaks(language, 'pin');
    is(await shopper.heading(), words.title, 'the page asks for the code');
    ok((await shopper.text()).includes(shown(number)),
       'the page shows the number that was typed');
    await shopper.isAtHand('form[action$="/pin"] button', 'pin');

    const field = shopper.find('input[name="pin"]');

    is(await field.getAttribute('autocomplete'), 'one-time-code',
       'phones may fill in the code');
    is(await field.getAttribute('inputmode'), 'numeric',
       'phones show digits to type');
    await shopper.examine('pin');

    const [text] = await sms(number);
    const [digits] = /\d{6}/.exec(text);

    like(text, words.sms, 'the SMS has code and price');
    like(text, new RegExp(`\\n@127\\.0\\.0\\.1 #${digits}$`),
         'the SMS names our host');
    is((await payment(order)).status, 'pending',
       'nothing is paid before the code is typed');

    is(await enter(shopper, digits), 200, 'the code is taken');
    like(await shopper.heading(), words.thanks,
         'the receipt is shown');
    await shopper.examine('receipt');
    is((await payment(order)).status, 'succeeded',
       'the payment has succeeded');
    is(await charged(order), 1, 'the operator has charged once');
}

for (const [language, { locale }] of Object.entries(languages)) {
    for (const javascript of [true, false]) {
        const name = `a code, ${language}, `
                     + `${javascript ? 'with' : 'without'} JavaScript`;

        await shop(name, { network: 'wifi', locale, javascript },
                   (shopper) => buy(shopper, language));
    }
}

await shop('a code by the keyboard alone', { network: 'wifi' },
           async (shopper) => {
    const { keyboard } = shopper.page;
    const order = await create();
    const number = line();

    await shopper.open(order);
    await shopper.reach('input[name="number"]');
    await keyboard.type(national(number));
    await shopper.to(() => keyboard.press('Enter'));
    ok(await shopper.find('input[name="pin"]').evaluate((field) => (
        field === document.activeElement)),
        'the field of the code has the focus');
    await keyboard.type(await pin(number));
    await shopper.reach('form[action$="/pin"] button');
    await shopper.to(() => keyboard.press('Enter'));
    like(await shopper.heading(), /^Paid/, 'the receipt is shown');
    is((await payment(order)).status, 'succeeded',
       'the payment has succeeded');
});

// Five tries a code, ten failures of strangers a number.

const victim = line();
const orders = [];

async function guess(shopper, stranger) {
    const order = await create();

    orders.push(order);
    await ask(shopper, order, victim);

    const digits = await pin(victim, stranger);

    for (let left = 4; left > 0; left--) {
        is(await enter(shopper, wrong(digits)), 422,
           'a wrong code is refused');
        like(await alert(shopper), left > 1
            ? new RegExp(`${left} tries are left`) : /One try is left/,
            `${left} of its tries are left`);

        if ([4, 1].includes(left)) {
            await shopper.examine(`wrong-${5 - left}`);
            await shopper.isAtHand('form[action$="/pin"] button',
                                   `wrong-${5 - left}`);
        }
    }

    is(await enter(shopper, wrong(digits)), 422, 'the fifth is refused');
    is(await shopper.find('form[action$="/pin"]').count(), 0,
       'there is no form for a sixth');
    is((await payment(order)).status, 'pending', 'wrong codes pay nothing');
}

await shop('wrong codes, by a stranger', { network: 'wifi' },
           async (shopper) => {
    await guess(shopper, 1);
    like(await alert(shopper), /Ask for a new one/,
         'the page says that the code is no longer good');
    await shopper.examine('wrong-5');
    await shopper.isAtHand('form[action$="/resend"] button', 'wrong-5');
});

await shop('wrong codes, by a second stranger', { network: 'wifi' },
           async (shopper) => {
    await guess(shopper, 2);
    like(await alert(shopper), LOCKED,
         'the page says that the number is locked');
    is(await shopper.find('form[action$="/resend"]').count(), 0,
       'no other code can be asked for');
    await shopper.examine('locks');
});

await shop('a number that strangers have locked', { network: 'wifi' },
           async (shopper) => {
    const order = await create();

    await shopper.open(order);
    await shopper.type('input[name="number"]', national(victim));
    is(await shopper.tap('form[action$="/number"] button'), 422,
       'the number is refused a code');
    like(await alert(shopper), LOCKED,
         'the page says that the number is locked');
    is((await sms(victim)).length, 2, 'no further code is sent');
    await shopper.examine('locked');

    for (const any of [...orders, order]) {
        is(await charged(any), 0, 'wrong codes charge nothing');
    }
});

// Five wrong codes a visitor, about whatever number; then each has to wait. On
// a slow machine the first wait may be over before the next guess, which leads
// to a longer one.

await shop('wrong codes, and a wait', { network: 'wifi' }, async (shopper) => {
    const numbers = [line(), line()];
    const pays = await create();

    await ask(shopper, pays, numbers[1]);

    const right = await pin(numbers[1]);

    await ask(shopper, await create(), numbers[0]);

    const digits = await pin(numbers[0]);

    for (let n = 0; n < 5; n++) {
        is(await enter(shopper, wrong(digits)), 422,
           'a wrong code is refused');
    }

    await shopper.open(pays);

    let status;

    do {
        status = await enter(shopper, wrong(right));
    } while (status === 422);

    is(status, 429, 'the next one, about another number, comes too soon');
    like(await alert(shopper), /were entered over this connection/,
         'the page says why');
    await shopper.examine('later');
    await shopper.isAtHand('form[action$="/pin"] button', 'later');

    const [, seconds] = /try again in (\d+) seconds?\./.exec(
        await alert(shopper));

    ok(seconds > 0, 'the page says when');
    await sleep(1000 * seconds);
    is(await enter(shopper, right), 200, 'then the right code is taken');
    like(await shopper.heading(), /^Paid/, 'the receipt is shown');
    is(await charged(pays), 1, 'the operator has charged once');
});

// Back, a reload and the link opened again: no form is sent again, and what
// the page says is still true.

for (const javascript of [true, false]) {
    const name = `Back, ${javascript ? 'with' : 'without'} JavaScript`;

    await shop(name, { network: 'wifi', javascript }, async (shopper) => {
        const order = await create();
        const number = line();

        await shopper.open(order);
        await shopper.type('input[name="number"]', '0612');
        await shopper.tap('form[action$="/number"] button');
        like(await shopper.page.title(), /^Error: .* Demo shop, €4\.99$/,
             'the title says that something is wrong');
        await shopper.isAtHand('form[action$="/number"] button', 'number');
        is((await shopper.reload()).method, 'GET', 'a reload sends no form');
        like(await alert(shopper), /belongs to no operator/,
             'it says why again');

        await shopper.type('input[name="number"]', national(number));
        is(await shopper.tap('form[action$="/number"] button'), 200,
           'the number is taken');

        const digits = await pin(number);

        await enter(shopper, wrong(digits));
        await enter(shopper, wrong(digits));
        like(await alert(shopper), /3 tries are left/, 'three tries are left');
        is(await shopper.back(), 422, 'Back leads to a page');
        like(await alert(shopper), /3 tries are left/,
             'the page says what is true now');
        is((await shopper.reload()).method, 'GET', 'a reload sends no form');
        like(await alert(shopper), /3 tries are left/, 'and takes no try');

        await shopper.open(order);
        is(await shopper.heading(), 'Enter your code',
           'the link opened again leads to the page of the code');
        is((await sms(number)).length, 1, 'and sends no other');
        await enter(shopper, digits);
        like(await shopper.heading(), /^Paid/, 'the code pays');
        is(await charged(order), 1, 'the operator has charged once');
    });
}

await shop('a mistyped number', { network: 'wifi' }, async (shopper) => {
    const order = await create();
    const slip = line();
    const number = line();

    await ask(shopper, order, slip);
    ok((await shopper.text()).includes(shown(slip)), 'the slip can be seen');
    await shopper.tap('a[href$="?n=other"]');
    is(await shopper.find('input[name="number"]').inputValue(),
       national(slip), 'the number can be corrected');
    await shopper.type('input[name="number"]', national(number));
    is(await shopper.tap('form[action$="/number"] button'), 200,
       'and at once');
    await enter(shopper, await pin(number));
    like(await shopper.heading(), /^Paid/, 'its code pays');
});

await shop('another code', { network: 'wifi' }, async (shopper) => {
    const order = await create();
    const number = line();

    await ask(shopper, order, number);

    const button = shopper.find('form[action$="/resend"] button');

    ok(await button.isDisabled(), 'another code cannot be asked for at once');
    like(await shopper.text(), /You can ask again in \d+ seconds/,
         'the page says when');
});

// A phone that reads the SMS by itself; headless browsers cannot be given one.

await shop('WebOTP', { network: 'wifi' }, async (shopper) => {
    const order = await create();
    const number = line();

    await shopper.context.addInitScript(() => {
        window.OTPCredential ??= class {};
        navigator.credentials.get = (options) => (
            new Promise((fill) => {
                window.arrives = (code) => fill({ code });
                window.asked = options.otp.transport.join();
            }));
    });
    await ask(shopper, order, number);
    is(await shopper.page.evaluate('window.asked'), 'sms',
       'the page asks the phone for the code');

    const digits = await pin(number);

    await shopper.to(() => shopper.page.evaluate(
        (code) => window.arrives(code), digits));
    like(await shopper.heading(), /^Paid/,
         'the code that the phone fills in pays');
    is((await payment(order)).status, 'succeeded',
       'the payment has succeeded');
    is(await charged(order), 1, 'the operator has charged once');
});

await finish();
