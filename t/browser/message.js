// On Wi-Fi: an SMS from the shopper tells the number, a second one agrees to
// the price, and a tap pays.

import { charged, create, payment, send, sms } from './lib/service.js';
import { finish, is, like, shop } from './lib/shopper.js';

let lines = 33600001200;

async function code(shopper) {
    const text = await shopper.find('.send').innerText();

    like(text, /^(YES|OUI) \d+ (to|au) 38888$/,
         'the page says what to send, and where');

    return text.replace(/ (to|au) 38888$/, '');
}

for (const [language, locale, thanks] of [['en', 'en-GB', /^Paid/],
                                          ['fr', 'fr-FR', /^C’est payé/]]) {
    for (const javascript of [true, false]) {
        const name = `an SMS, ${language}, `
                     + `${javascript ? 'with' : 'without'} JavaScript`;

        await shop(name, { network: 'wifi', locale, javascript },
                   async (shopper) => {
            const order = await create();
            const number = String(++lines);

            await shopper.open(order);
            is(await shopper.tap('form[action$="/mo"] button'), 200,
               'the choice to send an SMS leads to a page');
            await shopper.speaks(language, 'mo');
            await shopper.examine('message');

            const text = await code(shopper);

            like(await shopper.find('.button').getAttribute('href'),
                 new RegExp(`^sms:38888\\?&body=${text.replace(' ', '%20')}$`),
                 'the button opens an SMS with number and text');

            is(await send(number, text), 200, 'the SMS is taken');

            const asked = (await sms(number)).at(-1);

            like(asked, /€4\.99|4,99 €/, 'the SMS is answered with the price');
            like(await shopper.text(), new RegExp(text),
                 'the page still waits');

            const [word] = asked.match(/PAY(ER)? \d{6}/);

            is(await send(number, word), 200, "the payer's word is taken");

            await shopper.becomes(language === 'en'
                                  ? /^Confirm/ : /^Confirmez/);
            like(await shopper.text(),
                 new RegExp(`\\+33\\*+${number.slice(-2)}`),
                 'the page updates automatically, with the line');
            is((await payment(order)).status, 'pending',
               'an SMS pays nothing');
            await shopper.examine('confirm');
            is(await shopper.pay(), 200, 'the tap is taken');
            like(await shopper.heading(), thanks, 'the receipt is shown');
            is((await payment(order)).status, 'succeeded',
               'the payment has succeeded');
            is(await charged(order), 1, 'the operator has charged once');
        });
    }
}

await finish();
