// Other people's sites, on a listener of our own: what shop.example, the
// merchant's, and evil.example, a stranger's, answer to every request.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';

const env = process.env;
const pages = { 'shop.example': '<h1>The shop</h1>',
                'evil.example': '<h1>Somewhere else</h1>' };

const server = createServer({
    cert: await readFile(`${env.CARRIERPAY_ROOT}/demo.crt`),
    key: await readFile(`${env.CARRIERPAY_ROOT}/demo.key`),
}, (request, answer) => {
    const page = pages[request.headers.host] ?? 'nobody';

    answer.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    answer.end('<!doctype html><html lang="en"><title>elsewhere</title>'
               + '<meta name="viewport" content="width=device-width">'
               + `<link rel="icon" href="data:,">${page}</html>`);
});

await new Promise((ready) => {
    server.listen(0, '127.0.0.1', ready);
});
server.unref();

export const hosts = Object.keys(pages);
export const origins = hosts.map((host) => `https://${host}`);

export const rules = hosts.map((host) => (
    `MAP ${host} 127.0.0.1:${server.address().port}`)).join(',');

export function serve(host, page) {
    pages[host] = page;
}
