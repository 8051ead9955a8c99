import { tmpdir } from 'node:os';
import path from 'node:path';

import { defineConfig } from '@playwright/test';

const port = process.env.E2E_PORT ?? '3199';
const folder = path.join(tmpdir(), `atrium-end2end-${port}`);
process.env.E2E_FOLDER = folder;
const baseURL = `http://127.0.0.1:${port}`;
// Where the tests' own Stripe is.
const sandbox = `http://127.0.0.1:${Number(port) + 1}`;
process.env.E2E_SANDBOX = sandbox;

/**
 * A test runs on the desktop unless it is tagged `@not-desktop`; the tags
 * `@phone` and `@no-javascript` have it run there too.
 */
export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/end2end',
  globalSetup: './fixtures/stock.ts',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL,
    headless: true,
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    launchOptions: {
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
    },
  },
  projects: [
    { name: 'desktop', grepInvert: /@not-desktop/ },
    { name: 'phone', grep: /@phone/, use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
    { name: 'no-javascript', grep: /@no-javascript/, use: { javaScriptEnabled: false } },
  ],
  webServer: {
    command: 'node serve.mjs',
    url: `${baseURL}/healthz`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    env: { E2E_PORT: port, E2E_FOLDER: folder, E2E_SANDBOX: sandbox },
  },
});
