import { execFileSync } from 'node:child_process';

import type { Page } from '@playwright/test';

import { arrive, createProject, expect, freshOrganization, hasScript, inspect, test, visit } from '../fixtures';

interface Deployment {
  readonly id: string;
  readonly status: string;
}

/** Runs a command as it is shown, and reads what it prints. */
function run(command: string): Deployment {
  const printed = execFileSync('bash', ['-c', `${command} --fail-with-body -sS`], { encoding: 'utf8' });
  return JSON.parse(printed) as Deployment;
}

/** What looks a page over is a script. */
async function look(page: Page): Promise<void> {
  if (hasScript(page)) await inspect(page);
}

const everywhere = { tag: ['@phone', '@no-javascript'] };

test('a newcomer reports a deployment with curl, and meets a limit', everywhere, async ({ page, baseURL }) => {
  const org = await freshOrganization(page);
  const project = await createProject(page, org, 'Storefront');
  let key = '';
  let made: Deployment | undefined;

  const report = (method: string, path: string, body: object) =>
    `curl -X ${method} ${baseURL ?? ''}/api/v1${path} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;

  await test.step('makes a key, which is shown once', async () => {
    await expect(page.getByRole('heading', { name: 'No deployments yet' })).toBeVisible();
    await look(page);
    await page.getByRole('link', { name: 'Create an API key' }).click();
    await arrive(page, `/app/${org}/settings/api-keys`);
    await page.getByRole('textbox', { name: 'Name' }).fill('From my terminal');
    await page.getByRole('button', { name: 'Create key' }).click();
    await expect(page.getByRole('heading', { name: '“From my terminal” is ready' })).toBeVisible();
    await look(page);
    key = (await page.locator('.secret-line code').textContent()) ?? '';
    expect(key).toMatch(/^atr_live_[0-9A-Za-z]{38}$/);
  });

  await test.step('runs the command that the page shows', async () => {
    const command = await page.locator('.secret pre').textContent();
    expect(command).toContain(`${baseURL ?? ''}/api/v1/projects/`);
    made = run(command ?? '');
    expect(made.status).toBe('queued');
    await page.getByRole('link', { name: 'I’ve saved it' }).click();
    await expect(page.getByText(key)).toHaveCount(0);
    await expect(page.getByText(key.slice(-4))).toBeVisible();
  });

  await test.step('sees the deployment move', async () => {
    await visit(page, project);
    const row = page.getByRole('row', { name: /Hello from curl/ });
    await expect(row).toContainText('Queued');
    for (const status of ['building', 'ready']) run(report('PATCH', `/deployments/${made?.id ?? ''}`, { status }));
    await page.reload();
    await expect(row).toContainText('Ready');
    await look(page);
    await row.getByRole('link').click();
    await expect(page.getByRole('heading', { name: 'Hello from curl', level: 1 })).toBeVisible();
    await expect(page.getByText('From my terminal')).toBeVisible();
  });

  await test.step('stores an artifact and takes it away', async () => {
    await page.getByLabel('File').setInputFiles({ name: 'größe 1.txt', mimeType: 'text/plain', buffer: Buffer.from('bytes') });
    await page.getByRole('button', { name: 'Store' }).click();
    await expect(page.getByText('Artifact stored.')).toBeVisible();
    await expect(page.getByText('5 B · text/plain')).toBeVisible();
    await look(page);
    const link = await page.getByRole('link', { name: 'Download' }).getAttribute('href');
    const file = await page.request.get(link ?? '');
    expect(await file.text()).toBe('bytes');
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('Artifact deleted.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Download' })).toHaveCount(0);
  });

  await test.step('deploys by hand', async () => {
    await visit(page, `${project}/deployments/new`);
    await look(page);
    await page.getByRole('textbox', { name: /^Message/ }).fill('By hand');
    await page.getByRole('button', { name: 'Create deployment' }).click();
    await arrive(page, new RegExp(`${project}/deployments/dpl_`));
    await page.getByRole('button', { name: 'Start building' }).click();
    await expect(page.getByText('Deployment saved.')).toBeVisible();
    await page.getByRole('button', { name: 'Mark as failed' }).click();
    await expect(page.getByText('Failed', { exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Mark as ready' })).toHaveCount(0);
  });

  await test.step('reaches a limit and is told what the next plan gives', async () => {
    await visit(page, `${project}/settings`);
    await page.getByRole('textbox', { name: 'New environment' }).fill('preview');
    await page.getByRole('button', { name: 'Create environment' }).click();
    await expect(page.getByText('Environment created.')).toBeVisible();
    await expect(page.getByText(/^2 of 2 environments per project of the Free plan are in use/)).toBeVisible();
    await expect(page.getByText(/The Starter plan includes 5\./)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Create environment' })).toHaveCount(0);
    await look(page);
    await visit(page, `/app/${org}/usage`);
    await expect(page.getByRole('link', { name: 'Starter gives you 5' }).first()).toBeVisible();
    await look(page);
  });

  await test.step('revokes the key', async () => {
    await visit(page, `/app/${org}/settings/api-keys`);
    await page.getByRole('button', { name: 'Revoke From my terminal' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
    await expect(page.getByText("API key revoked. It can't be used any more.")).toBeVisible();
    expect(() => run(report('PATCH', `/deployments/${made?.id ?? ''}`, { message: 'x' }))).toThrow();
  });
});

test('a key is rotated, and both are good for a while', everywhere, async ({ page }) => {
  const org = await freshOrganization(page);
  await visit(page, `/app/${org}/settings/api-keys`);
  await page.getByRole('textbox', { name: 'Name' }).fill('CI');
  await page.getByRole('button', { name: 'Create key' }).click();
  await page.getByRole('link', { name: 'I’ve saved it' }).click();
  await page.getByRole('button', { name: 'Rotate CI' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate CI' });
  await dialog.getByLabel('The old key ends').selectOption('In an hour');
  await look(page);
  await dialog.getByRole('button', { name: 'Make the new key' }).click();
  await expect(page.getByRole('heading', { name: '“CI” is ready' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Keys 2' })).toBeVisible();
  await expect(page.getByText('within an hour')).toBeVisible();
});

test('a form for a key says what is missing', everywhere, async ({ page, faults }) => {
  faults.allowStatus(422);
  const org = await freshOrganization(page);
  await visit(page, `/app/${org}/settings/api-keys`);
  for (const scope of ['read', 'deploy']) await page.getByRole('checkbox', { name: new RegExp(`^${scope}`) }).uncheck();
  await page.getByRole('textbox', { name: 'Name' }).fill('CI');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Choose at least one.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('CI');
  await look(page);
});
