import type { Page } from '@playwright/test';

import { expect, signIn, test, visit } from '../fixtures';

const root = (page: Page) => page.locator('html');
const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

/** The `<html>` tag as the server writes it for this browser. */
async function servedRoot(page: Page, path: string): Promise<string> {
  const html = await (await page.request.get(path)).text();
  return /<html[^>]*>/i.exec(html)?.[0] ?? '';
}

/** Notes the theme of each frame that is drawn until the page has loaded. */
async function watchFrames(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const frames: string[] = [];
    const note = () => {
      if (document.body) frames.push(`${document.documentElement.dataset.theme} ${getComputedStyle(document.documentElement).backgroundColor}`);
      document.documentElement.setAttribute('data-frames', [...new Set(frames)].join(','));
      if (!document.documentElement.dataset.hydrated || frames.length < 3) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
}

test('a theme takes effect at once and stays, without a flash', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await signIn(page, 'owner@demo.test', '/account');
  const light = await background(page);

  await page.getByRole('radio', { name: 'Dark' }).check();
  await expect(root(page)).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => background(page)).not.toBe(light);

  expect(await servedRoot(page, '/account')).toContain('data-theme="dark"');
  expect(await servedRoot(page, '/app/demo')).toContain('data-theme="dark"');

  await watchFrames(page);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(root(page)).toHaveAttribute('data-hydrated', 'true');
  const dark = await background(page);
  expect(dark).not.toBe(light);
  await expect(root(page)).toHaveAttribute('data-frames', `dark ${dark}`);

  await page.getByRole('radio', { name: 'Light' }).check();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(root(page)).toHaveAttribute('data-theme', 'light');
  await expect.poll(() => background(page)).toBe(light);
});

test('system follows the device', async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/account');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: 'System' }).check();
  await expect(root(page)).not.toHaveAttribute('data-theme', /./);
  expect(await servedRoot(page, '/account')).not.toContain('data-theme');
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background(page)).not.toBe(light);
});

test('the palette switches the theme, too', async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('dark theme');
  await expect(page.getByRole('option', { name: /Dark theme/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(root(page)).toHaveAttribute('data-theme', 'dark');
  await visit(page, '/account');
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
});

test('works by its button without a script', { tag: ['@no-javascript', '@not-desktop'] }, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/account');
  for (const theme of ['Dark', 'Light'] as const) {
    await page.getByRole('radio', { name: theme }).check();
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(root(page)).toHaveAttribute('data-theme', theme.toLowerCase());
    await expect(page).toHaveURL('/account');
    await expect(page.getByRole('radio', { name: theme })).toBeChecked();
  }
  await page.getByRole('radio', { name: 'System' }).check();
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(root(page)).not.toHaveAttribute('data-theme', /./);
});
