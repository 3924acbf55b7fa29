// No shopper pays by accident or by a stranger's will.

import { serve } from './lib/elsewhere.js';
import { MOBILE, bot, charged, checkout, create, fields, payment, pin, tls }
    from './lib/service.js';
import { finish, is, like, ok, shop } from './lib/shopper.js';

async function unpaid(order) {
    is((await payment(order)).status, 'pending', 'the payment is pending');
    is(await charged(order), 0, 'nothing is charged');
}

// A program has no browser, and does not read.

await shop('a bot without the page', {}, async () => {
    const order = await create();
    const tap = `${checkout(order)}/confirm`;

    for (const form of [{}, { t: '' }, { t: 'A'.repeat(22) },
                        { t: order.id }]) {
        const { status } = await bot.post(tap, form);

        ok(status >= 300 && status < 500, `refused: ${JSON.stringify(form)}`,
           status);
    }

    await unpaid(order);
});

await shop('a bot that does not read the page', {}, async () => {
    const order = await create();
    const page = await bot.mobile(order);
    const answer = await bot.post(`${checkout(order)}/confirm`, fields(page),
                                  MOBILE);

    is(answer.status, 422, 'a tap at once is refused');
    like(answer.text, /That was very quick/, 'the page says why');
    await unpaid(order);
});

await shop('a bot without a name', {}, async () => {
    const order = await create();
    const { text } = await bot.mobile(order, { 'User-Agent': '' });

    ok(!/\/confirm"/.test(text), 'the page has no button to pay', text);
    await unpaid(order);
});

// A stranger's page that knows even the token.

await shop('a form on a stranger’s page', { elsewhere: true },
           async (shopper) => {
    const order = await create();

    await shopper.open(order);

    const token = await shopper.find('input[name="t"]').inputValue();

    serve('evil.example',
          `<form method="post" action="${checkout(order)}/confirm">`
          + `<input type="hidden" name="t" value="${token}">`
          + '<button>Win a car</button></form>');
    await shopper.read();
    await shopper.go('https://evil.example/');
    is(await shopper.tap('button'), 403,
       'a tap on the form is refused');
    is(await shopper.heading(), 'Open the page itself', 'the page says why');
    await shopper.examine('refused');
    await unpaid(order);

    serve('evil.example',
          `<form method="post" action="${checkout(order)}/confirm">`
          + `<input type="hidden" name="t" value="${token}"></form>`
          + '<script>setTimeout(() => document.forms[0].submit(), 500)'
          + '</script>');
    is(await shopper.submits((waitUntil) => (
        shopper.go('https://evil.example/', waitUntil))), 403,
       'a form that submits itself is refused');
    await unpaid(order);
});

// A script in our own page, as an extension might run it.

await shop('a script that taps', {}, async (shopper) => {
    const order = await create();

    // later than a person could tap

    await shopper.context.addInitScript(() => {
        setTimeout(() => document.querySelector('form')?.submit(), 2500);
    });

    is(await shopper.submits(async (waitUntil) => {
        is(await shopper.open(order, waitUntil), 200, 'the page is shown');
    }), 403, 'the script is refused');
    await shopper.becomes('Tap the button yourself');
    is(await shopper.heading(), 'Tap the button yourself',
       'the page says why');
    await shopper.examine('refused');
    await unpaid(order);
});

function framing(order) {
    return `<iframe src="${checkout(order)}" width="330" height="700">`
           + '</iframe>';
}

await shop('a stranger’s frame', { elsewhere: true }, async (shopper) => {
    const order = await create();

    serve('evil.example', framing(order));
    shopper.expect(/status of 403 .*chrome-error:/);
    shopper.expect(/frame-ancestors/);
    await shopper.go('https://evil.example/');
    is(await shopper.page.frameLocator('iframe').locator('main').count(), 0,
       'the browser shows nothing');
    await unpaid(order);
});

await shop('the merchant’s own frame', { network: 'wifi', elsewhere: true },
           async (shopper) => {
    const order = await create({}, process.env.CARRIERPAY_FRAMED_KEY);
    const frame = shopper.page.frameLocator('iframe');
    const heading = (text) => (
        frame.locator('h1').filter({ hasText: text }).waitFor());

    shopper.expect(/Blocked autofocusing/);
    serve('shop.example', framing(order));
    await shopper.go('https://shop.example/');
    await frame.locator('input[name="number"]').fill('06 00 00 14 01');
    await shopper.photograph('identify');
    await frame.locator('input[name="number"]').press('Enter');
    await heading(/^Enter your code/);
    await frame.locator('input[name="pin"]').fill(await pin('33600001401'));
    await shopper.photograph('pin');
    await frame.locator('input[name="pin"]').press('Enter');
    await heading(/^Paid/);
    await shopper.photograph('receipt');
    is(await charged(order), 1, 'the payment in the frame is charged');
});

// A frame that is registered for the merchant's site is not for another one.

await shop('the merchant’s page in a stranger’s frame',
           { network: 'wifi', elsewhere: true }, async (shopper) => {
    const order = await create({}, process.env.CARRIERPAY_FRAMED_KEY);

    serve('evil.example', framing(order));
    shopper.expect(/frame-ancestors/);
    await shopper.go('https://evil.example/');
    is(await shopper.page.frameLocator('iframe').locator('main').count(), 0,
       'the browser shows nothing');
    is(await charged(order), 0, 'nothing is charged');
});

await finish();
