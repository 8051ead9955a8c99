// Serves Atrium with the demo in it, from a database of its own that goes when
// it ends.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const binary = path.resolve(here, process.env.ATRIUM_BIN ?? '../target/debug/atrium');
const cwd = path.resolve(here, process.env.ATRIUM_CWD ?? '..');
// The tests know it, too.
const folder = process.env.E2E_FOLDER;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const env = {
  ...process.env,
  PORT: process.env.E2E_PORT ?? '3199',
  DATABASE_URL: `sqlite://${path.join(folder, 'atrium.db')}`,
  MAIL_DIR: path.join(folder, 'mail'),
  // Each test says that it comes from an address of its own.
  TRUSTED_PROXY_HOPS: '1',
  RUST_LOG: process.env.RUST_LOG ?? 'error',
  // Plans are paid for at a Stripe of our own.
  SANDBOX_ADDR: new URL(process.env.E2E_SANDBOX).host,
  SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${process.env.E2E_PORT}/api/stripe/webhook`,
  SANDBOX_DATA: path.join(folder, 'sandbox.json'),
  STRIPE_API_BASE: process.env.E2E_SANDBOX,
  STRIPE_SECRET_KEY: 'sk_test_sandbox',
  STRIPE_WEBHOOK_SECRET: 'whsec_sandbox',
  STRIPE_STARTER_PRICE_ID: 'price_sandbox_starter',
  STRIPE_PRO_PRICE_ID: 'price_sandbox_pro',
  STRIPE_ENTERPRISE_PRICE_ID: 'price_sandbox_enterprise',
};

const seed = spawnSync(binary, ['seed'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
if (seed.status !== 0) {
  console.error(`${binary} seed failed`, seed.error ?? '');
  process.exit(1);
}

const sandbox = spawn(binary, ['sandbox'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
process.on('exit', () => sandbox.kill('SIGTERM'));

const server = spawn(binary, ['serve'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
server.on('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
