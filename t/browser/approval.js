// The operator asks on the handset: the page waits, and updates automatically.

import { charged, create, payment } from './lib/service.js';
import { finish, is, ok, shop } from './lib/shopper.js';

const ends = [
    ['approved', '33600000008', true, /^Paid/, 'succeeded', 1],
    ['approved, without JavaScript', '33600000008', false, /^Paid/,
     'succeeded', 1],
    ['not approved', '33600000009', true, /^Your mobile number/, 'pending', 0],
];

for (const [name, number, javascript, heading, status, charges] of ends) {
    await shop(name, { number, javascript }, async (shopper) => {
        const order = await create();

        await shopper.open(order);
        await shopper.pay();
        is(await shopper.heading(), 'Approve on your phone', 'the page waits');
        is((await payment(order)).next_action.type, 'approve_on_phone',
           'the payment waits');
        await shopper.examine('waiting');

        await shopper.becomes(heading);
        is((await payment(order)).status, status, `the payment is ${status}`);
        is(await charged(order), charges,
           `the operator has charged ${charges} times`);
        is(/not approved on the phone/.test(await shopper.text()),
           status === 'pending', 'a page says when it was not approved');
        ok(!/not recognised/.test(await shopper.text()),
           'no page says that the line was not recognised');
        await shopper.examine(status);

        if (javascript) {
            ok(await shopper.find('h1').evaluate((title) => (
                title === document.activeElement)),
               'the heading has the focus');
        }
    });
}

await finish();
