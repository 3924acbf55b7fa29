// A page that was opened in the background: the time to read it begins when
// the shopper sees it, so a tap that is meant for another page does not pay.

import { charged, create } from './lib/service.js';
import { finish, is, shop } from './lib/shopper.js';

const hide = (hidden) => `
    Object.defineProperty(document, 'hidden',
                          { configurable: true, get: () => ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));`;

await shop('a page in the background', {}, async (shopper) => {
    const order = await create();
    const button = shopper.find('form[action$="/confirm"] button');

    await shopper.page.addInitScript(`Object.defineProperty(document,
        'hidden', { configurable: true, get: () => true });`);
    await shopper.open(order);
    await shopper.page.waitForTimeout(4000);      // twice the time to read
    await shopper.page.evaluate(hide(false));
    await button.dispatchEvent('click');
    is(await shopper.heading(), 'Confirm your payment',
       'a tap as soon as the page is seen is not taken');
    is(await charged(order), 0, 'a tap as soon as the page is seen pays'
                                + ' nothing');

    await shopper.page.evaluate(hide(true));
    await shopper.page.evaluate(hide(false));
    await button.and(shopper.page.locator(':not([aria-disabled])')).waitFor();
    is(await shopper.pay(), 200, 'a tap after the time to read is taken');
    is(await charged(order), 1, 'a tap after the time to read pays');
});

await finish();
