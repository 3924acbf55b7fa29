// Waiting for what must come, until so late that a busy machine does not get
// there; the error says what did not come.

import { setTimeout as sleep } from 'node:timers/promises';

export const PATIENCE = 60 * 1000;    // ms

export async function until(what, condition) {
    const end = Date.now() + PATIENCE;

    for (;;) {
        const result = await condition();

        if (result) {
            return result;
        }

        if (Date.now() > end) {
            throw new Error(`waited ${PATIENCE} ms for: ${what}`);
        }

        await sleep(100);
    }
}
