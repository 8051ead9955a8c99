// Measures the first load of the Overview in Chromium: with an empty cache, as
// it is, and with the CPU slowed four times. Prints what is transferred, when
// the page is alive, and how far that is from the limits.
//
//   node benches/first-load.mjs
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { chromium } from '@playwright/test';

const LIMIT = 200 * 1024;
const GOAL = 150 * 1024;
const REQUESTS = 10;
const RUNS = 5;
const SLOWED = 4;
const PAGE = '/app/demo';
// Whatever happens, it has an end.
const LONGEST = 180_000;

const root = path.resolve(import.meta.dirname, '..');
const binary = path.resolve(root, process.env.ATRIUM_BIN ?? 'target/release/atrium');

/** What a browser calls a kind of resource, and what is printed. */
const PARTS = { Document: 'page', Stylesheet: 'style', Script: 'script', Font: 'font', EventSource: 'stream' };
const SHOWN = ['page', 'wasm', 'script', 'style', 'font', 'other'];

const folder = mkdtempSync(path.join(tmpdir(), 'atrium-first-load-'));
let server;
process.on('exit', () => {
  server?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`given up after ${LONGEST / 1000} s`);
  process.exit(1);
}, LONGEST).unref();

async function freePort() {
  const probe = createServer();
  await new Promise((listening) => probe.listen(0, '127.0.0.1', listening));
  const { port } = probe.address();
  await new Promise((closed) => probe.close(closed));
  return port;
}

/** Serves the demo from the folder, and says where. */
async function serve() {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    DATABASE_URL: `sqlite://${path.join(folder, 'atrium.db')}`,
    MAIL_DIR: path.join(folder, 'mail'),
    STORAGE_URL: `file://${path.join(folder, 'artifacts')}`,
    RUST_LOG: 'error',
  };
  const stdio = ['ignore', 'ignore', 'inherit'];
  const seed = spawnSync(binary, ['seed'], { cwd: root, env, stdio });
  if (seed.status !== 0) throw new Error(`${binary} seed failed: ${seed.error ?? seed.status}`);
  server = spawn(binary, ['serve'], { cwd: root, env, stdio });
  const base = `http://127.0.0.1:${port}`;
  for (let waited = 0; waited < 20_000; waited += 20) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`${base}/healthz`).catch(() => undefined);
    if (answer?.ok) return base;
    await sleep(20);
  }
  throw new Error(`${binary} doesn't serve`);
}

/** Notes when the page listens, and when its dot says Live. */
function note() {
  window.seen = {};
  const look = () => {
    if (document.documentElement?.dataset.hydrated) window.seen.interactive ??= performance.now();
    if (document.querySelector('.live[data-state="live"]')) window.seen.live ??= performance.now();
  };
  new MutationObserver(look).observe(document, {
    attributes: true,
    attributeFilter: ['data-hydrated', 'data-state'],
    childList: true,
    subtree: true,
  });
}

/** Adds up what is transferred from now on. */
async function listen(cdp) {
  const all = new Map();
  const partOf = (type, mimeType) => (mimeType === 'application/wasm' ? 'wasm' : (PARTS[type] ?? 'other'));
  cdp.on('Network.requestWillBeSent', ({ requestId, request, type, redirectResponse: before }) => {
    // A redirect goes on under the same name.
    if (before) all.set(`${requestId} ${all.size}`, { part: 'other', bytes: before.encodedDataLength, isDone: true });
    if (!request.url.startsWith('data:')) {
      all.set(requestId, { url: request.url, part: partOf(type), bytes: 0, isDone: false });
    }
  });
  const change = (event, what) =>
    cdp.on(event, (told) => all.has(told.requestId) && what(all.get(told.requestId), told));
  change('Network.responseReceived', (one, { response, type }) => {
    one.part = partOf(type, response.mimeType);
    one.bytes += response.encodedDataLength;
  });
  change('Network.dataReceived', (one, { encodedDataLength }) => (one.bytes += encodedDataLength));
  change('Network.loadingFinished', (one, { encodedDataLength: bytes }) => Object.assign(one, { bytes, isDone: true }));
  change('Network.loadingFailed', (one) => (one.isDone = true));
  // What was fetched ahead of its use is transferred once.
  cdp.on('Network.requestServedFromCache', ({ requestId }) => all.delete(requestId));
  await cdp.send('Network.enable');
  return all;
}

