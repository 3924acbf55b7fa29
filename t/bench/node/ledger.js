// The ledger's functions, called in one of two ways: an operation a call, or
// the operations that arrive while a batch is in flight as the next batch.

import pg from 'pg';

const BATCH_MAX = 512;

const CREATE = [
    'bigint', 'int', 'boolean', 'uuid', 'uuid', 'bigint', 'text', 'text',
    'text', 'text', 'text', 'bigint', 'bigint', 'text', 'text', 'bytea'
];
const CREATED = 'ord, result, payment_id, body, operator, msisdn';

const FINISH = [
    'bigint', 'text', 'text', 'text', 'text', 'bigint', 'bigint'
];
const FINISHED = 'ord, result, state, outcome_unknown, failure_code, body';

function statement(name, columns, types, batched) {
    const parameters = types.map((type, i) => batched
        ? `$${i + 1}::${type}[]` : `array[$${i + 1}::${type}]`);

    return {
        name,
        text: `select ${columns} from carrierpay.${name}(${parameters})`
    };
}

// An operation is an array of values in the order of the function's arguments.

class Single {
    constructor(pool, name, columns, types) {
        this.pool = pool;
        this.statement = statement(name, columns, types, false);
    }

    async call(values) {
        const { rows } = await this.pool.query({ ...this.statement, values });

        return rows[0];
    }
}

function escapeText(value) {
    return value === null ? 'NULL'
        : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function column(operations, i, type) {
    let text = '{';

    for (const { values } of operations) {
        const value = values[i];

        text += (text.length === 1 ? '' : ',')
            + (type === 'text' ? escapeText(value) : value);
    }

    return text + '}';
}

class Batched {
    constructor(pool, name, columns, types) {
        this.pool = pool;
        this.types = types;
        this.statement = statement(name, columns, types, true);
        this.waiting = [];
        this.busy = false;
    }

    // leaves at the end of the loop's turn, with all that came in that turn

    call(values) {
        return new Promise((resolve, reject) => {
            this.waiting.push({ values, resolve, reject });

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
        const values = this.types.map((type, i) => column(batch, i, type));

        try {
            const { rows } = await this.pool.query({
                ...this.statement, values
            });

            this.send();
            rows.forEach((row) => batch[row.ord - 1].resolve(row));

        } catch (error) {
            this.send();
            batch.forEach((operation) => operation.reject(error));
        }
    }
}

export async function openLedger(conf) {
    const pool = new pg.Pool({ ...conf.postgres, max: conf.pool, min: 1,
        idleTimeoutMillis: 0 });
    const Way = conf.batched ? Batched : Single;

    // connected before the first request, as a service under load is

    const clients = await Promise.all(
        Array.from({ length: conf.pool }, () => pool.connect()));

    clients.forEach((client) => client.release());

    return {
        create: new Way(pool, 'payment_create', CREATED, CREATE),
        finish: new Way(pool, 'payment_finish', FINISHED, FINISH),

        async merchant(hash) {
            const { rows } = await pool.query({
                name: 'key_find',
                text: 'select merchant_id as id, live'
                    + ' from carrierpay.key_find($1)',
                values: [hash]
            });

            return rows[0] ?? null;
        },

        close: () => pool.end()
    };
}
