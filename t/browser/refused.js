// A shopper who cannot pay, or has not paid, is told why and what else to do.

import { api, charged, create, payment, tls, value } from './lib/service.js';
import { finish, is, like, ok, shop } from './lib/shopper.js';

for (const [language, locale, why] of [['en', 'en-GB', /Wi-Fi/],
                                       ['fr', 'fr-FR', /Wi-Fi/]]) {
    await shop(`on Wi-Fi, ${language}`, { network: 'wifi', locale },
               async (shopper) => {
        const order = await create();

        is(await shopper.open(order), 200, 'the page is shown');
        await shopper.speaks(language, 'identify');
        like(await shopper.text(), why,
             'the page says why the line is not known');
        ok(await shopper.find('input[name="number"]').isVisible(),
           'the page asks for the number');
        await shopper.examine('identify');

        await shopper.type('input[name="number"]', '12');
        is(await shopper.tap('form[action$="/number"] button'), 422,
           'what is no number is refused');
        is(await shopper.find('input[name="number"]')
               .getAttribute('aria-invalid'), 'true',
           'the field is marked as invalid');
        ok(await shopper.find('[role="alert"]').isVisible(),
           'the page says why');
        await shopper.examine('alert');
        is((await payment(order)).status, 'pending',
           'the payment is pending');
    });
}

await shop('barred', { number: '33690000001' }, async (shopper) => {
    const order = await create();

    is(await shopper.open(order), 200, 'the page is shown');
    is(await shopper.heading(), 'This line cannot pay here',
       'the page says that the line cannot pay');
    like(await shopper.text(), /Demo Sans Achats/,
         'the page names the provider');
    await shopper.examine('barred');
    is((await payment(order)).status, 'pending', 'the payment is pending');
    is(await charged(order), 0, 'nothing is charged');
});

await shop('barred, in French', { number: '33690000001', locale: 'fr-FR' },
           async (shopper) => {
    await shopper.open(await create());
    await shopper.speaks('fr', 'barred');
    await shopper.examine('barred');
});

await shop('declined', { number: '33600000002' }, async (shopper) => {
    const order = await create();

    await shopper.open(order);
    is(await shopper.pay(), 200, 'the tap is taken');
    like(await shopper.text(), /The payment was declined/,
         'the page says that it was declined');
    like(await shopper.text(), /Demo France – Your balance or credit is too low/,
         'the page says why');
    like(await shopper.text(), /have not been charged/,
         'the page says that nothing was charged');
    await shopper.examine('declined');

    const { status, attempts } = await payment(order);

    is(status, 'pending', 'the payment waits');
    is(attempts[0].failure.code, 'insufficient_funds',
       'the attempt has the reason');

    is(await shopper.pay(), 200, 'the same line tries again');
    is((await payment(order)).attempts.length, 2, 'that is another attempt');
    await shopper.examine('declined-again');
    await shopper.tap('a[href$="?n=other"]');
    is(await shopper.heading(), 'Your mobile number',
       'another line may be entered');
    like(await shopper.text(), /Demo France – Your balance or credit is too low/,
         'the page says what was tried');
    await shopper.examine('declined-other');
    is(await charged(order), 0, 'nothing is charged');
});

await shop('declined, in French', { number: '33600000003', locale: 'fr-FR' },
           async (shopper) => {
    await shopper.open(await create());
    await shopper.pay();
    await shopper.speaks('fr', 'confirm');
    await shopper.examine('declined');
    await shopper.tap('a[href$="?n=other"]');
    await shopper.speaks('fr', 'identify');
    await shopper.examine('declined-other');
});

await shop('declined too often', { number: '33600000003' },
           async (shopper) => {
    const order = await create();

    await shopper.open(order);

    for (let attempt = 1; attempt <= 5; attempt++) {
        await shopper.pay();
    }

    is(await shopper.heading(), 'The payment did not go through',
       'the page says that it failed');
    like(await shopper.text(), /not approved on the phone/,
         'the page says why');
    ok(await shopper.find('a.button[href^="https://shop.example/"]')
                    .isVisible(), 'the way back is a button');
    await shopper.examine('failed');
    is((await payment(order)).status, 'failed', 'the payment has failed');
});

await shop('expired', {}, async (shopper) => {
    const order = await create();
    const { reference } = await payment(order);

    await shopper.open(order);
    await value('update carrierpay.payment set expires ='
                + ' carrierpay.id_time(id) + 1'
                + ` where reference = '${reference}'`);
    await shopper.pay();
    is(await shopper.heading(), 'This payment has expired',
       'the page says that it has expired');
    await shopper.examine('expired');
    is(await charged(order), 0, 'nothing is charged');
});

await shop('no such payment', {}, async (shopper) => {
    is(await shopper.go(`${tls}/pay/cs_nothing`), 404,
       'the page is not found');
    is(await shopper.heading(), 'There is no such payment',
       'the page says that there is no such payment');
    await shopper.examine('missing');
    is((await api('GET', '/v1/payments/pay_0000000000001')).status, 404,
       'the API does not find it');
});

await finish();
