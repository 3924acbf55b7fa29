// In the dark, on the narrowest screens, in large letters: whatever state a
// page is in, it can be read.

import { create, pin } from './lib/service.js';
import { finish, is, ok, shop } from './lib/shopper.js';

let lines = 33600001500;

const looks = {
    'in the dark': { dark: true },
    'at 320 px': { width: 320 },
    'at 360 px': {},
    'at 360 px, in French': { locale: 'fr-FR' },
    'at 1280 px': { width: 1280 },
    'at 1280 px, in French': { width: 1280, locale: 'fr-FR' },
    'in large letters': { large: true, locale: 'fr-FR' },
};

for (const [name, { large, ...options }] of Object.entries(looks)) {
    const examine = async (shopper, page) => {
        if (large) {
            await shopper.enlarge(2);
        }

        await shopper.examine(page);
    };

    await shop(name, { network: 'wifi', ...options }, async (shopper) => {
        const number = String(++lines);

        await shopper.open(await create());
        await examine(shopper, 'identify');
        await shopper.showsChoice('select', 'identify');
        await shopper.type('input[name="number"]', '0612');
        await shopper.tap('form[action$="/number"] button');
        await examine(shopper, 'alert');
        await shopper.showsChoice('select', 'alert');
        await shopper.type('input[name="number"]', `+${number}`);
        await shopper.tap('form[action$="/number"] button');
        await examine(shopper, 'pin');
        await shopper.type('input[name="pin"]', '000000');
        await shopper.tap('form[action$="/pin"] button');
        await examine(shopper, 'wrong');
        await shopper.type('input[name="pin"]', await pin(number));
        await shopper.tap('form[action$="/pin"] button');
        await examine(shopper, 'receipt');
        await shopper.type('input[name="email"]', 'me@shop');
        await shopper.tap('form[action$="/mail"] button');
        await examine(shopper, 'mail');
        is(await shopper.tap('a[href$="/stop"]'), 200, 'the link leads on');
        await examine(shopper, 'stop');
        await shopper.tap('form[action$="/stop"] button');
        await examine(shopper, 'stopped');

        await shopper.open(await create());
        await shopper.tap('form[action$="/mo"] button');
        await examine(shopper, 'message');
    });

    const mobile = { number: '33600000008', ...options };

    await shop(`on mobile data, ${name}`, mobile, async (shopper) => {
        await shopper.open(await create());
        await examine(shopper, 'confirm');
        await shopper.pay();
        await examine(shopper, 'waiting');
    });

    const poor = { number: '33600000002', ...options };

    await shop(`without funds, ${name}`, poor, async (shopper) => {
        await shopper.open(await create());
        await shopper.pay();
        await examine(shopper, 'declined');
        await shopper.tap('a[href$="?n=other"]');
        await examine(shopper, 'declined-other');
    });

    const barred = { number: '33690000001', ...options };

    await shop(`barred, ${name}`, barred, async (shopper) => {
        await shopper.open(await create());
        await examine(shopper, 'barred');
    });
}

await finish();
