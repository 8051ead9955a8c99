import type { Page } from '@playwright/test';

import {
  DEMO_PASSWORD, arrive, createProject, expect, foundOrganization, freshOrganization, signIn, signUp, test, visit,
} from '../fixtures';
import { fillSignIn } from '../fixtures/people';

const everywhere = { tag: ['@phone', '@no-javascript'] };
const rows = (page: Page) => page.getByRole('table', { name: 'Projects' }).getByRole('link');

test('back and forward keep the search and the page of the list', everywhere, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/projects');
  const search = page.getByRole('searchbox', { name: 'Search projects' });
  await search.fill('parcel');
  await search.press('Enter');
  await arrive(page, '/app/demo/projects?q=parcel');
  await expect(page.getByText('30 projects')).toBeVisible();
  await expect(rows(page)).toHaveCount(25);

  await page.getByRole('link', { name: 'Older' }).click();
  await arrive(page, /\?q=parcel&after=prj_/);
  const second = page.url();
  await expect(rows(page)).toHaveText(['Parcel 05', 'Parcel 04', 'Parcel 03', 'Parcel 02', 'Parcel 01']);
  await expect(search).toHaveValue('parcel');

  await rows(page).filter({ hasText: 'Parcel 03' }).click();
  await arrive(page, /\/projects\/prj_[^/?]+$/);
  await expect(page.getByRole('heading', { name: 'Parcel 03', level: 1 })).toBeVisible();

  await page.goBack();
  await arrive(page, second);
  await expect(rows(page)).toHaveCount(5);
  await expect(search).toHaveValue('parcel');
  await page.goBack();
  await arrive(page, '/app/demo/projects?q=parcel');
  await expect(rows(page)).toHaveCount(25);
  await page.goForward();
  await arrive(page, second);
  await expect(rows(page)).toHaveCount(5);

  await page.getByRole('link', { name: 'Newer' }).click();
  await arrive(page, /\?q=parcel&before=prj_/);
  await expect(rows(page)).toHaveCount(25);
  await expect(rows(page).first()).toHaveText('Parcel 30');
});

test('a search is kept as it was typed, signs and all', everywhere, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/projects');
  const search = page.getByRole('searchbox', { name: 'Search projects' });
  const typed = '100%25 a+b & c="d" <ä>';
  await search.fill(typed);
  await search.press('Enter');
  await expect(page.getByText(`No project is called anything like “${typed}”.`)).toBeVisible();
  await expect(search).toHaveValue(typed);
});

test('the switcher leads from one organization to another', everywhere, async ({ page }) => {
  await signUp(page);
  const first = await foundOrganization(page, 'First works');
  const second = await foundOrganization(page, 'Second works');
  const switcher = page.getByRole('button', { name: /switch organization/ });
  if (!(await switcher.isVisible())) await page.getByRole('button', { name: 'Open navigation' }).click();
  await switcher.click();
  await expect(page.getByRole('link', { name: 'Second works', exact: true }).and(page.locator('[aria-current]'))).toBeVisible();
  await page.getByRole('link', { name: 'First works', exact: true }).click();
  await arrive(page, `/app/${first}`);
  await visit(page, '/app');
  await expect(page).toHaveURL(`/app/${first}`);
  await visit(page, '/app?choose');
  await page.getByRole('link', { name: /Second works/ }).click();
  await arrive(page, `/app/${second}`);
});

test('the old address of an organization leads to the new one', async ({ page, faults }) => {
  // Whether it is free is asked while one types, and may be answered once it is taken.
  faults.allowStatus(404);
  const old = await freshOrganization(page);
  const project = await createProject(page, old, 'Loom');
  await visit(page, `/app/${old}/settings`);
  await page.getByRole('textbox', { name: 'Address' }).fill(`${old}-moved`);
  await page.getByRole('button', { name: 'Change address' }).click();
  await arrive(page, `/app/${old}-moved/settings`);
  await visit(page, project);
  await expect(page).toHaveURL(project.replace(old, `${old}-moved`));
  await expect(page.getByRole('heading', { name: 'Loom', level: 1 })).toBeVisible();
});

test('a folded sidebar stays folded, without a flash', async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  const toggle = page.getByRole('button', { name: 'Toggle sidebar' });
  const width = async () => (await sidebar.boundingBox())?.width ?? 0;
  expect(await width()).toBe(240);
  await toggle.click();
  await expect.poll(width).toBe(56);
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');

  const html = await (await page.request.get('/app/demo/projects')).text();
  expect(/<html[^>]*>/i.exec(html)?.[0]).toContain('data-sidebar="collapsed"');
  await sidebar.getByRole('link', { name: /Projects/ }).first().click();
  await arrive(page, '/app/demo/projects');
  expect(await width()).toBe(56);
  await expect(toggle).toHaveAttribute('aria-pressed', 'true');

  await toggle.click();
  await expect.poll(width).toBe(240);
  await page.reload();
  await expect(toggle).toHaveAttribute('aria-pressed', 'false');
  expect(await width()).toBe(240);
});

