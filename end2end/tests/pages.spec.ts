import type { Page } from '@playwright/test';

import { createProject, expect, freshOrganization, inspect, signIn, signUp, test, visit } from '../fixtures';

const sizes = { tag: ['@phone'] };

async function openDrawer(page: Page): Promise<void> {
  const sidebar = page.getByRole('complementary', { name: 'Sidebar' });
  if (!(await sidebar.isVisible())) await page.getByRole('button', { name: 'Open navigation' }).click();
}

for (const path of [
  '/',
  '/pricing',
  '/auth/signin',
  '/auth/signup',
  '/auth/check-mail',
  '/auth/verify?token=unknown',
  '/auth/forgot',
  '/auth/reset?token=unknown',
  '/account/email?token=unknown',
  '/api/docs',
  '/_dev/gallery',
  '/_dev/gallery?drawer',
]) {
  test(`signed out, ${path}`, sizes, async ({ page }) => {
    expect(await visit(page, path)).toBe(200);
    await inspect(page);
  });
}

for (const path of [
  '/account',
  '/app?choose',
  '/app/new',
  '/app/demo',
  '/app/demo/projects',
  '/app/demo/projects?q=parcel',
  '/app/demo/projects?q=nothing+is+called+that',
  '/app/demo/projects/new',
  '/app/demo/activity',
  '/app/demo/activity?action=project.created&entity=project&from=2026-01-01',
  '/app/demo/activity?action=nothing.like.that',
  '/app/demo/settings',
  '/app/demo/settings/members',
  '/app/demo/settings/billing',
  '/app/demo/settings/danger',
  '/app/demo/settings/api-keys',
  '/app/demo/usage',
  '/app/demo/reactivate',
]) {
  test(`signed in, ${path}`, sizes, async ({ page }) => {
    await signIn(page, 'owner@demo.test', path);
    await inspect(page);
  });
}

test('a project', sizes, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/projects?q=storefront');
  await page.getByRole('link', { name: 'Storefront' }).click();
  await expect(page.getByRole('heading', { name: 'Storefront', level: 1 })).toBeVisible();
  await inspect(page);
  const project = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'Clearer errors at checkout' }).first().click();
  await expect(page.getByRole('heading', { name: 'Clearer errors at checkout', level: 1 })).toBeVisible();
  await inspect(page);
  await visit(page, `${project}?q=nothing+is+called+that`);
  await expect(page.getByRole('heading', { name: 'Nothing found' })).toBeVisible();
  await inspect(page);
  await visit(page, `${project}/settings`);
  await inspect(page);
  await page.getByRole('button', { name: 'Delete project…' }).click();
  await expect(page.getByRole('dialog', { name: 'Delete project' })).toBeVisible();
  await inspect(page);
});

test('as a viewer sees them', sizes, async ({ page }) => {
  await signIn(page, 'viewer@demo.test');
  await inspect(page);
  await page.getByRole('link', { name: 'Parcel 30' }).click();
  await expect(page.getByRole('heading', { name: 'Parcel 30', level: 1 })).toBeVisible();
  await inspect(page);
});

test('errors', sizes, async ({ page, faults }) => {
  faults.allowStatus(404);
  faults.allowStatus(403);
  await visit(page, '/nowhere');
  await inspect(page);
  await signIn(page, 'viewer@demo.test');
  await visit(page, '/app/rival');
  await inspect(page);
  await visit(page, '/app/demo/settings');
  await inspect(page);
});

test('a new organization, empty and full', sizes, async ({ page }) => {
  const org = await freshOrganization(page);
  await expect(page.getByText('Organization created.')).toBeVisible();
  await inspect(page);
  await visit(page, `/app/${org}/projects`);
  await expect(page.getByRole('heading', { name: 'No projects yet' })).toBeVisible();
  await inspect(page);
  await createProject(page, org, 'A'.repeat(64), 'long'.repeat(125));
  await inspect(page);
  await createProject(page, org, 'Second');
  await visit(page, `/app/${org}/projects`);
  await inspect(page);
  await visit(page, `/app/${org}/projects/new`);
  await expect(page.getByText(/^2 of 2 projects of the Free plan are in use/)).toBeVisible();
  await inspect(page);
});

test('a person without an organization', sizes, async ({ page }) => {
  await signUp(page);
  await inspect(page);
  await visit(page, '/app?choose');
  await inspect(page);
});

test('forms that were refused', sizes, async ({ page, faults }) => {
  faults.allowStatus(422);
  await visit(page, '/auth/signup');
  await page.getByLabel('Name', { exact: true }).fill(' ');
  await page.getByLabel('E-mail', { exact: true }).fill('ada@localhost');
  await page.getByLabel('Password', { exact: true }).fill('a long password');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Fill this in.')).toBeVisible();
  await inspect(page);
  await visit(page, '/auth/signin');
  await page.getByLabel('E-mail', { exact: true }).fill('nobody@people.test');
  await page.getByLabel('Password', { exact: true }).fill('a long password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await inspect(page);
});

test('palette and shortcuts', sizes, async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  await inspect(page);
  await page.keyboard.type('storefront');
  await expect(page.getByRole('option', { name: /Storefront/ })).toBeVisible();
  await inspect(page);
  await page.getByRole('combobox').fill('nothing is called that');
  await expect(page.getByText('Nothing matches. Try fewer words.')).toBeVisible();
  await inspect(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeHidden();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await inspect(page);
});

test('menus, the drawer and the folded sidebar', sizes, async ({ page }) => {
  await signIn(page, 'owner@demo.test');
  await openDrawer(page);
  await page.getByRole('button', { name: /switch organization/ }).click();
  await expect(page.getByRole('link', { name: 'Create organization' })).toBeInViewport();
  await inspect(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Create organization' })).toBeHidden();
  await openDrawer(page);
  await page.getByRole('button', { name: /account menu/ }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeInViewport();
  await inspect(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden();
  const toggle = page.getByRole('button', { name: 'Toggle sidebar' });
  if (await toggle.isVisible()) {
    await toggle.click();
    await inspect(page);
  }
});

test('the dialogs of the danger zone', sizes, async ({ page }) => {
  for (const name of ['Leave organization', 'Transfer ownership', 'Delete organization']) {
    await signIn(page, 'owner@demo.test', '/app/demo/settings/danger');
    await page.getByRole('button', { name: `${name}…` }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await inspect(page);
  }
});

test('an entry of the activity, looked at closely', sizes, async ({ page }) => {
  await signIn(page, 'owner@demo.test', '/app/demo/activity?action=project.updated');
  await page.getByRole('table', { name: /Activity/ }).getByRole('link').first().click();
  await expect(page.getByRole('dialog', { name: /changed the project/ })).toBeVisible();
  await inspect(page);
});

test('the activity of a plan without a log', sizes, async ({ page }) => {
  const org = await freshOrganization(page);
  await visit(page, `/app/${org}/activity`);
  await expect(page.getByRole('heading', { name: 'The audit log comes with Starter' })).toBeVisible();
  await inspect(page);
  await visit(page, `/app/${org}/settings/members`);
  await expect(page.getByText(/^1 of 1 members of the Free plan are in use/)).toBeVisible();
  await inspect(page);
});
