// On mobile data: the operator says whose line it is, and one tap pays.

import { finish, is, like, shop } from './lib/shopper.js';
import { charged, create, payment } from './lib/service.js';

const languages = {
    en: { locale: 'en-GB', title: 'Confirm your payment', price: '€4.99',
          button: /^Pay /, thanks: /^Paid/ },
    fr: { locale: 'fr-FR', title: 'Confirmez votre paiement',
          price: '4,99 €', button: /^Payer /, thanks: /^C’est payé/ },
};

for (const [language, words] of Object.entries(languages)) {
    const { locale } = words;

    await shop(`one tap, ${language}`, { locale }, async (shopper) => {
        const order = await create();

        is(await shopper.open(order), 200, 'the page');
        await shopper.speaks(language, 'confirm');
        is(await shopper.heading(), words.title, 'asks for a tap');

        const text = await shopper.text();

        like(text, /Demo shop/, 'names the merchant');
        like(text, /100 coins/, 'names the goods');
        like(text, /4[.,]99/, 'names the price');
        like(text, /Demo France/, 'names whose bill it is');
        like(text, /\+33.*01/, 'hints at the line');
        like(await shopper.find('form button').textContent(), words.button,
             'the button says what it does');
        await shopper.examine('confirm');
        is((await payment(order)).status, 'pending', 'nothing is paid by a '
           + 'look');

        is(await shopper.pay(), 200, 'a tap');
        await shopper.speaks(language, 'receipt');
        like(await shopper.heading(), words.thanks, 'thanks');
        await shopper.examine('receipt');

        const paid = await payment(order);

        is(paid.status, 'succeeded', 'paid');
        is(await charged(order), 1, 'charged once');
    });
}

await finish();
