// Where shoppers on Wi-Fi are: each at an address of its own, since wrong
// codes are counted by address. A browser gets there by SOCKS 5 (RFC 1928),
// which leads to this machine only.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

// a block of addresses of this process

const block = `127.${128 + ((process.pid >> 8) % 128)}.${process.pid % 256}`;

const NO_NAME = Buffer.from([5, 0]);     // no name and password are needed
const GRANTED = Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
const HERE = '127.0.0.1';

let places = 0;

// Returns the proxy through which a browser comes from there.

export async function place() {
    const localAddress = `${block}.${++places}`;
    const server = createServer((client) => {
        lead(client, localAddress).catch(() => client.destroy());
    });

    server.listen(0, HERE);
    await once(server, 'listening');
    server.unref();

    return `socks5://${HERE}:${server.address().port}`;
}

// A refused connection closes the browser's.

async function lead(client, localAddress) {
    await once(client, 'data');
    client.write(NO_NAME);

    // version, command, reserved, kind, and a name of so many bytes; a port

    const [request] = await once(client, 'data');
    const end = 5 + request[4];

    if (request.toString('latin1', 5, end) !== HERE) {
        throw new Error('not this machine');
    }

    const service = connect({ host: HERE, port: request.readUInt16BE(end),
                              localAddress });

    client.write(GRANTED);
    pipeline(client, service, client, () => {});
}
