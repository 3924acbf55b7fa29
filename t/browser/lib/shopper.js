// A shopper: Debian's Chromium in the size of a small phone, with a profile of
// its own, on an operator's data network, or on Wi-Fi at an address of its
// own.
//
//     await shop('one tap', { network: 'mobile' }, async (shopper) => {
//         await shopper.open(payment);
//         await shopper.examine('confirm');
//         await shopper.pay();
//     });
//     await finish();
//
// At the end of every scenario: the browser had nothing to complain of but
// what was expected, and asked no server but the two listeners, and sites of
// others where the scenario goes there.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { hosts, origins, rules } from './elsewhere.js';
import { place } from './place.js';
import { plain, tls } from './service.js';
import { done, is, like, ok, scenario } from './tap.js';
import { PATIENCE } from './wait.js';

const env = process.env;
const PAUSE = Number(env.CARRIERPAY_PAUSE);  // ms before a shopper taps
const PAGE_MAX = 30 * 1000;                  // bytes, of all its parts
const PHONE = { width: 360, height: 740 };

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const axe = await readFile(
    createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// the profile, and whatever else it writes, goes with the harness' folder

const browser = await chromium.launch({
    executablePath: env.CARRIERPAY_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-quic', '--no-first-run',
           '--disable-background-networking', '--disable-component-update',
           '--disable-sync',
           `--host-resolver-rules=${rules},MAP * ~NOTFOUND,`
           + 'EXCLUDE 127.0.0.1'],
    env: { HOME: env.CARRIERPAY_HOME, TMPDIR: env.CARRIERPAY_HOME,
           PATH: env.PATH },
    timeout: PATIENCE,
});

const AGENT = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36'
              + ` (KHTML, like Gecko) Chrome/${browser.version()}`
              + ' Mobile Safari/537.36';

// The last one of a file.

export async function finish() {
    await browser.close();
    done();
}

export function shop(name, options, body) {
    return scenario(name, async () => {
        const shopper = await Shopper.arrive(name, options);

        try {
            await body(shopper);
        } catch (error) {
            await shopper.photograph('broken').catch(() => {});
            throw error;
        } finally {
            await shopper.leave();
        }
    });
}

export class Shopper {

    // network: 'mobile' | 'wifi'; number: on mobile data; locale; javascript;
    // dark; width; elsewhere: other sites are visited, too

    static async arrive(name, { network = 'mobile', number, locale = 'en-GB',
                                javascript = true, dark = false,
                                width = PHONE.width,
                                elsewhere = false } = {}) {
        const context = await browser.newContext({
            viewport: { ...PHONE, width }, deviceScaleFactor: 2,
            isMobile: true, hasTouch: true, ignoreHTTPSErrors: true,
            javaScriptEnabled: javascript, locale, userAgent: AGENT,
            colorScheme: dark ? 'dark' : 'light',
            proxy: { bypass: hosts.join(),
                     server: network === 'mobile' ? env.CARRIERPAY_GATEWAY
                                                  : await place() },
            extraHTTPHeaders: number ? { 'X-Gateway-MSISDN': number } : {},
        });

        context.setDefaultTimeout(PATIENCE);

        const allowed = [plain, tls, ...(elsewhere ? origins : [])];

        const page = await context.newPage();

        return Object.assign(new Shopper(name, context, page, allowed),
                             { javascript });
    }

    constructor(name, context, page, allowed) {
        this.name = name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase();
        this.context = context;
        this.page = page;
        this.allowed = allowed;
        this.photographs = 0;
        this.parts = [];           // of the page: answers
        this.documents = new Set();
        this.complaints = [];
        this.expected = [];
        this.listen();
    }

    listen() {
        this.context.on('request', (request) => this.asks(request));
        this.context.on('response', (answer) => this.parts.push(answer));
        this.page.on('pageerror', (error) => {
            this.complaints.push(`script: ${error}`);
        });
        this.page.on('console', (message) => this.hears(message));
    }

    asks(request) {
        const url = request.url();

        if (request.isNavigationRequest()
            && request.frame() === this.page.mainFrame()) {
            this.parts = [];
            this.documents.add(url);
        }

        if (!this.allowed.includes(new URL(url).origin)) {
            this.complaints.push(`asked somebody else: ${url}`);
        }
    }

    // An error page is no error of the browser's; its status is claimed.

