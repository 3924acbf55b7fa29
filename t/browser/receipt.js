// After the payment: back to the shop, the receipt by e-mail, no more of it.

import { api, charged, create, payment, value } from './lib/service.js';
import { finish, is, like, ok, shop } from './lib/shopper.js';
import { until } from './lib/wait.js';

async function buy(shopper, fields) {
    const order = await create(fields);

    await shopper.open(order);
    await shopper.pay();
    is((await payment(order)).status, 'succeeded',
       'the payment has succeeded');

    return order;
}

async function mailed(reference) {
    return until(`the end of the mail about ${reference}`, async () => {
        const state = await value('select carrierpay.message_state(m.state)'
            + ' from carrierpay.message m'
            + ' join carrierpay.payment p on p.id = m.payment_id'
            + ` where m.channel = 'm' and p.reference = '${reference}'`);

        return state !== 'queued' && state;
    });
}

await shop('a receipt by e-mail', { number: '33600001301' },
           async (shopper) => {
    const order = await buy(shopper);
    const { reference } = await payment(order);

    await shopper.find('form[action$="/mail"]').evaluate((form) => {
        form.noValidate = true;
    });
    await shopper.type('input[name="email"]', 'nobody');
    is(await shopper.tap('form[action$="/mail"] button'), 422,
       'what is no address is refused');
    ok(await shopper.find('[role="alert"]').isVisible(), 'the page says why');
    await shopper.examine('malformed');

    await shopper.type('input[name="email"]', 'shopper@example.org');
    is(await shopper.tap('form[action$="/mail"] button'), 200,
       'an address is taken');
    like(await shopper.find('[role="status"]').innerText(),
         /will be sent to \S+@\S+\.\w/,
         'the page says that the mail will be sent');
    await shopper.examine('sent');
    is(await mailed(reference), 'sent', 'the mail is sent');
});

for (const locale of ['en-GB', 'fr-FR']) {
    const number = locale === 'fr-FR' ? '33600001303' : '33600001302';

    await shop(`no more of it, ${locale.slice(0, 2)}`, { number, locale },
               async (shopper) => {
        const order = await buy(shopper);
        const { subscriber } = await payment(order);

        is(await shopper.tap('a[href$="/stop"]'), 200, 'the link leads on');
        await shopper.speaks(locale.slice(0, 2), 'stop');
        await shopper.examine('stop');
        is(await shopper.tap('form[action$="/stop"] button'), 200,
           'the form blocks purchases');
        await shopper.examine('stopped');

        const { status, json } = await api('POST', '/v1/payments', {
            amount: 499, currency: 'EUR', description: '100 coins',
            reference: 'later', confirm: true, subscriber,
        });

        ok(status === 422 || json.status === 'failed',
           'the shop can no longer charge the subscriber',
           JSON.stringify(json));

        const next = await create();

        await shopper.open(next);
        is(await shopper.find('form[action$="/confirm"]').count(), 0,
           'the page of another payment has no button');
        await shopper.examine('blocked');
        is(await charged(next), 0, 'nothing is charged');
    });
}

await shop('back to the shop', { number: '33600001304', elsewhere: true },
           async (shopper) => {
    const order = await buy(shopper);

    is(await shopper.tap('.button'), 200, 'the button leads on');
    is(shopper.page.url(), 'https://shop.example/done?payment='
       + `${order.id}&status=succeeded`, 'the shop is told the status');
    is(await shopper.page.evaluate('document.referrer'), '',
       'the shop gets no Referer');
});

// The browser's clock is moved on, so that the test does not wait.

await shop('back to the shop by itself',
           { number: '33600001305', elsewhere: true }, async (shopper) => {
    await shopper.page.clock.install();
    await buy(shopper);
    await shopper.to(() => shopper.page.clock.runFor(12000));
    like(shopper.page.url(), /^https:\/\/shop\.example\/done\?/,
         'the receipt leads back to the shop by itself');
});

await shop('a touch, and it stays', { number: '33600001306' },
           async (shopper) => {
    await shopper.page.clock.install();
    await buy(shopper);
    await shopper.find('h1').tap();
    await shopper.page.clock.runFor(30000);
    like(await shopper.heading(), /^Paid/, 'the receipt stays');
});

await finish();
