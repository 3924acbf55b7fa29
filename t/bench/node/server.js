// The payment service in Node, as fast as one would write it: Node's own https,
// ajv, pg, undici.  One argument: a JSON file with the configuration.

import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Ajv } from 'ajv';
import { Pool } from 'undici';
import { openLedger } from './ledger.js';
import {
    hashApiKey, idempotency, Ids, idTime, open, parseId, publicId,
    readKeyring, requestHash
} from './secrets.js';

const KEY_CACHE_MS = 10000;
const CHECKOUT_MS = 900000;
const BODY_MAX = 16384;
const KEY_MAX = 255;                        // of an Idempotency-Key

// what is refused with another status than 422

const STATUS = {
    invalid: 400, key_unknown: 401, not_found: 404, in_flight: 409,
    too_large: 413, internal: 500
};

const isPayment = new Ajv().compile({
    type: 'object',
    additionalProperties: false,
    required: ['amount', 'currency', 'description', 'confirm', 'subscriber'],
    properties: {
        amount: { type: 'integer', minimum: 1, maximum: 999999999999 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        description: { type: 'string', minLength: 1, maxLength: 200 },
        reference: { type: 'string', minLength: 1, maxLength: 100 },
        return_url: { type: 'string', maxLength: 2048 },
        metadata: {
            type: 'object', maxProperties: 50,
            additionalProperties: { type: 'string', maxLength: 500 }
        },
        confirm: { const: true },
        subscriber: {
            type: 'string', pattern: '^sub_[0-9a-hjkmnp-tv-z]{13}$'
        }
    }
});

class Payments {
    constructor(conf, ledger, worker) {
        this.ring = readKeyring(conf.secrets);
        this.ledger = ledger;
        this.ids = new Ids(worker);
        this.operator = new Pool(conf.operator.origin, {
            socketPath: conf.operator.socket, pipelining: 1,
            headersTimeout: 10000, bodyTimeout: 10000
        });
        this.keys = new Map();
    }

    async authenticate(text) {
        const known = this.keys.get(text);

        if (known && known.until > Date.now()) {
            return known.merchant;
        }

        const merchant = await this.ledger.merchant(
            hashApiKey(this.ring, text));

        this.keys.set(text, { merchant, until: Date.now() + KEY_CACHE_MS });

        return merchant;
    }

    async charge(id, payment, line) {
        const reference = publicId('pay_', id);

        try {
            const answer = await this.operator.request({
                method: 'POST', path: '/charges',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({
                    reference, line, amount: payment.amount,
                    currency: payment.currency,
                    description: payment.description
                })
            });
            const told = await answer.body.json();

            return told.status === 'charged'
                ? { outcome: 'succeeded', reference: told.operator_reference }
                : { outcome: 'failed', code: told.code };

        } catch {
            return { outcome: 'unknown' };
        }
    }

    // a body in JSON, as it came, and the two headers

    async post(raw, authorization = '', key = '') {
        const payment = parseJson(raw);

        if (!isPayment(payment) || key === '' || key.length > KEY_MAX) {
            return refuse('invalid');
        }

        const merchant = authorization.startsWith('Bearer sk_')
            ? await this.authenticate(authorization.slice('Bearer '.length))
            : null;

        return merchant === null ? refuse('key_unknown')
            : this.pay(merchant, payment, key, raw);
    }

    async pay(merchant, payment, key, raw) {
        const id = this.ids.next();
        const given = {
            id: id.toString(), merchant: merchant.id, live: merchant.live,
            key: idempotency(this.ring, merchant, key),
            request: requestHash(raw), amount: payment.amount,
            currency: payment.currency, description: payment.description,
            reference: payment.reference ?? null,
            return_url: payment.return_url ?? null,
            metadata: payment.metadata ? JSON.stringify(payment.metadata)
                : null,
            subscriber: parseId('sub_', payment.subscriber).toString(),
            expires: idTime(id) + CHECKOUT_MS
        };

        const created = await this.ledger.create(given)
            ?? await this.ledger.reason(given);

        if (created.result === 'replay') {
            return {
                status: 201,
                body: render(BigInt(created.id), merchant, payment, created,
                    { outcome: created.state, code: created.code })
            };
        }

        if (created.result !== 'processing') {
            return refuse(created.result);
        }

        const line = open(this.ring, created.msisdn, 'msisdn');
        const told = await this.charge(id, payment, line);
        const body = render(id, merchant, payment, created, told);

        // the intent stays: recovery, which is not measured, takes it over

        if (told.outcome === 'unknown') {
            return { status: 202, body };
        }

        const finished = await this.ledger.finish({
            id: given.id, subscriber: given.subscriber,
            outcome: told.outcome, code: told.code ?? null,
            operator_reference: told.reference ?? null
        });

        return finished?.result === 'applied' ? { status: 201, body }
            : refuse('in_flight');
    }
}

function parseJson(text) {
    try {
        return JSON.parse(text);

    } catch {
        return null;
    }
}

function refuse(code) {
    const status = STATUS[code] ?? 422;

    return {
        status,
        body: JSON.stringify({
            type: 'about:blank', title: 'Refused', status, code
        })
    };
}

function render(id, merchant, payment, created, told) {
    const unknown = told.outcome === 'unknown';
    const [share, tax, fee] = [created.share, created.tax, created.fee]
        .map(Number);

    return JSON.stringify({
        id: publicId('pay_', id),
        object: 'payment',
        livemode: merchant.live,
        status: unknown ? 'processing' : told.outcome,
        outcome: unknown ? 'unknown' : null,
        amount: payment.amount,
        currency: payment.currency,
        operator_share: share,
        tax,
        fee,
        net: payment.amount - share - tax - fee,
        category: 'digital_content',
        description: payment.description,
        reference: payment.reference ?? null,
        return_url: payment.return_url ?? null,
        metadata: payment.metadata ?? {},
        subscriber: payment.subscriber,
        operator: created.operator,
        failure: told.code
            ? { code: told.code, message: 'The operator declined.' } : null,
        next_action: null,
        created: new Date(idTime(id)).toISOString(),
        expires: new Date(idTime(id) + CHECKOUT_MS).toISOString()
    });
}

function readBody(request) {
    return new Promise((resolve, reject) => {
        let text = '';

        request.setEncoding('utf8');
        request.on('data', (part) => {
            text += text.length <= BODY_MAX ? part : '';
        });
        request.on('end', () => resolve(text));
        request.on('error', reject);
    });
}

async function answer(payments, request) {
    if (request.method !== 'POST' || request.url !== '/v1/payments') {
        return refuse('not_found');
    }

    const text = await readBody(request);

    return text.length > BODY_MAX ? refuse('too_large')
        : payments.post(text, request.headers.authorization,
            request.headers['idempotency-key']);
}

async function serve(conf) {
    const ledger = await openLedger(conf);

    // a number of its own for each process, as the module's workers lease one
    const payments = new Payments(conf, ledger, cluster.worker?.id ?? 0);

    const server = createServer({
        key: readFileSync(conf.key), cert: readFileSync(conf.certificate)
    }, async (request, response) => {
        const { status, body } = await answer(payments, request)
            .catch(() => refuse('internal'));

        response.writeHead(status, {
            'content-type': status < 300 ? 'application/json'
                : 'application/problem+json',
            'content-length': Buffer.byteLength(body)
        });
        response.end(body);
    });

    await new Promise((ready) => {
        server.listen(conf.port, '127.0.0.1', ready);
    });

    process.on('SIGTERM', async () => {
        server.close();
        server.closeAllConnections();
        await ledger.close();
        process.exit(0);
    });
}

// With one process there is nothing to distribute and no cluster is made.

function supervise(processes) {
    let listening = 0;

    cluster.on('listening', () => {
        if (++listening === processes) {
            console.log('ready');
        }
    });

    for (let i = 0; i < processes; i++) {
        cluster.fork();
    }

    process.on('SIGTERM', () => {
        Object.values(cluster.workers).forEach((worker) => {
            worker.process.kill('SIGTERM');
        });
    });
}

const conf = JSON.parse(readFileSync(process.argv[2], 'utf8'));

if (conf.processes > 1 && cluster.isPrimary) {
    supervise(conf.processes);

} else {
    await serve(conf);

    if (cluster.isPrimary) {
        console.log('ready');
    }
}