    hears(message) {
        const url = message.location().url;
        const refused = /^Failed to load resource: .* status of [45]\d\d /;

        if (['error', 'warning'].includes(message.type())
            && !(refused.test(message.text()) && this.documents.has(url))) {
            this.complaints.push(`console: ${message.text()} (${url})`);
        }
    }

    // What the scenario provokes; it has to happen.

    expect(pattern) {
        this.expected.push(pattern);
    }

    async leave() {
        await this.context.close();

        for (const pattern of this.expected) {
            const all = this.complaints.length;

            this.complaints = this.complaints.filter((complaint) => (
                !pattern.test(complaint)));
            ok(this.complaints.length < all, `it complains: ${pattern}`);
        }

        is(this.complaints.join('\n'), '',
           'the browser complains of nothing, and asks nobody else');
    }

    // Returns the status.

    async open({ next_action: { url } }, waitUntil) {
        return this.go(url, waitUntil);
    }

    async go(url, waitUntil = 'load') {
        const answer = await this.page.goto(url, { waitUntil });

        this.shown = Date.now();

        return answer.status();
    }

    find(selector) {
        return this.page.locator(selector);
    }

    async heading() {
        return (await this.find('h1').textContent()).trim();
    }

    // Until the page has gone on by itself.

    async becomes(heading) {
        await this.find('h1').filter({ hasText: heading }).waitFor();
        this.shown = Date.now();
    }

    async text() {
        return (await this.find('body').innerText()).replaceAll('\u00a0', ' ');
    }

    // A tap that leads to another page; returns its status.

    async tap(selector) {
        return this.to(() => this.find(selector).tap());
    }

    async to(act) {
        const [answer] = await Promise.all([
            this.page.waitForResponse((response) => {
                const request = response.request();

                return request.isNavigationRequest()
                       && request.frame() === this.page.mainFrame()
                       && !(response.status() >= 300
                            && response.status() < 400);
            }),
            this.page.waitForEvent('load'),
            act(),
        ]);

        this.shown = Date.now();

        return answer.status();
    }

    // A form that a page which this opens submits by itself; its status. The
    // page is not waited for: it may be gone before all of it is there.

    async submits(open) {
        const [answer] = await Promise.all([
            this.page.waitForResponse((response) => {
                const request = response.request();

                return request.method() === 'POST'
                       && request.isNavigationRequest()
                       && request.frame() === this.page.mainFrame();
            }),
            open('commit'),
        ]);

        return answer.status();
    }

    // People read before they tap; with the script, the button waits for them.

    async read() {
        await sleep(Math.max(0, this.shown + PAUSE - Date.now()));
        await this.page.locator('[aria-disabled]').waitFor({
            state: 'detached' });
    }

    async type(selector, text) {
        await this.find(selector).tap();
        await this.find(selector).fill('');
        await this.page.keyboard.type(text);
    }

    // The size of text that a shopper has chosen.

    async enlarge(factor) {
        await this.page.evaluate((percent) => {
            document.documentElement.style.fontSize = `${percent}%`;
        }, 100 * factor);
    }

    async pay() {
        await this.read();

        return this.tap('form[action$="/confirm"] button');
    }

    // Tab by tab to something; every stop on the way can be seen.

    async reach(selector, turns = 20) {
        const target = this.find(selector);

        for (let turn = 0; turn < turns; turn++) {
            await this.page.keyboard.press('Tab');

            const focus = this.find(':focus');
            const name = await focus.evaluate((element) => (
                element.getAttribute('name') ?? element.textContent.trim()));
            const { style, width } = await focus.evaluate((element) => {
                const look = getComputedStyle(element);

                return { style: look.outlineStyle,
                         width: parseFloat(look.outlineWidth) };
            });

            ok(style !== 'none' && width >= 2, `the focus is seen on: ${name}`,
               `outline: ${style} ${width}px`);

            if (await target.evaluate((element) => (
                element === document.activeElement))) {
                return;
            }
        }

        throw new Error(`no way by Tab to ${selector}`);
    }

    // What holds for every page. Without JavaScript there is no axe.

    async examine(name) {
        const file = await this.photograph(name);

        if (this.javascript) {
            await this.isAccessible(name);
        }

        await this.isSmall(name);
        await this.fits(name);
        await this.isWhole(name);

        return file;
    }

