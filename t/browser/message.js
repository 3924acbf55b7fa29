// On Wi-Fi: an SMS of the shopper's says whose line it is, and then he pays
// with a tap.

import { charged, create, payment, send, sms } from './lib/service.js';
import { finish, is, like, shop } from './lib/shopper.js';

let lines = 33600001200;

async function code(shopper) {
    const text = await shopper.find('.send').innerText();

    like(text, /^(YES|OUI) \d+ (to|au) 38888$/, 'what to send, and where');

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
               'he would rather send an SMS');
            await shopper.speaks(language, 'mo');
            await shopper.examine('message');

            const text = await code(shopper);

            like(await shopper.find('.button').getAttribute('href'),
                 new RegExp(`^sms:38888\\?&body=${text.replace(' ', '%20')}$`),
                 'the button opens the app with all of it');

            is(await send(number, text), 200, 'he sends it');
            like((await sms(number)).at(-1), /4[.,]99 EUR/, 'and is answered');

            await shopper.becomes(language === 'en'
                                  ? /^Confirm/ : /^Confirmez/);
            like(await shopper.text(),
                 new RegExp(`\\+33\\*+${number.slice(-2)}`),
                 'the page goes on by itself, with his line');
            is((await payment(order)).status, 'pending', 'nothing is paid');
            await shopper.examine('confirm');
            is(await shopper.pay(), 200, 'a tap');
            like(await shopper.heading(), thanks, 'thanks');
            is((await payment(order)).status, 'succeeded', 'paid');
            is(await charged(order), 1, 'charged once');
        });
    }
}

await finish();
