import { readFileSync } from 'node:fs';

import { arrive, expect, signIn, test } from '../fixtures';

const everywhere = { tag: ['@phone', '@no-javascript'] };

test('the log is filtered, looked at and left again', everywhere, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/activity');
  await page.getByRole('combobox', { name: 'Who' }).selectOption({ label: 'Priya Shah' });
  await page.getByRole('combobox', { name: 'Action' }).selectOption('project.created');
  await page.getByRole('button', { name: 'Apply' }).click();
  await arrive(page, /\/app\/demo\/activity\?actor=usr_[0-9a-z]+&action=project.created/);
  const table = page.getByRole('table', { name: /Activity/ });
  const entries = table.getByRole('link');
  expect(await entries.count()).toBeGreaterThan(2);
  for (const entry of await entries.all()) await expect(entry).toHaveText(/^Priya Shah created the project “/);

  await entries.first().click();
  const drawer = page.getByRole('dialog', { name: /^Priya Shah created the project/ });
  await expect(drawer.getByText('project.created').first()).toBeVisible();
  await drawer.getByRole('link', { name: 'Close' }).click();
  await expect(drawer).toHaveCount(0);
  await expect(page).toHaveURL(/actor=usr_.*action=project.created$/);

  await page.getByRole('link', { name: 'Remove the filter action project.created' }).click();
  await expect(table.getByText(/changed the project/).first()).toBeVisible();
  await page.getByRole('link', { name: 'Clear all' }).click();
  await arrive(page, /\/activity\?$/);
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page).toHaveURL(/after=\d+/);
});

test('Escape closes what is looked at', async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/activity');
  await page.getByRole('table', { name: /Activity/ }).getByRole('link').first().click();
  await arrive(page, /event=aud_/);
  await page.keyboard.press('Escape');
  await arrive(page, /\/activity\?$/);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('what is shown can be had as a file', everywhere, async ({ page }) => {
  await signIn(page, 'admin@demo.test', '/app/demo/activity?action=member.invited');
  for (const [name, ending, lines] of [
    ['CSV, for spreadsheets', 'csv', 4],
    ['JSON lines, for programs', 'jsonl', 3],
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`demo-audit.${ending}`);
    const text = readFileSync(await file.path(), 'utf8').trimEnd();
    expect(text.split('\n').filter((line) => line.includes('member.invited') || line.startsWith('id,'))).toHaveLength(lines);
    await page.keyboard.press('Escape');
  }
});
