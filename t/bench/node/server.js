// The payment service as one would write it in Node: fastify, pg, undici.
// One argument: a JSON file with the configuration.

import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import fastify from 'fastify';
import { Pool } from 'undici';
import { openLedger } from './ledger.js';
import {
    hashApiKey, idempotency, Ids, idTime, open, parseId, publicId,
    readKeyring, requestHash
} from './secrets.js';

const KEY_CACHE_MS = 10000;
const CHECKOUT_MS = 900000;

const REFUSED = { mismatch: 422, in_flight: 409 };

const PAYMENT = {
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
};

const HEADERS = {
    type: 'object',
    required: ['authorization', 'idempotency-key'],
    properties: {
        'authorization': { type: 'string', pattern: '^Bearer sk_' },
        'idempotency-key': { type: 'string', minLength: 1, maxLength: 255 }
    }
};

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

    async authenticate(header) {
        const text = header.slice('Bearer '.length);
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

    async pay(merchant, payment, key, raw) {
        const id = this.ids.next();
        const created = await this.ledger.create.call([
            id.toString(), merchant.id, merchant.live,
            idempotency(this.ring, merchant, key), requestHash(raw),
            payment.amount, payment.currency, payment.description,
            payment.reference ?? null, payment.return_url ?? null,
            payment.metadata ? JSON.stringify(payment.metadata) : null,
            parseId('sub_', payment.subscriber).toString(),
            idTime(id) + CHECKOUT_MS, null, null, null
        ]);

        if (created.result === 'replay') {
            return { status: 201, body: created.body };
        }

        if (created.result !== 'processing') {
            return this.refuse(created.result);
        }

        const msisdn = open(this.ring, created.msisdn, 'msisdn');
        const told = await this.charge(id, payment, msisdn);
        const finished = await this.ledger.finish.call([
            id.toString(), told.outcome, told.code ?? null,
            told.reference ?? null,
            render(id, merchant, payment, created.operator, told),
            null, null
        ]);

        return { status: 201, body: finished.body };
    }

    refuse(code) {
        const status = REFUSED[code] ?? 422;

        return {
            status,
            body: JSON.stringify({
                type: 'about:blank', title: 'Refused', status, code
            })
        };
    }
}

function render(id, merchant, payment, operator, told) {
    const unknown = told.outcome === 'unknown';

    return JSON.stringify({
        id: publicId('pay_', id),
        object: 'payment',
        livemode: merchant.live,
        status: unknown ? 'processing' : told.outcome,
        outcome: unknown ? 'unknown' : null,
        amount: payment.amount,
        currency: payment.currency,
        description: payment.description,
        reference: payment.reference ?? null,
        return_url: payment.return_url ?? null,
        metadata: payment.metadata ?? {},
        subscriber: payment.subscriber,
        operator,
        failure: told.code
            ? { code: told.code, message: 'The operator declined.' } : null,
        next_action: null,
        created: new Date(idTime(id)).toISOString(),
        expires: new Date(idTime(id) + CHECKOUT_MS).toISOString()
    });
}

function keepRaw(request, raw, done) {
    try {
        request.raw.text = raw;
        done(null, JSON.parse(raw));

    } catch (error) {
        error.statusCode = 400;
        done(error);
    }
}

async function serve(conf) {
    const ledger = await openLedger(conf);

    // a number of its own for each process, as the module's workers lease one
    const payments = new Payments(conf, ledger, cluster.worker?.id ?? 0);

    const app = fastify({
        logger: false,
        bodyLimit: 16384,
        https: {
            key: readFileSync(conf.key), cert: readFileSync(conf.certificate)
        },
        ajv: {
            customOptions: {
                removeAdditional: false, coerceTypes: false,
                useDefaults: false
            }
        }
    });

    app.addContentTypeParser('application/json', { parseAs: 'string' },
        keepRaw);

    app.post('/v1/payments', { schema: { body: PAYMENT, headers: HEADERS } },
        async (request, reply) => {
            const { headers, body, raw } = request;
            const merchant = await payments.authenticate(
                headers.authorization);

            const answer = merchant === null
                ? { status: 401, body: '{"status":401,"code":"key_unknown"}' }
                : await payments.pay(merchant, body,
                    headers['idempotency-key'], raw.text);

            return reply.code(answer.status)
                .type(answer.status === 201 ? 'application/json'
                    : 'application/problem+json')
                .send(answer.body);
        });

    await app.listen({ host: '127.0.0.1', port: conf.port });

    process.on('SIGTERM', async () => {
        await app.close();
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
