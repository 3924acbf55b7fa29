// The keyring and what is made with it, as the service in C does.

import { createDecipheriv, createHmac, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const EPOCH = 1735689600000;               // of identifiers: 2025-01-01
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

export function readKeyring(file) {
    const ring = {};

    for (const line of readFileSync(file, 'utf8').split('\n')) {
        const [name, id, base64] = line.split('#')[0].trim().split(/\s+/);

        if (base64) {
            const keys = ring[name] ??= { newest: 0, byId: {} };

            keys.byId[id] = Buffer.from(base64, 'base64');
            keys.newest = Math.max(keys.newest, Number(id));
        }
    }

    return ring;
}

function newest(keys) {
    return keys.byId[keys.newest];
}

export function hashApiKey(ring, text) {
    return createHmac('sha256', newest(ring.apikey)).update(text).digest();
}

export function idempotency(ring, merchant, key) {
    const scope = `${merchant.id}:${merchant.live ? 1 : 0}:${key}`;

    return createHmac('sha256', newest(ring.session)).update(scope)
        .digest('hex').slice(0, 32);
}

export function requestHash(body) {
    return hash('sha256', body, 'hex').slice(0, 32);
}

// key id, 12 bytes of nonce, text, 16 bytes of tag

export function open(ring, sealed, aad) {
    const end = sealed.length - 16;
    const key = ring.seal.byId[sealed[0]];
    const cipher = createDecipheriv('aes-256-gcm', key,
        sealed.subarray(1, 13));

    cipher.setAAD(Buffer.from(aad));
    cipher.setAuthTag(sealed.subarray(end));

    return cipher.update(sealed.subarray(13, end), undefined, 'latin1')
        + cipher.final('latin1');
}

// 41 bits of time, 10 of worker, 12 of sequence; BigInt only at the edge

export class Ids {
    constructor(worker) {
        this.worker = worker;
        this.ms = 0;
        this.sequence = 0;
    }

    next() {
        const now = Date.now() - EPOCH;

        if (now > this.ms) {
            this.ms = now;
            this.sequence = 0;

        } else if (++this.sequence === 4096) {
            this.ms++;
            this.sequence = 0;
        }

        return (BigInt(this.ms) << 22n)
            | BigInt((this.worker << 12) | this.sequence);
    }
}

export function idTime(id) {
    return Number(id >> 22n) + EPOCH;
}

export function publicId(prefix, id) {
    const plain = id.toString(32).padStart(13, '0');
    let text = prefix;

    for (let i = 0; i < 13; i++) {
        text += DIGITS[parseInt(plain[i], 32)];
    }

    return text;
}

export function parseId(prefix, text) {
    let id = 0n;

    for (let i = prefix.length; i < text.length; i++) {
        id = (id << 5n) | BigInt(DIGITS.indexOf(text[i]));
    }

    return id;
}
