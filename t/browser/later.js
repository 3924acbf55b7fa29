// Later charges: each page on which a shopper agrees says beside the price how
// much the shop may charge in a month, and so does the receipt.

import { create, payment } from './lib/service.js';
import { finish, is, like, shop } from './lib/shopper.js';

const looks = {
    en: { locale: 'en-GB', number: '33600001701',
          says: /may charge up to €9\.00 a month without asking you again/,
          agree: /agree to both/ },
    fr: { locale: 'fr-FR', number: '33600001702',
          says: /débiter jusqu’à 9,00 € par mois sans vous redemander/,
          agree: /acceptez les deux/ },
};

const order = (fields) => create({ later_charges: { max_per_month: 900 },
                                   ...fields });

async function says(shopper, page, ...patterns) {
    const text = (await shopper.text()).replace(/\s/g, ' ');

    for (const pattern of patterns) {
        like(text, pattern, `the ${page} page says it`);
    }

    await shopper.examine(page);
}

for (const [language, look] of Object.entries(looks)) {
    const { locale, number, says: later, agree } = look;

    await shop(`a tap, ${language}`, { locale, number }, async (shopper) => {
        const made = await order();

        await shopper.open(made);
        await shopper.speaks(language, 'confirm');
        await says(shopper, 'confirm', later, agree);
        await shopper.pay();
        await says(shopper, 'receipt', later);
        is((await payment(made)).status, 'succeeded',
           'the payment has succeeded');
    });

    await shop(`a reservation, ${language}`, { locale, number },
               async (shopper) => {
        await shopper.open(await order({ capture: 'manual' }));
        await says(shopper, 'reserve', later, agree);
    });

    await shop(`a code, ${language}`, { locale, network: 'wifi' },
               async (shopper) => {
        await shopper.open(await order());
        await says(shopper, 'identify', later);
        await shopper.type('input[name="number"]', `+${number}1`.slice(0, 12));
        await shopper.tap('form[action$="/number"] button');
        await says(shopper, 'pin', later, agree);
        await shopper.type('input[name="pin"]', '000000');
        await shopper.tap('form[action$="/pin"] button');
        await says(shopper, 'wrong', later, agree);
    });

    await shop(`a message, ${language}`, { locale, network: 'wifi' },
               async (shopper) => {
        await shopper.open(await order());
        await shopper.tap('form[action$="/mo"] button');
        await says(shopper, 'message', later);
    });

    await shop(`on the handset, ${language}`,
               { locale, number: '33600000008' }, async (shopper) => {
        await shopper.open(await order());
        await shopper.pay();
        await says(shopper, 'waiting', later);
    });
}

await shop('in the dark, at 320 px',
           { locale: 'fr-FR', number: looks.fr.number, dark: true,
             width: 320 }, async (shopper) => {
    await shopper.open(await order());
    await says(shopper, 'confirm', looks.fr.says);
});

await shop('for once', { number: looks.en.number, locale: 'en-GB' },
           async (shopper) => {
    await shopper.open(await create());
    is((await shopper.text()).match(/a month/), null,
       'a page without later charges does not speak of them');
    like(await shopper.text(), /You pay once/, 'it says once');
});

await finish();