    // run/screenshots/scenario-1-page.png

    async photograph(name) {
        const number = ++this.photographs;
        const path = `${env.CARRIERPAY_SCREENSHOTS}/`
                     + `${this.name}-${number}-${name}.png`;

        await this.page.screenshot({ path, fullPage: true });

        return path;
    }

    async isAccessible(name) {
        await this.page.evaluate(axe);

        const { violations, passes } = await this.page.evaluate((tags) => (
            window.axe.run(document, { runOnly: tags })), WCAG);

        ok(violations.length === 0 && passes.length > 0,
           `${name}: accessible`, violations.map(({ id, help, nodes }) => (
               [`${id}: ${help}`, ...nodes.map((node) => node.html)]
               .join('\n'))).join('\n'));
    }

    async isSmall(name) {
        const sizes = await Promise.all(this.parts.map(async (answer) => (
            answer.status() >= 300 && answer.status() < 400
                ? 0 : (await answer.body()).length)));
        const size = sizes.reduce((sum, bytes) => sum + bytes, 0);

        ok(size > 0 && size < PAGE_MAX, `${name}: under 30 kB`,
           `${size} bytes in ${sizes.length} answers`);
    }

    async fits(name) {
        const { wide, room } = await this.page.evaluate(() => ({
            wide: document.scrollingElement.scrollWidth,
            room: document.scrollingElement.clientWidth }));

        ok(wide <= room, `${name}: as wide as the screen`,
           `${wide} px in ${room}`);
    }

    // A word that does not fit its line is broken anywhere; a code may be, and
    // a word where it has a soft hyphen, or a space of no width.

    async isWhole(name) {
        const broken = await this.page.evaluate(() => {
            const words = [];

            // a hyphen that is seen belongs to what comes after it

            const afterHyphen = (index) => (
                walker.currentNode.data[index - 1] === '\u00ad' ? 1 : 0);
            const walker = document.createTreeWalker(document.body,
                                                     NodeFilter.SHOW_TEXT);

            while (walker.nextNode()) {
                const node = walker.currentNode;

                if (node.parentElement.closest('.code, option, noscript')) {
                    continue;
                }

                for (const { 0: word, index }
                     of node.data.matchAll(
                         /[^\s\-’\u00ad\u200b]+[-’\u00ad\u200b]?/g)) {
                    const range = document.createRange();

                    range.setStart(node, index + afterHyphen(index));
                    range.setEnd(node, index + word.length);

                    if (new Set([...range.getClientRects()]
                                .map(({ top }) => top)).size > 1) {
                        words.push(word);
                    }
                }
            }

            return words.join(' ');
        });

        is(broken, '', `${name}: whole words`);
    }

    // What comes next is seen without scrolling, on a phone.

    async isAtHand(selector, name) {
        const bottom = await this.find(selector).evaluate((element) => (
            element.getBoundingClientRect().bottom + window.scrollY));

        ok(bottom <= PHONE.height, `${name}: ${selector} above the fold`,
           `${bottom} px of ${PHONE.height}`);
    }

    // A select shows all of what is chosen; the arrow is as wide as the text
    // is high.

    async showsChoice(selector, name) {
        const { wide, room } = await this.find(selector).evaluate((select) => {
            const style = getComputedStyle(select);
            const probe = document.createElement('span');

            probe.textContent = select.selectedOptions[0].text;
            probe.style.font = style.font;
            probe.style.position = 'absolute';
            probe.style.whiteSpace = 'nowrap';
            document.body.append(probe);

            const { width } = probe.getBoundingClientRect();

            probe.remove();

            return { wide: width + parseFloat(style.fontSize),
                     room: select.clientWidth
                           - parseFloat(style.paddingInlineStart)
                           - parseFloat(style.paddingInlineEnd) };
        });

        ok(wide <= room, `${name}: all of the choice is seen`,
           `${wide} px in ${room}`);
    }

    // Back and a reload, which must not send a form again.

    async back() {
        const answer = await this.page.goBack();

        this.shown = Date.now();

        return answer.status();
    }

    async reload() {
        const answer = await this.page.reload();

        this.shown = Date.now();

        return { method: answer.request().method(), status: answer.status() };
    }

    async speaks(language, name) {
        is(await this.find('html').getAttribute('lang'), language,
           `${name}: in ${language}`);
    }
}

export { is, like, ok };
