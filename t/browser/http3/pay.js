// Opens a link on mobile data and taps; says what the last page is headed.

import { chromium } from 'playwright-core';

const env = process.env;
const PATIENCE = 60 * 1000;

const browser = await chromium.launch({
    executablePath: env.CARRIERPAY_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--disable-gpu', '--no-first-run', '--enable-quic',
           '--disable-background-networking', '--disable-component-update',
           '--disable-sync',
           `--origin-to-force-quic-on=${env.CARRIERPAY_AUTHORITY}`,
           `--ignore-certificate-errors-spki-list=${env.CARRIERPAY_SPKI}`],
    env: { HOME: env.CARRIERPAY_HOME, TMPDIR: env.CARRIERPAY_HOME,
           PATH: env.PATH },
    timeout: PATIENCE,
});

const context = await browser.newContext({
    locale: 'en-GB',
    extraHTTPHeaders: { 'X-MSISDN': '33600000001' },
});

context.setDefaultTimeout(PATIENCE);

const page = await context.newPage();

await page.goto(env.CARRIERPAY_LINK);
await page.locator('form[action$="/confirm"] button').click();
await page.waitForURL((url) => !url.search);
await page.locator('[data-state="succeeded"] h1').waitFor();
console.log(`heading: ${await page.locator('h1').innerText()}`);
await browser.close();