test.describe('on a phone', { tag: ['@phone', '@not-desktop'] }, () => {
  test('the drawer opens and closes', async ({ page }) => {
    await signIn(page, 'owner@demo.test');
    const drawer = page.getByRole('complementary', { name: 'Sidebar' });
    const open = page.getByRole('button', { name: 'Open navigation' });
    await expect(drawer).toBeHidden();
    await open.tap();
    await expect(drawer).toBeInViewport();
    await page.touchscreen.tap(375, 500);
    await expect(drawer).toBeHidden();
    await open.tap();
    await page.keyboard.press('Escape');
    await expect(drawer).toBeHidden();
    await open.tap();
    await drawer.getByRole('button', { name: 'Search' }).tap();
    await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
    await page.keyboard.press('Escape');
    await open.tap();
    await drawer.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Projects/ }).tap();
    await arrive(page, '/app/demo/projects');
    await expect(drawer).toBeHidden();
  });

  test('the bottom bar leads to each part', async ({ page }) => {
    await signIn(page, 'owner@demo.test');
    const bar = page.getByRole('navigation', { name: 'Quick navigation' });
    await expect(bar).toBeInViewport();
    for (const [name, path] of [
      ['Projects', '/app/demo/projects'],
      ['Activity', '/app/demo/activity'],
      ['Members', '/app/demo/settings/members'],
      ['Overview', '/app/demo'],
    ] as const) {
      await bar.getByRole('link', { name }).tap();
      await arrive(page, path);
      await expect(bar.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    }
  });

  test('for those who see less, it leads to their account', async ({ page }) => {
    await signIn(page, 'viewer@demo.test');
    const bar = page.getByRole('navigation', { name: 'Quick navigation' });
    await expect(bar.getByRole('link', { name: 'Activity' })).toHaveCount(0);
    await bar.getByRole('link', { name: 'Account' }).tap();
    await arrive(page, '/account');
  });

  test('what is tapped is large enough', async ({ page }) => {
    await signIn(page, 'owner@demo.test', '/app/demo/projects/new');
    for (const control of [
      page.getByRole('button', { name: 'Open navigation' }),
      page.getByRole('textbox', { name: 'Name' }),
      page.getByRole('button', { name: 'Create project' }),
    ]) {
      expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
  });
});

test('a deep link leads through sign-in and back, with its query', everywhere, async ({ page }) => {
  const deep = '/app/demo/projects?q=a%26b+c%C3%A4&x=1';
  await visit(page, deep);
  await expect(page).toHaveURL(`/auth/signin?callbackUrl=${encodeURIComponent(deep).replaceAll('%2F', '/')}`);
  await fillSignIn(page, 'owner@demo.test', DEMO_PASSWORD);
  await arrive(page, deep);
  await expect(page.getByRole('searchbox', { name: 'Search projects' })).toHaveValue('a&b cä');
});

test('sign-in never leads off the site', async ({ page }) => {
  await visit(page, '/auth/signin?callbackUrl=//evil.example/');
  await fillSignIn(page, 'owner@demo.test', DEMO_PASSWORD);
  await arrive(page, /^http:\/\/127\.0\.0\.1:\d+\/app/);
});

test("another's organization looks as if it did not exist", everywhere, async ({ page, faults }) => {
  faults.allowStatus(404);
  await signIn(page, 'owner@demo.test');
  for (const path of ['/app/rival', '/app/rival/projects', '/app/rival/settings', '/app/no-such-organization', '/nowhere']) {
    expect(await visit(page, path), path).toBe(404);
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    await expect(page.getByText(/Request id [0-9a-f]{8}-[0-9a-f-]{27}/)).toBeVisible();
  }
  await page.getByRole('link', { name: 'Go to your organizations' }).click();
  await arrive(page, '/app/demo');
});

test('a viewer is shown no way to change anything, and is refused', everywhere, async ({ page, faults }) => {
  faults.allowStatus(403);
  await signIn(page, 'viewer@demo.test', '/app/demo/projects');
  await expect(page.getByRole('link', { name: 'New project' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Parcel 30' }).click();
  await expect(page.getByRole('heading', { name: 'Parcel 30', level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Settings', exact: true })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Deploy', exact: true })).toHaveCount(0);
  const settings = `${new URL(page.url()).pathname}/settings`;
  for (const path of [settings, '/app/demo/projects/new', '/app/demo/settings/api-keys', '/app/demo/activity', '/app/demo/settings']) {
    expect(await visit(page, path), path).toBe(403);
    await expect(page.getByRole('heading', { name: "You can't see this page" })).toBeVisible();
    await expect(page.getByText(/Request id/)).toBeVisible();
  }
});

test('after signing out, going back shows nothing', everywhere, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/projects');
  await page.context().clearCookies({ name: 'atrium_session' });
  await visit(page, '/auth/signin');
  await page.goBack();
  await expect(page).toHaveURL(/\/auth\/signin\?callbackUrl=\/app\/demo\/projects/);
});
