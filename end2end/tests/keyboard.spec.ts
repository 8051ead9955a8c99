import type { Page } from '@playwright/test';

import { arrive, expect, signIn, test, visit } from '../fixtures';

const palette = (page: Page) => page.getByRole('dialog', { name: 'Command palette' });
const chosen = (page: Page) => palette(page).getByRole('option', { selected: true });

test.beforeEach(({ page }) => signIn(page, 'owner@demo.test'));

for (const modifier of ['Control', 'Meta']) {
  test(`${modifier}+K opens the palette, which goes anywhere`, async ({ page }) => {
    await page.keyboard.press(`${modifier}+k`);
    const input = palette(page).getByRole('combobox', { name: 'Search or jump to' });
    await expect(input).toBeFocused();
    await expect(chosen(page)).toHaveCount(1);
    await expect(chosen(page)).toHaveAccessibleName(/Overview/);
    await page.keyboard.type('general');
    await expect(chosen(page)).toHaveAccessibleName(/General/);
    await page.keyboard.press('Enter');
    await arrive(page, '/app/demo/settings');
  });
}

test('arrows move through the palette, round and round', async ({ page }) => {
  await page.keyboard.press('Control+k');
  const input = palette(page).getByRole('combobox');
  const options = palette(page).getByRole('option');
  const last = (await options.count()) - 1;
  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(input).toHaveAttribute('aria-activedescendant', (await options.nth(1).getAttribute('id')) ?? '');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(options.nth(last)).toHaveAttribute('aria-selected', 'true');
  await expect(options.nth(last)).toBeInViewport();
  await expect(chosen(page)).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(chosen(page)).toHaveAccessibleName(/Projects/);
  await page.keyboard.press('Enter');
  await arrive(page, '/app/demo/projects');
});

test('the palette finds a project by its name', async ({ page }) => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('warehouse');
  await expect(chosen(page)).toHaveAccessibleName(/Warehouse sync/);
  await page.keyboard.press('Enter');
  await arrive(page, /\/app\/demo\/projects\/prj_/);
  await expect(page.getByRole('heading', { name: 'Warehouse sync', level: 1 })).toBeVisible();
});

test('the palette says when nothing matches, and closes by Escape', async ({ page }) => {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('no such thing at all');
  await expect(palette(page).getByText('Nothing matches. Try fewer words.')).toBeVisible();
  await expect(palette(page).getByRole('option')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(page).toHaveURL('/app/demo');
});

test('the button of the sidebar opens the palette, and a click runs a command', async ({ page }) => {
  await page.getByRole('button', { name: 'Search' }).click();
  await palette(page).getByRole('option', { name: /New organization/ }).click();
  await arrive(page, '/app/new');
});

test('? lists the shortcuts', async ({ page }) => {
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list).toBeVisible();
  await expect(list.getByRole('term').filter({ hasText: 'Projects' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(list).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await expect(page).toHaveURL('/app/demo');
});

test('two keys go to each part, one creates', async ({ page }) => {
  for (const [keys, path] of [
    ['gp', '/app/demo/projects'],
    ['ga', '/app/demo/activity'],
    ['gs', '/app/demo/settings'],
    ['gm', '/app/demo/settings/members'],
    ['gu', '/app/demo/usage'],
    ['gk', '/app/demo/settings/api-keys'],
    ['go', '/app/demo'],
    ['c', '/app/demo/projects/new'],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await arrive(page, path);
    await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  }
  await page.keyboard.press('g');
  await page.keyboard.press('y');
  await arrive(page, '/account');
});

test('/ goes to the filter, where keys are only typed', async ({ page }) => {
  await visit(page, '/app/demo/projects');
  const filter = page.getByRole('searchbox', { name: 'Search projects' });
  await page.keyboard.press('/');
  await expect(filter).toBeFocused();
  await expect(filter).toHaveValue('');
  await page.keyboard.type('gp?c/jk');
  await expect(filter).toHaveValue('gp?c/jk');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL('/app/demo/projects');
});

test('j and k move through the rows, Enter opens one', async ({ page }) => {
  await visit(page, '/app/demo/projects?q=se');
  const rows = page.getByRole('table', { name: 'Projects' }).getByRole('link');
  await expect(rows).toHaveCount(2);
  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('k');
  await expect(rows.nth(1)).toBeFocused();
  const name = (await rows.nth(1).textContent()) ?? '';
  await page.keyboard.press('Enter');
  await arrive(page, /\/projects\/prj_/);
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
});

test('a dialog holds the focus and gives it back', async ({ page }) => {
  await visit(page, '/app/demo/settings/danger');
  const opener = page.getByRole('button', { name: 'Delete organization…' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Delete organization' });
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(opener).toBeFocused();
});

test('the first stop of the tab key skips to the content', async ({ page }) => {
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to content' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});
