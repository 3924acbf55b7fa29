// The service as its merchant, its operator and a stranger see it: the API,
// the sandbox's log of charges, its SMS, and requests without a browser.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { promisify } from 'node:util';
import { until } from './wait.js';

const env = process.env;

export const plain = env.CARRIERPAY_PLAIN;
export const tls = env.CARRIERPAY_TLS;

// the gateway's address in the operator's network

export const MOBILE = '127.0.0.2';

let keys = 0;

export async function api(method, path, body, key = env.CARRIERPAY_KEY) {
    const answer = await fetch(tls + path, {
        method,
        headers: {
            'Authorization': `Bearer ${key}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': `browser-${process.pid}-${++keys}`,
        },
        body: body && JSON.stringify(body),
    });

    return { status: answer.status, json: await answer.json() };
}

export async function create(fields, key) {
    const { status, json } = await api('POST', '/v1/payments', {
        amount: 499, currency: 'EUR', description: '100 coins',
        reference: `order-${process.pid}-${++keys}`,
        return_url: 'https://shop.example/done', ...fields,
    }, key);

    if (status !== 201) {
        throw new Error(`not created: ${status} ${JSON.stringify(json)}`);
    }

    return json;
}

export async function payment({ id }) {
    return (await api('GET', `/v1/payments/${id}`)).json;
}

// Waits until a payment's state is no longer one of the middle.

export async function ended(paid) {
    return until(`the end of ${paid.id}`, async () => {
        const now = await payment(paid);

        return !['pending', 'processing'].includes(now.status) && now;
    });
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

// The texts of the SMS to a number, once there are so many of them.

export async function sms(number, count = 1) {
    return until(`${count} SMS to ${number}`, async () => {
        const texts = (await linesOf('sms')).map((line) => JSON.parse(line))
            .filter(({ to }) => to === number).map(({ text }) => text);

        return texts.length >= count && texts;
    });
}

export async function pin(number, count = 1) {
    const [digits] = /\b\d{6}\b/.exec((await sms(number, count)).at(-1));

    return digits;
}

// An SMS from a phone, as the gateway brings it.

export async function send(number, text) {
    const answer = await fetch(`${plain}/callback/sandbox/mo`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ id: `mo-${process.pid}-${++keys}`,
                               from: number, to: '38888', text }),
    });

    return answer.status;
}

// One value out of the database.

export async function value(query) {
    const { stdout } = await promisify(execFile)('psql',
        ['-XAtq', '-h', `${env.CARRIERPAY_ROOT}/postgres`, '-U', 'postgres',
         '-d', 'carrierpay', '-c', query]);

    return stdout.trim();
}

// Requests without a browser; through: a proxy.

function ask(url, { method, headers, body, through, from } = {}) {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const to = through ? new URL(through) : { hostname, port };
    const request = protocol === 'https:' ? tlsRequest : plainRequest;

    return new Promise((resolve, reject) => {
        const sent = request({
            method, hostname: to.hostname, port: to.port, localAddress: from,
            path: through ? url : pathname + search,
            headers: { 'User-Agent': 'a program', ...headers },
        }, (answer) => {
            let text = '';

            answer.setEncoding('utf8');
            answer.on('data', (part) => {
                text += part;
            });
            answer.on('end', () => {
                resolve({ status: answer.statusCode, headers: answer.headers,
                          text });
            });
        });

        sent.on('error', reject);
        sent.end(body);
    });
}

export const bot = {
    post(url, form, from) {
        return ask(url, {
            method: 'POST', from, body: new URLSearchParams(form).toString(),
            headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        });
    },

    // the page of a payment, over the operator's network, opened as browsers
    // open a link

    async mobile({ next_action: { url } }, more) {
        const headers = { 'Sec-Fetch-Mode': 'navigate',
                          'Sec-Fetch-Dest': 'document', ...more };
        const { headers: { location } } = await ask(url, {
            through: env.CARRIERPAY_GATEWAY, headers });

        return ask(location, { headers, from: MOBILE });
    },
};

// Hidden fields of a page.

export function fields({ text }) {
    return Object.fromEntries(
        [...text.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
        .map(([, name, value]) => [name, value]));
}

// https://…/pay/cs_… of a payment, without the way over the plain listener

export function checkout({ next_action: { url } }) {
    return `${tls}/pay/${url.split('/i/')[1]}`;
}
