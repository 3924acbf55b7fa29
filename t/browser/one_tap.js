// On mobile data: the operator names the shopper's number, and one tap pays.

import { charged, create, payment, value } from './lib/service.js';
import { finish, is, like, ok, shop } from './lib/shopper.js';

const languages = {
    en: { locale: 'en-GB', title: 'Confirm your payment', price: '€4.99',
          bill: 'added to your Demo France bill', thanks: /^Paid/ },
    fr: { locale: 'fr-FR', title: 'Confirmez votre paiement',
          price: '4,99 €', bill: 'ajouté à votre facture Demo France',
          thanks: /^C’est payé/ },
};

async function buy(shopper, language) {
    const words = languages[language];
    const order = await create();

    is(await shopper.open(order), 200, 'the page is shown');
    await shopper.speaks(language, 'confirm');
    is(await shopper.heading(), words.title, 'the page asks for a tap');

    const text = await shopper.text();

    like(text, /Demo shop/, 'the page names the merchant');
    like(text, /100 coins/, 'the page names the goods');
    ok(text.includes(words.price), 'the page names the price', text);
    ok(text.includes(words.bill), 'the page names the bill', text);
    like(text, /\+33\*+01/, 'the page shows the masked number');
    ok((await shopper.find('form[action$="/confirm"] button').innerText()).replace('\u00a0', ' ')
           .endsWith(words.price), 'the button names the price');
    await shopper.examine('confirm');
    is((await payment(order)).status, 'pending',
       'opening the page pays nothing');

    is(await shopper.pay(), 200, 'the tap is taken');
    await shopper.speaks(language, 'receipt');
    like(await shopper.heading(), words.thanks,
         'the receipt is shown');
    await shopper.examine('receipt');

    await paid(order);
}

async function paid(order, locale) {
    const { status, reference } = await payment(order);

    is(status, 'succeeded', 'the payment has succeeded');
    is(await charged(order), 1, 'the operator has charged once');
    is(await value('select count(*) from carrierpay.consent c'
                   + ' join carrierpay.payment p on p.id = c.payment_id'
                   + ` where p.reference = '${reference}'`
                   + " and c.agent like '%Mobile%' and c.page is not null"),
       '1', 'the consent has the browser and the page');
}

for (const [language, { locale }] of Object.entries(languages)) {
    await shop(`one tap, ${language}`, { locale }, async (shopper) => {
        await buy(shopper, language);
    });
}

await shop('without JavaScript', { javascript: false }, async (shopper) => {
    await buy(shopper, 'en');
});

await shop('the keyboard alone', {}, async (shopper) => {
    const order = await create();

    await shopper.open(order);
    await shopper.reach('form[action$="/confirm"] button');
    await shopper.photograph('focus');
    await shopper.read();
    is(await shopper.to(() => shopper.page.keyboard.press('Enter')), 200,
       'the key Enter pays');
    like(await shopper.heading(), /^Paid/, 'the receipt is shown');
    await shopper.reach('.button');
    await paid(order);
});

// 0005: the operator takes its time, so the second tap meets the first

for (const javascript of [true, false]) {
    const name = `two taps, ${javascript ? 'with' : 'without'} JavaScript`;

    await shop(name, { javascript, number: '33600000005' },
               async (shopper) => {
        const order = await create();

        await shopper.open(order);
        await shopper.read();

        const { x, y } = await shopper.find('form[action$="/confirm"] button').boundingBox();

        await shopper.to(async () => {
            await shopper.page.touchscreen.tap(x + 20, y + 20);
            await shopper.page.touchscreen.tap(x + 20, y + 20);
        });
        await shopper.becomes(/^Paid/);
        await paid(order);
    });
}

await shop('back after the receipt', {}, async (shopper) => {
    const order = await create();

    await shopper.open(order);
    await shopper.pay();
    await shopper.page.goBack();
    await shopper.photograph('back');

    // a browser that shows the old page allows another tap

    if (await shopper.find('form[action$="/confirm"]').count()) {
        await shopper.pay();
    }

    like(await shopper.heading(), /^Paid/, 'the receipt is shown');
    await paid(order);
});

await finish();
