import { awake, expect, signIn, test } from '../fixtures';

const LIMIT = 200 * 1024;
const REQUESTS = 10;

const PARTS: Readonly<Record<string, string>> = { Document: 'document', Stylesheet: 'style', Script: 'script', Font: 'font' };

interface Loaded {
  readonly url: string;
  readonly part: string;
  bytes: number;
}

test('the first load is small, and all of it is ours', async ({ page, browser, baseURL }) => {
  await signIn(page, 'owner@demo.test');
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ storageState });
  const fresh = await context.newPage();
  const cdp = await context.newCDPSession(fresh);
  await cdp.send('Network.enable');

  const loaded = new Map<string, Loaded>();
  const underWay = new Set<string>();
  cdp.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    // What comes by the stream comes after, and never ends.
    if (type === 'EventSource') return;
    underWay.add(requestId);
    loaded.set(requestId, { url: request.url, part: 'other', bytes: 0 });
  });
  cdp.on('Network.responseReceived', ({ requestId, response, type }) => {
    if (type === 'EventSource') return;
    const part = response.mimeType === 'application/wasm' ? 'wasm' : (PARTS[type] ?? 'other');
    loaded.set(requestId, { url: response.url, part, bytes: 0 });
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = loaded.get(requestId);
    if (one) one.bytes = encodedDataLength;
    underWay.delete(requestId);
  });
  cdp.on('Network.loadingFailed', ({ requestId }) => underWay.delete(requestId));

  await fresh.goto('/app/demo');
  await awake(fresh);
  await expect.poll(() => underWay.size).toBe(0);

  const all = [...loaded.values()].filter(({ url }) => !url.startsWith('data:'));
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const part of ['document', 'wasm', 'script', 'style', 'font', 'other']) {
    const of = all.filter((one) => one.part === part);
    const bytes = of.reduce((sum, one) => sum + one.bytes, 0);
    console.log(`${part.padEnd(10)}${String(bytes).padStart(8)} bytes in ${of.length} requests`);
  }
  console.log(`${'total'.padEnd(10)}${String(total).padStart(8)} of ${LIMIT} bytes in ${all.length} of ${REQUESTS} requests`);

  expect(all.map(({ url }) => new URL(url).origin).filter((origin) => origin !== baseURL)).toEqual([]);
  expect(all.every(({ bytes }) => bytes > 0)).toBe(true);
  expect(all.length).toBeLessThanOrEqual(REQUESTS);
  expect(total).toBeLessThanOrEqual(LIMIT);
  await context.close();
});