/** Loads the page once, in a browser that has never seen it. */
async function load(browser, base, storageState, slowed) {
  const context = await browser.newContext({
    storageState,
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(note);
    const cdp = await context.newCDPSession(page);
    const all = await listen(cdp);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowed });
    await page.goto(base + PAGE);
    await page.waitForFunction(() => window.seen.interactive, undefined, { polling: 50, timeout: 30_000 });
    // A page that isn't told of anything is measured as well.
    const isLive = page.waitForFunction(() => window.seen.live, undefined, { polling: 50, timeout: 10_000 });
    await isLive.catch(() => undefined);
    const isDone = () => [...all.values()].every((one) => one.isDone || one.part === 'stream');
    for (let waited = 0; waited < 10_000 && !isDone(); waited += 50) await sleep(50);
    const times = await page.evaluate(() => ({
      painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      ...window.seen,
    }));
    const loaded = [...all.values()].filter((one) => one.part !== 'stream');
    const unfinished = loaded.filter((one) => !one.isDone || one.bytes === 0);
    if (unfinished.length > 0) console.error('not loaded:', unfinished.map((one) => one.url).join(' '));
    return { ...times, loaded, streams: [...all.values()].filter((one) => one.part === 'stream') };
  } finally {
    await context.close();
  }
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const sum = (parts) => parts.reduce((bytes, one) => bytes + one.bytes, 0);
const show = (value, digits = 0) => (value === undefined ? '-' : value.toFixed(digits));

function printTransferred(runs) {
  console.log(`First load of ${PAGE}, median of ${runs.length} runs, as it is transferred`);
  const line = (what, pick) => {
    const bytes = median(runs.map((run) => sum(pick(run))));
    const requests = median(runs.map((run) => pick(run).length));
    console.log(`  ${what.padEnd(10)}${show(bytes).padStart(9)} bytes in ${requests} requests`);
    return { bytes, requests };
  };
  for (const part of SHOWN) line(part, ({ loaded }) => loaded.filter((one) => one.part === part));
  const { bytes, requests } = line('together', ({ loaded }) => loaded);
  line('stream', ({ streams }) => streams);
  const of = (value, most) => `${show(value / most, 2)} of ${most}`;
  console.log(`  bytes ${of(bytes, LIMIT)} (limit), ${of(bytes, GOAL)} (goal)`);
  console.log(`  requests ${of(requests, REQUESTS)} (limit)\n`);
}

function printTimes(slow, usual) {
  console.log(`Milliseconds from the start of the navigation, CPU slowed ${SLOWED} times: median (least to most)`);
  const names = { painted: 'first paint', interactive: 'interactive', live: 'live' };
  for (const [name, words] of Object.entries(names)) {
    const of = (runs) => runs.map((run) => run[name]).filter((value) => value !== undefined);
    const [all, ours] = [of(slow), median(of(usual))];
    const spread = all.length > 0 ? `(${show(Math.min(...all))} to ${show(Math.max(...all))})` : '';
    const ratio = all.length > 0 && ours ? median(all) / ours : undefined;
    const slowed = `${words.padEnd(12)}${show(median(all)).padStart(7)} ${spread.padEnd(16)}`;
    console.log(`  ${slowed} not slowed ${show(ours).padStart(6)}, ratio ${show(ratio, 2)}`);
  }
}

async function signIn(browser, base) {
  const context = await browser.newContext();
  const form = { email: 'owner@demo.test', password: 'atrium-demo-password', callback_url: '' };
  const answer = await context.request.post(`${base}/_fn/sign_in`, { form, headers: { Origin: base } });
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()}`);
  const storageState = await context.storageState();
  await context.close();
  return storageState;
}

async function end() {
  if (!server || server.exitCode !== null) return;
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await Promise.race([ended, sleep(12_000, undefined, { ref: false })]);
}

let browser;
try {
  const base = await serve();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const storageState = await signIn(browser, base);
  // What the browser and the server do only once isn't to be counted.
  await load(browser, base, storageState, 1);
  const [slow, usual] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    slow.push(await load(browser, base, storageState, SLOWED));
    usual.push(await load(browser, base, storageState, 1));
  }
  printTransferred(slow);
  printTimes(slow, usual);
} finally {
  await browser?.close();
  await end();
}
