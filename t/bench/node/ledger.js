// The ledger, in one of two ways.  Plain: SQL as a service would write it,
// prepared, for one payment at a time.  Batched: the functions of the service
// in C, where the operations that arrive while a batch is in flight are the
// next batch.  Both have create(), finish() and reason(), which take an object
// with a field for each parameter of the SQL.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import pg from 'pg';

const BATCH_MAX = 512;

const CREATE = [
    ['id', 'bigint'], ['merchant', 'int'], ['live', 'boolean'],
    ['key', 'uuid'], ['request', 'uuid'], ['amount', 'bigint'],
    ['currency', 'text'], ['description', 'text'], ['reference', 'text'],
    ['return_url', 'text'], ['metadata', 'text'], ['subscriber', 'bigint'],
    ['expires', 'bigint'], ['locale', 'text'], ['email', 'bytea']
];
const CREATED = 'ord, result, operator, msisdn, share, tax, fee';

const FINISH = [
    ['id', 'bigint'], ['outcome', 'text'], ['code', 'text'],
    ['operator_reference', 'text'], ['sms', 'bigint'], ['mail', 'bigint'],
    ['id', 'bigint']
];
const FINISHED = 'ord, result';

// Connections that send a statement without waiting for the answers to those
// before it.  The one that owes the fewest answers is taken.

class Connections {
    async open(conf) {
        this.clients = Array.from({ length: conf.pool },
            () => new pg.Client({ ...conf.postgres, pipeline: true }));

        // connected before the first request, as a service under load is

        await Promise.all(this.clients.map((client) => client.connect()));
        this.clients.forEach((client) => { client.owes = 0; });
    }

    async run(statements, given) {
        const client = this.clients.reduce(
            (least, one) => one.owes < least.owes ? one : least);

        client.owes += statements.length;

        try {
            const results = await Promise.all(statements.map(
                ({ name, text, fields }) => client.query({
                    name, text, values: fields.map((field) => given[field])
                })));

            return results.find(({ rows }) => rows.length > 0)?.rows;

        } finally {
            client.owes -= statements.length;
        }
    }

    close() {
        return Promise.all(this.clients.map((client) => client.end()));
    }
}

// The statements of a file, with $1, $2, ... for :parameters.  Lines that
// begin with a backslash are for pgbench, which runs the same files.

function readStatements(file) {
    const sql = readFileSync(file, 'utf8').replace(/^\s*(--|\\).*\n/gm, '');

    return sql.split(/;\s*/).filter(Boolean).map((statement, i) => {
        const fields = [];

        const text = statement.replace(/(?<!:):(\w+)/g, (_, field) => {
            if (!fields.includes(field)) {
                fields.push(field);
            }

            return `$${fields.indexOf(field) + 1}`;
        });

        return { name: `${basename(file, '.sql')}_${i}`, text, fields };
    });
}

class Plain {
    constructor(connections, folder) {
        this.connections = connections;
        this.statements = {
            create: readStatements(`${folder}/create.sql`),
            finish: readStatements(`${folder}/finish.sql`),
        };
    }

    async create(payment) {
        const rows = await this.connections.run(this.statements.create,
            payment);

        return rows?.[0];
    }

    async finish(outcome) {
        const rows = await this.connections.run(this.statements.finish,
            outcome);

        return rows?.[0];
    }
}

function escapeText(value) {
    return value === null ? 'NULL'
        : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function column(operations, name, type) {
    let text = '{';

    for (const { given } of operations) {
        const value = given[name] ?? null;

        text += (text.length === 1 ? '' : ',')
            + (type === 'text' ? escapeText(value) : value);
    }

    return text + '}';
}

class Batches {
    constructor(connections, name, columns, parameters) {
        const types = parameters.map(
            ([field, type], i) => `$${i + 1}::${type}[]`);

        this.connections = connections;
        this.parameters = parameters;
        this.statement = {
            name,
            text: `select ${columns} from carrierpay.${name}(${types})`,
            fields: parameters.map(([field]) => field)
        };
        this.waiting = [];
        this.busy = false;
    }

    // leaves at the end of the loop's turn, with all that came in that turn

    call(given) {
        return new Promise((resolve, reject) => {
            this.waiting.push({ given, resolve, reject });

            if (!this.busy) {
                this.busy = true;
                setImmediate(() => this.send());
            }
        });
    }

    send() {
        const batch = this.waiting.splice(0, BATCH_MAX);

        this.busy = batch.length > 0;

        if (this.busy) {
            this.query(batch);
        }
    }

    // the next batch goes out before the answers of this one are worked on

    async query(batch) {
        const given = Object.fromEntries(this.parameters.map(
            ([field, type]) => [field, column(batch, field, type)]));

        try {
            const rows = await this.connections.run([this.statement], given);

            this.send();
            rows.forEach((row) => batch[row.ord - 1].resolve(row));

        } catch (error) {
            this.send();
            batch.forEach((operation) => operation.reject(error));
        }
    }
}

class Batched {
    constructor(connections) {
        const create = new Batches(connections, 'payment_create', CREATED,
            CREATE);
        const finish = new Batches(connections, 'payment_finish', FINISHED,
            FINISH);

        this.create = (payment) => create.call(payment);
        this.finish = (outcome) => finish.call(outcome);
    }
}

export async function openLedger(conf) {
    const connections = new Connections();
    const key = readStatements(`${conf.sql}/key.sql`);
    const reason = readStatements(`${conf.sql}/reason.sql`);
    const ledger = conf.shape === 'batched' ? new Batched(connections)
        : new Plain(connections, `${conf.sql}/${conf.shape}`);

    await connections.open(conf);

    ledger.merchant = async (hash) =>
        (await connections.run(key, { hash }))?.[0] ?? null;
    ledger.reason = async (payment) =>
        (await connections.run(reason, payment))[0];
    ledger.close = () => connections.close();

    return ledger;
}
