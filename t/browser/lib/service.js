// The service as its merchant, its operator and a stranger see it: the API,
// the sandbox's log of charges, its SMS, and requests without a browser.

import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const env = process.env;

export const plain = env.CARRIERPAY_PLAIN;
export const tls = env.CARRIERPAY_TLS;

let keys = 0;

export async function api(method, path, body) {
    const answer = await fetch(tls + path, {
        method,
        headers: {
            'Authorization': `Bearer ${env.CARRIERPAY_KEY}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': `browser-${process.pid}-${++keys}`,
        },
        body: body && JSON.stringify(body),
    });

    return { status: answer.status, json: await answer.json() };
}

export async function create(fields) {
    const { status, json } = await api('POST', '/v1/payments', {
        amount: 499, currency: 'EUR', description: '100 coins',
        reference: 'order-1', return_url: 'https://shop.example/done',
        ...fields,
    });

    if (status !== 201) {
        throw new Error(`not created: ${status} ${JSON.stringify(json)}`);
    }

    return json;
}

export async function payment({ id }) {
    return (await api('GET', `/v1/payments/${id}`)).json;
}

// until a payment's state is no longer one of the middle

export async function ended(paid) {
    let now;

    for (let turn = 0; turn < 100; turn++) {
        now = await payment(paid);

        if (now.status !== 'pending' && now.status !== 'processing') {
            break;
        }

        await sleep(100);
    }

    return now;
}

// how often the operator has charged for a payment

export async function charged({ id }) {
    const lines = await linesOf('sandbox.log');

    return lines.map((line) => line.split(' '))
        .filter(([, what, reference]) => what === 'charged'
                                         && reference === id).length;
}

async function linesOf(name) {
    try {
        const text = await readFile(`${env.CARRIERPAY_ROOT}/${name}`, 'utf8');

        return text.split('\n').filter((line) => line !== '');
    } catch (error) {
        if (error.code === 'ENOENT') {
            return [];
        }

        throw error;
    }
}

// https://…/pay/cs_… of a payment, without the way over the plain listener

export function checkout({ next_action: { url } }) {
    return `${tls}/pay/${url.split('/i/')[1]}`;
}
